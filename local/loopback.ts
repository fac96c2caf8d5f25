import { Server } from "node:net";

/**
 * Makes every server that is started meanwhile listen on this machine only: fauxqs says 0.0.0.0 and
 * has no setting for it, and a neighbour on the network could queue what no token has let in.
 */
export async function onLoopback<Result>(start: () => Promise<Result>): Promise<Result> {
	const { listen } = Server.prototype;
	Server.prototype.listen = new Proxy(listen, {
		apply: (target, server, [first, ...rest]: unknown[]) =>
			Reflect.apply(target, server, [
				typeof first === "object" ? { ...first, host: "127.0.0.1" } : first,
				...rest,
			]),
	});
	try {
		return await start();
	} finally {
		Server.prototype.listen = listen;
	}
}
