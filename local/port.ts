import { once } from "node:events";
import type { Server } from "node:http";
import { connect, createServer } from "node:net";
import pRetry from "p-retry";
import { failure } from "../lib/words/failure.ts";

/** @throws Error in words for a person when something else listens there. */
export async function assertPortIsFree(port: number): Promise<void> {
	const server = createServer();
	server.listen(port, "127.0.0.1");
	try {
		await once(server, "listening");
	} catch {
		throw failure(({ local }) => local.portTaken(port));
	}
	server.close();
	await once(server, "close");
}

/**
 * Lets a server listen on this machine only.
 *
 * @param port any free one when 0.
 * @returns how to end it, together with its connections.
 * @throws when the port is taken.
 */
export async function listenOn(server: Server, port: number): Promise<() => Promise<void>> {
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	return async () => {
		server.close();
		server.closeAllConnections();
		await once(server, "close");
	};
}

/** Resolves when something listens on a port of this machine; gives up after some 20 s. */
export async function portIsOpen(port: number): Promise<void> {
	await pRetry(() => reach(port), { retries: 200, minTimeout: 100, factor: 1 });
}

/** @throws when nothing listens on a port of this machine. */
export async function reach(port: number): Promise<void> {
	const socket = connect(port, "127.0.0.1");
	await once(socket, "connect");
	socket.destroy();
}
