import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** The side of Lambda that a function's runtime talks to, for one invocation of one process. */
export interface RuntimeApi {
	/** For the variable AWS_LAMBDA_RUNTIME_API. */
	readonly address: string;
	/** The function's result; rejects with what the runtime reports when there is none. */
	readonly result: Promise<string>;
	/** When it asked for an event, got it, and gave its result; milliseconds of `performance.now()`. */
	readonly times: { asked: number; got: number; gave: number };
	stop(): Promise<void>;
}

/**
 * @param beforeEvent is waited for when the runtime has asked for its event.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi(
	event: string,
	beforeEvent: () => Promise<void> = async () => undefined,
): Promise<RuntimeApi> {
	const { promise: result, resolve, reject } = Promise.withResolvers<string>();
	let isTaken = false;
	const times = { asked: 0, got: 0, gave: 0 };
	const server = createServer(async (request, response) => {
		const { url = "" } = request;
		if (url.endsWith("/invocation/next")) {
			// After its answer the runtime asks for more, and waits until it is killed.
			if (isTaken) return;
			isTaken = true;
			times.asked = performance.now();
			await beforeEvent();
			const headers = {
				"lambda-runtime-aws-request-id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
				"lambda-runtime-deadline-ms": String(Date.now() + 6_000),
				"lambda-runtime-invoked-function-arn": "receive",
			};
			times.got = performance.now();
			response.writeHead(200, { "content-type": "application/json", ...headers }).end(event);
			return;
		}
		const body = await text(request);
		times.gave = performance.now();
		response.writeHead(202).end();
		if (url.endsWith("/response")) resolve(body);
		else reject(new Error(body));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("no port");
	return {
		address: `127.0.0.1:${address.port}`,
		result,
		times,
		async stop() {
			server.close();
			server.closeAllConnections();
			await once(server, "close");
		},
	};
}
