import { createHash } from "node:crypto";
import { EventEmitter, once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { packEnvelope } from "../../lib/storage/envelope.ts";
import { envelopeOf, textMessage } from "../callbacks.ts";
import { makeCertificates } from "../certificates.ts";

// What the functions do before their first event, in the files that Lambda starts.

const dist = new URL("../../dist/", import.meta.url);

const server = { connections: 0, requests: [] as string[] };
const opened = new EventEmitter();
let environment: Record<string, string | undefined>;
let stop: () => Promise<void>;

beforeAll(async () => {
	const directory = await mkdtemp(join(tmpdir(), "warming-"));
	const certificates = await makeCertificates();
	const trusted = join(directory, "ca.pem");
	await writeFile(trusted, certificates.ca);
	const services = createServer(certificates, async (request, response) => {
		server.requests.push(String(request.headers["x-amz-target"]));
		const { MessageBody = "" } = JSON.parse(await text(request));
		const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
		response.setHeader("content-type", "application/x-amz-json-1.0");
		response.end(JSON.stringify(MessageBody === "" ? {} : { MessageId: "m", MD5OfMessageBody }));
	});
	services.on("connection", () => server.connections++);
	services.on("secureConnection", () => opened.emit("connection"));
	services.listen(0, "127.0.0.1");
	await once(services, "listening");
	const { port } = services.address() as AddressInfo;
	const endpoint = `https://localhost:${port}`;
	environment = {
		PATH: process.env.PATH,
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "a",
		AWS_SECRET_ACCESS_KEY: "b",
		AWS_ENDPOINT_URL_DYNAMODB: endpoint,
		AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
		CALLBACK_TOKEN_DIGESTS: "*",
		QUEUE_URL: `${endpoint}/000000000000/messages`,
		DEAD_LETTER_QUEUE_URL: `${endpoint}/000000000000/dead-letters`,
		TABLE_NAME: "messages",
		NODE_EXTRA_CA_CERTS: trusted,
		POWERTOOLS_LOG_LEVEL: "DEBUG",
		POWERTOOLS_METRICS_NAMESPACE: "test",
		POWERTOOLS_SERVICE_NAME: "test",
	};
	stop = async () => {
		services.closeAllConnections();
		services.close();
		await once(services, "close");
		await rm(directory, { recursive: true, force: true });
	};
});
beforeEach(() => {
	server.connections = 0;
	server.requests = [];
});
afterAll(() => stop());

/** Loads a function as Lambda does, gives it the events when told to, and tells what each has loaded. */
const RUN = `
const [, file, events] = process.argv;
const told = new Promise((resolve) => process.once("SIGUSR2", resolve));
setInterval(() => {}, 1_000);
const loaded = () => process.moduleLoadList.filter((name) => name.startsWith("NativeModule"));
const { handler } = await import(file);
console.log("ready");
await told;
for (const event of JSON.parse(events)) {
	const before = new Set(loaded());
	const result = await handler(event, { functionName: "function", awsRequestId: "1" });
	const more = loaded().filter((name) => !before.has(name));
	console.log("result " + JSON.stringify({ result, more }));
}
process.exit();
`;

/**
 * @param connects whether it is to have a connection before the events: on a busy machine that takes
 *   longer than the 200 ms for which a start waits.
 * @returns its lines on the standard output and on the standard error.
 */
async function run(
	key: string,
	events: readonly object[],
	{ connects, more }: { connects: boolean; more?: object } = { connects: true },
): Promise<string[]> {
	const file = new URL(`${key}/index.mjs`, dist).href;
	const connected = connects ? once(opened, "connection") : undefined;
	const child = execa(
		process.execPath,
		["--input-type=module", "--eval", RUN, file, JSON.stringify(events)],
		{ env: { ...environment, ...more }, extendEnv: false, timeout: 20_000 },
	);
	await Promise.race([child, Promise.all([once(child.stdout, "data"), connected])]);
	child.kill("SIGUSR2");
	const { stdout, stderr } = await child;
	return [...stdout.split("\n"), ...stderr.split("\n")].filter((line) => line !== "");
}

const DYNAMODB = "DynamoDB_20120810.";

test.each(["receive", "store"])(
	"%s connects, and neither sends nor prints anything",
	async (key) => {
		expect(await run(key, [])).toEqual(["ready"]);
		expect(server).toEqual({ connections: 1, requests: [] });
	},
);

test.each(["receive", "store"])("%s is ready where nothing listens", async (key) => {
	const nowhere = "https://localhost:1";
	const lines = await run(key, [], {
		connects: false,
		more: {
			QUEUE_URL: `${nowhere}/000000000000/messages`,
			AWS_ENDPOINT_URL_DYNAMODB: nowhere,
		},
	});
	expect(lines).toEqual(["ready"]);
	expect(server.connections).toBe(0);
});

const body = textMessage();
const callback = {
	...{ rawPath: "/message", rawQueryString: "", headers: {}, body, isBase64Encoded: false },
	requestContext: { timeEpoch: 0, http: { method: "POST" } },
};
const batch = {
	Records: [
		{
			...{ messageId: "1", receiptHandle: "1", eventSource: "aws:sqs", messageAttributes: {} },
			body: packEnvelope(envelopeOf(body)).body,
			attributes: { ApproximateReceiveCount: "1" },
		},
	],
};

test.each([
	["receive", callback, ["AmazonSQS.SendMessage"]],
	["store", batch, ["GetItem", "PutItem", "PutItem", "Query"].map((action) => DYNAMODB + action)],
])("the first event of %s goes by that connection, and loads nothing", async (key, event, sent) => {
	const lines = await run(key, [event]);
	const result = lines.find((line) => line.startsWith("result "));
	expect(JSON.parse(result?.slice("result ".length) ?? "")).toMatchObject({ more: [] });
	expect(server).toEqual({ connections: 1, requests: sent });
	expect(lines.filter((line) => line.includes('"ColdStart"'))).toHaveLength(1);
});
