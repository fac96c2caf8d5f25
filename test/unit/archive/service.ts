import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { listenOn } from "../../../local/port.ts";

/** What a service of AWS is asked. */
export interface Call {
	readonly action: string;
	readonly input: Readonly<Record<string, unknown>>;
}

/** Stands for every service of AWS that is asked here; all of them speak JSON. */
export interface Service {
	/** How often each action was called. */
	readonly counts: Map<string, number>;
	/** How many connections are open. */
	connections(): Promise<number>;
	stop(): Promise<void>;
}

/**
 * Starts one, for the SDK clients of this process.
 *
 * @param answer to a call; undefined is no answer at all.
 */
export async function startService(answer: (call: Call) => object | undefined): Promise<Service> {
	const counts = new Map<string, number>();
	const server = createServer(async (request, response) => {
		const action = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
		counts.set(action, (counts.get(action) ?? 0) + 1);
		const found = answer({ action, input: JSON.parse(await text(request)) });
		if (found === undefined) return;
		response.writeHead(refusals.get(found) ?? 200);
		if (stalled.has(found)) response.write("{");
		else response.end(JSON.stringify(found));
	});
	const stop = await listenOn(server, 0);
	Object.assign(process.env, {
		...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" },
		AWS_ENDPOINT_URL: `http://127.0.0.1:${Object(server.address()).port}`,
	});
	return {
		counts,
		stop,
		connections: promisify(server.getConnections.bind(server)),
	};
}

/** Answers that are errors of a service, and their status. */
const refusals = new WeakMap<object, number>();

/** @returns an error of a service as an answer, "no"; the SDK tries again what has a status of 500. */
export function refusal(name: string, status = 400): object {
	const error = { __type: name, message: "no" };
	refusals.set(error, status);
	return error;
}

const stalled = new WeakSet<object>();

/** @returns an answer that begins, and never ends. */
export function stall(): object {
	const answer = {};
	stalled.add(answer);
	return answer;
}

/** @returns what SQS answers when it has taken the message of a call; the SDK checks the digest. */
export function sentAnswer({ input: { MessageBody } }: Call): object {
	const MD5OfMessageBody = createHash("md5").update(String(MessageBody)).digest("hex");
	return { MessageId: "m-1", MD5OfMessageBody };
}
