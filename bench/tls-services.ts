import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createSilentServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import type { Certificates } from "../test/certificates.ts";

/** What answers as SQS and DynamoDB do, at once, over TLS. */
export interface TlsServices {
	readonly endpoint: string;
	stop(): Promise<void>;
}

/** What a service does with a request, or with whoever connects. */
export const BEHAVIOURS = ["answers", "refuses", "hangs", "is silent"] as const;
export type Behaviour = (typeof BEHAVIOURS)[number];

/** Starts one for `localhost`. */
export async function startTlsServices(
	{ key, cert }: Certificates,
	behaviour: Behaviour,
): Promise<TlsServices> {
	const sockets = new Set<Socket>();
	const server =
		behaviour === "is silent"
			? createSilentServer()
			: createServer({ key, cert, keepAliveTimeout: 60_000 }, async (request, response) => {
					const input = JSON.parse(await text(request));
					if (behaviour === "hangs") return;
					response.setHeader("content-type", "application/x-amz-json-1.0");
					if (behaviour === "refuses") response.writeHead(500).end('{"__type":"InternalFailure"}');
					else response.end(JSON.stringify(answerOf(input)));
				});
	server.on("connection", (socket: Socket) => sockets.add(socket));
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	return {
		endpoint: `https://localhost:${port}`,
		async stop() {
			for (const socket of sockets) socket.destroy();
			server.close();
			await once(server, "close");
		},
	};
}

function answerOf({ MessageBody }: { readonly MessageBody?: string }): object {
	// DynamoDB's put answers nothing, and a query that finds nothing the same.
	if (MessageBody === undefined) return { Items: [], Count: 0 };
	const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
	return { MessageId: "m", MD5OfMessageBody };
}
