import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { SeenRequest } from "../console/stage.ts";
import { type Answer, answerOf, eventOf, failures } from "./gateway-payload.ts";
import { listenOn } from "./port.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const MAX_PAYLOAD_BYTES = 10 * 1024 * 1024;
const MAX_INTEGRATION_MS = 30_000;

/** The running HTTP API. */
export interface Gateway {
	stop(): Promise<void>;
}

/**
 * Stands in for API Gateway's HTTP API: hands every request to one function, and its answer back.
 * serverless-offline has such a server too, but it decodes bodies that are no UTF-8, and answers
 * 200 when the function fails: what is lost would be acknowledged.
 *
 * @param options.port where it listens, on this machine only.
 * @param options.functionUrl where Lambda takes invocations of the function.
 * @param options.onRequest is told of each request that was answered.
 * @param options.isAway whether nobody is called, and every request is turned away.
 * @throws when the port is taken.
 */
export async function startGateway(options: {
	readonly port: number;
	readonly functionUrl: string;
	readonly onRequest?: (request: SeenRequest) => void;
	readonly isAway?: () => boolean;
}): Promise<Gateway> {
	const server = createServer((incoming, outgoing) => {
		answer(incoming, options).then(
			({ status, headers, body }) => outgoing.writeHead(status, headers).end(body),
			// The client has gone.
			() => outgoing.destroy(),
		);
	});
	return { stop: await listenOn(server, options.port) };
}

/** @throws when the client goes before its body is complete. */
async function answer(
	incoming: IncomingMessage,
	{ functionUrl, onRequest, isAway }: Omit<Parameters<typeof startGateway>[0], "port">,
): Promise<Answer> {
	const timeEpoch = Date.now();
	const id = randomUUID();
	const body = await readBody(incoming);
	const result = isAway?.()
		? failures.unavailable
		: body === undefined
			? failures.tooLarge
			: await invoke(functionUrl, eventOf(incoming, body, id, timeEpoch));
	const { method = "", url = "", headers } = incoming;
	onRequest?.({
		...{ id, at: new Date(timeEpoch).toISOString(), method, url, ...(body && { body }) },
		headers: Object.fromEntries(
			Object.entries(headers).map(([name, value]) => [name, String(value)]),
		),
		...{ status: result.status, answer: String(result.body), ms: Date.now() - timeEpoch },
	});
	return result;
}

async function invoke(functionUrl: string, event: object): Promise<Answer> {
	try {
		const invocation = await fetch(functionUrl, {
			method: "POST",
			body: JSON.stringify(event),
			signal: AbortSignal.timeout(MAX_INTEGRATION_MS),
		});
		return await answerOf(invocation);
	} catch {
		return failures.unavailable;
	}
}

/**
 * @returns undefined when it is too large. It is read to its end all the same, without keeping it:
 *   a client that is still sending would not see an answer.
 */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
	const chunks: AsyncIterable<Buffer> = incoming;
	const kept: Buffer[] = [];
	let length = 0;
	for await (const chunk of chunks) {
		length += chunk.length;
		if (length <= MAX_PAYLOAD_BYTES) kept.push(chunk);
	}
	return length <= MAX_PAYLOAD_BYTES ? Buffer.concat(kept) : undefined;
}
