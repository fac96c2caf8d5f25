import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import getPort from "get-port";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { environmentWithoutAws } from "../../local/environment.ts";
import { type Functions, invocationUrl, startFunctions } from "../../local/functions.ts";
import { MAX_PAYLOAD_BYTES, startGateway } from "../../local/gateway.ts";

const FAILING = fileURLToPath(new URL("failing", import.meta.url));

let directory: string;
let lambdaPort: number;
let functions: Functions;

beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "gateway-"));
	lambdaPort = await getPort({ host: "127.0.0.1" });
	functions = await startFunctions({
		directory: FAILING,
		lambdaPort,
		logFile: join(directory, "functions.log"),
		environment: environmentWithoutAws(),
	});
});

afterAll(async () => {
	await functions?.stop();
	await rm(directory, { recursive: true, force: true });
});

interface Answer {
	readonly status: number;
	readonly type: string | null;
	readonly body: string;
}

/** Sends a request to a gateway in front of a function. */
async function call(
	functionUrl: string,
	path = "/message",
	init: RequestInit = {},
): Promise<Answer> {
	const port = await getPort({ host: "127.0.0.1" });
	const gateway = await startGateway({ port, functionUrl });
	try {
		const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", ...init });
		const body = await response.text();
		return { status: response.status, type: response.headers.get("content-type"), body };
	} finally {
		await gateway.stop();
	}
}

/** A Lambda endpoint that does what it is told. */
async function startLambda(listener: RequestListener) {
	const server = createServer(listener);
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("no port");
	return {
		url: `http://127.0.0.1:${address.port}/`,
		async stop() {
			server.close();
			server.closeAllConnections();
			await once(server, "close");
		},
	};
}

const failure = (status: number, message: string): Answer => ({
	status,
	type: "application/json",
	body: `{"message":"${message}"}`,
});

test.each([
	["throws", "an exception"],
	["hangs", "a time-out"],
	["dies", "the end of its process"],
	["forgets", "no result"],
	["mumbles", "a result that is no response"],
	["is not there", "a function that is missing"],
])("%s: %s is an Internal Server Error", async (name) => {
	const url = invocationUrl(lambdaPort, encodeURIComponent(name));
	expect(await call(url, "/message", { body: "{}" })).toEqual(
		failure(500, "Internal Server Error"),
	);
});

test("the function gets the request as it was sent", async () => {
	const { status, body } = await call(
		invocationUrl(lambdaPort, "echoes"),
		"/room//joined/?a=%20&a=2",
		{
			method: "PUT",
			headers: { "content-type": "application/json", cookie: "one=1; two=2" },
			body: Buffer.from([0x7b, 0xff, 0xc0, 0x7d]),
		},
	);
	expect(status).toBe(200);
	const event = JSON.parse(body);
	expect(event).toMatchObject({
		rawPath: "/room//joined/",
		rawQueryString: "a=%20&a=2",
		cookies: ["one=1", "two=2"],
		headers: { "content-type": "application/json", "content-length": "4" },
		requestContext: { http: { method: "PUT" } },
		body: "e//AfQ==",
		isBase64Encoded: true,
	});
	expect(Math.abs(Date.now() - event.requestContext.timeEpoch)).toBeLessThan(60_000);
});

test("110 MB of log end nothing, and are all in the file", async () => {
	const said = await call(invocationUrl(lambdaPort, "shouts"));
	expect(said).toMatchObject({ status: 200, body: "said" });
	const written = async () => (await stat(join(directory, "functions.log"))).size > 110_000_000;
	await vi.waitUntil(written, { timeout: 30_000, interval: 100 });
	expect((await call(invocationUrl(lambdaPort, "echoes"))).status).toBe(200);
});

test("a body of 10 MB is more than Lambda takes, a larger one more than the gateway takes", async () => {
	const url = invocationUrl(lambdaPort, "echoes");
	for (const bytes of [MAX_PAYLOAD_BYTES, MAX_PAYLOAD_BYTES + 1]) {
		expect(await call(url, "/message", { body: "x".repeat(bytes) })).toEqual(
			failure(413, "Request Entity Too Large"),
		);
	}
});

test("a body over the limit does not reach the function, also when its length is not told", async () => {
	let invocations = 0;
	const lambda = await startLambda((incoming, outgoing) => {
		invocations++;
		incoming.resume().on("end", () => outgoing.end('{"statusCode":200}'));
	});
	const chunked = (bytes: number): RequestInit => ({
		body: new Blob(["x".repeat(bytes)]).stream(),
		duplex: "half",
	});
	expect((await call(lambda.url, "/", chunked(MAX_PAYLOAD_BYTES))).status).toBe(200);
	expect((await call(lambda.url, "/", chunked(MAX_PAYLOAD_BYTES + 1))).status).toBe(413);
	expect(invocations).toBe(1);
	await lambda.stop();
});

test("functions that break off, or are not there, make the service unavailable", async () => {
	const lambda = await startLambda((_, outgoing) => {
		outgoing.writeHead(200).write('{"statusCode":200');
		outgoing.destroy();
	});
	expect(await call(lambda.url)).toEqual(failure(503, "Service Unavailable"));
	await lambda.stop();
	expect(await call(lambda.url)).toEqual(failure(503, "Service Unavailable"));
});
