import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { listenOn } from "./port.ts";

/** What goes wrong with a call of SQS or DynamoDB. */
export type Fault =
	/** No answer, and nothing done. */
	| "hang"
	/** The connection is reset, and nothing done. */
	| "reset"
	/** HTTP 500, and nothing done. */
	| "refuse"
	/** The service's own "too many requests", and nothing done. */
	| "throttle"
	/** DynamoDB refuses the item for ever, and nothing done. */
	| "invalid"
	/** It is done, but the answer is lost: never comes. */
	| "acceptThenHang"
	/** It is done, but the answer is lost: the connection is reset. */
	| "acceptThenReset";

/** Chooses what goes wrong with a call, from its body; nothing when undefined. */
export type FaultChoice = (body: string) => Fault | undefined;

/** Stands in front of an emulator, and lets calls fail in the way that is wished. */
export interface FaultProxy {
	readonly endpoint: string;
	/** From now on; without an argument all goes well. */
	fail(choice?: Fault | FaultChoice): void;
	/** How many calls went wrong so far. */
	readonly failed: number;
	stop(): Promise<void>;
}

/** @param target the emulator's endpoint. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
	let choose: FaultChoice = () => undefined;
	let failed = 0;
	const server = createServer(async (incoming, outgoing) => {
		try {
			const body = await buffer(incoming);
			const fault = choose(body.toString("utf8"));
			if (fault === undefined) {
				await forward(target, incoming, body, outgoing);
				return;
			}
			if (fault.startsWith("accept")) await forward(target, incoming, body);
			failed++;
			answerWith(fault, outgoing);
		} catch {
			outgoing.destroy();
		}
	});
	const stop = await listenOn(server, 0);
	const { port } = server.address() as AddressInfo;
	return {
		endpoint: `http://127.0.0.1:${port}`,
		fail(choice) {
			choose = typeof choice === "function" ? choice : () => choice;
		},
		get failed() {
			return failed;
		},
		stop,
	};
}

/** @param outgoing gets the answer; without it the answer is only waited for. */
async function forward(
	target: string,
	incoming: IncomingMessage,
	body: Buffer,
	outgoing?: ServerResponse,
): Promise<void> {
	const { method, headers, url = "/" } = incoming;
	const call = request(new URL(url, target), { method, headers });
	call.end(body);
	const [answer]: IncomingMessage[] = await once(call, "response");
	if (answer === undefined) return;
	const content = await buffer(answer);
	outgoing?.writeHead(answer.statusCode ?? 500, answer.headers).end(content);
}

function answerWith(fault: Fault, outgoing: ServerResponse): void {
	switch (fault) {
		case "refuse":
			outgoing.writeHead(500).end("{}");
			break;
		case "throttle":
			outgoing
				.writeHead(400, { "content-type": "application/x-amz-json-1.0" })
				.end(JSON.stringify({ __type: "com.amazonaws#ThrottlingException", message: "slow down" }));
			break;
		case "invalid":
			outgoing
				.writeHead(400, { "content-type": "application/x-amz-json-1.0" })
				.end(JSON.stringify({ __type: "com.amazon.coral.validate#ValidationException" }));
			break;
		case "reset":
		case "acceptThenReset":
			outgoing.socket?.resetAndDestroy();
			break;
		default:
			// The caller gives up in its own time.
			break;
	}
}
