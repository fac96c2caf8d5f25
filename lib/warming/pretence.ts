import { type ClientRequestArgs, Agent as PlainAgent } from "node:http";
import { Agent } from "node:https";
import { Duplex } from "node:stream";
import type { Connection, Service } from "../storage/connection.ts";

/** A connection to nowhere. */
export interface Pretence {
	readonly connection: Connection;
	/** Whom the requests were meant for. */
	readonly asked: readonly Service[];
}

/**
 * A connection that answers every request itself, so that a client can be tried out without a network.
 * Whoever really sends must never be given one.
 *
 * @param answer the body of each answer, JSON.
 */
export function openPretence(answer: string): Pretence {
	const asked: Service[] = [];
	const prepared = <A extends PlainAgent>(agent: A, protocol: string): A => {
		agent.createConnection = ({ host, port }: ClientRequestArgs) => {
			asked.push({ protocol, hostname: host ?? "", port: String(port ?? "") });
			return answering(answer);
		};
		return agent;
	};
	return {
		asked,
		connection: {
			agents: {
				httpAgent: prepared(new PlainAgent(), "http:"),
				httpsAgent: prepared(new Agent(), "https:"),
			},
			open: async () => undefined,
			check: async () => undefined,
			drop: () => undefined,
		},
	};
}

function answering(answer: string): Duplex {
	const lines = [
		"HTTP/1.1 200 OK",
		"Connection: close",
		"Content-Type: application/x-amz-json-1.0",
		`Content-Length: ${Buffer.byteLength(answer)}`,
	];
	let isAnswered = false;
	return new Duplex({
		read() {},
		write(_chunk, _encoding, done) {
			if (!isAnswered) setImmediate(() => this.push(`${lines.join("\r\n")}\r\n\r\n${answer}`));
			isAnswered = true;
			done();
		},
	});
}
