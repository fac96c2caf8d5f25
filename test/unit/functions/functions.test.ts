import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import type { APIGatewayProxyEventV2, SQSRecord } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { sealSecret } from "../../../lib/intake/secret.ts";
import { packEnvelope } from "../../../lib/storage/envelope.ts";
import { itemsOf } from "../../../lib/storage/record.ts";
import { listenOn } from "../../../local/port.ts";
import { denseText, envelopeOf, textMessage } from "../../callbacks.ts";
import { contextOf, eventOf } from "../../event.ts";

// The handlers in this process, before a server that notes what they ask of SQS and DynamoDB. What they
// count is in test/stack/telemetry.test.ts.

interface Call {
	readonly action: string;
	readonly input: Readonly<Record<string, unknown>>;
}

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
let calls: Call[] = [];
/** What is refused, from a call's action and its body. */
let refuses: (call: Call) => number | undefined = () => undefined;
const server = createServer(async (request, response) => {
	const input = JSON.parse(await text(request));
	const action = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
	calls.push({ action, input });
	const status = refuses({ action, input }) ?? 200;
	const md5 = createHash("md5").update(String(input.MessageBody)).digest("hex");
	const errorType = status === 400 ? { __type: "x#ValidationException" } : {};
	response
		.writeHead(status)
		.end(JSON.stringify({ MessageId: "m-1", MD5OfMessageBody: md5, ...errorType }));
});
let stop: () => Promise<void>;
let receive: typeof import("../../../functions/receive.ts").handler;
let store: typeof import("../../../functions/store.ts").handler;
let logged: Record<string, unknown>[] = [];

beforeAll(async () => {
	stop = await listenOn(server, 0);
	const url = `http://127.0.0.1:${Object(server.address()).port}`;
	Object.assign(process.env, {
		...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" },
		...{ AWS_ENDPOINT_URL_DYNAMODB: url, TABLE_NAME: "messages", RETENTION_DAYS: "30" },
		...{ QUEUE_URL: `${url}/1/messages`, DEAD_LETTER_QUEUE_URL: `${url}/1/dead` },
		...{ CALLBACK_TOKEN_DIGESTS: sealSecret(TOKEN), POWERTOOLS_LOG_LEVEL: "INFO" },
		// So that what is logged is written to where a test can see it.
		POWERTOOLS_DEV: "true",
	});
	receive = (await import("../../../functions/receive.ts")).handler;
	store = (await import("../../../functions/store.ts")).handler;
});
afterAll(() => stop());
beforeEach(() => {
	calls = [];
	logged = [];
	refuses = () => undefined;
	for (const level of ["info", "warn", "error", "log"] as const) {
		vi.spyOn(console, level).mockImplementation((line: unknown) => {
			if (String(line).startsWith("{")) logged.push({ ...JSON.parse(String(line)) });
		});
	}
});
afterEach(() => {
	vi.restoreAllMocks();
});

const actions = (): string[] => calls.map(({ action }) => action);
const lines = (): unknown[] =>
	logged
		.filter(({ level }) => level !== undefined)
		.map(({ level, message }) => `${level} ${message}`);
const context = contextOf("f", "request-1");

async function post(
	body: string | undefined,
	fields: Partial<APIGatewayProxyEventV2> = {},
): Promise<unknown> {
	const { body: _, headers: __, ...event } = eventOf("");
	const given = { ...event, headers: {}, ...(body !== undefined && { body }), ...fields };
	event.requestContext.timeEpoch = 1_767_225_602_000;
	const answer = await receive(given, context);
	const { body: said = "", ...rest } = Object(answer);
	return { ...rest, ...JSON.parse(said) };
}

const headers = { "content-type": "application/json; charset=utf-8" };
// Of a message that names nobody the directory has nothing to keep.
const nobody = { contactId: "" };
const own = textMessage({ ...nobody, chatId: "c", messageId: "m" });

test("what is safe in the queue is acknowledged", async () => {
	expect(await post(own)).toEqual({ statusCode: 200, headers, errcode: 0, errmsg: "ok" });
	expect(actions()).toEqual(["SendMessage"]);
	expect(JSON.parse(String(calls[0]?.input.MessageBody)).row).toMatchObject({ pk: "chat#c" });
	expect(logged).toContainEqual(
		expect.objectContaining({
			...{ message: "queued", messageId: "m", requestId: "request-1", sqsMessageId: "m-1" },
		}),
	);
});

test("what fits no shape is kept, and the platform is told why", async () => {
	const answer = await post(textMessage({ type: 42 }));
	expect(answer).toMatchObject({
		statusCode: 200,
		errcode: 0,
		errmsg: "/data/type 42 has no known payload",
	});
});

test("what is refused goes nowhere, and nothing of it is logged but why", async () => {
	const answer = await post(textMessage({ token: "wrong", payload: { text: "secret" } }));
	expect(answer).toMatchObject({ statusCode: 401, headers, errcode: 40_014 });
	expect(calls).toEqual([]);
	expect(lines()).toEqual(["INFO refused"]);
	expect(logged).toContainEqual(
		expect.objectContaining({ requestId: "request-1", reason: "token" }),
	);
	expect(JSON.stringify(logged)).not.toContain("secret");
});

test("a body in Base64, and one whose length is not what was sent, are read as that", async () => {
	const bytes = { body: Buffer.from(own).toString("base64"), isBase64Encoded: true };
	expect(await post(undefined, bytes)).toMatchObject({ statusCode: 200 });
	const odd = own.replace("你好", "\ufffd");
	const cut = { headers: { "content-length": "3" } };
	expect(await post(odd, cut)).toMatchObject({ statusCode: 400, errcode: 47_001 });
	const right = { headers: { "content-length": String(Buffer.byteLength(odd)) } };
	expect(await post(odd, right)).toMatchObject({ statusCode: 200 });
});

test("what the queue does not take is written, with the days it is kept; what nothing takes is not acknowledged", async () => {
	refuses = ({ action }) => (action === "SendMessage" ? 500 : undefined);
	expect(await post(own)).toMatchObject({ statusCode: 200, errcode: 0 });
	expect(calls.find(({ action }) => action === "PutItem")?.input.Item).toMatchObject({
		expiresAt: { N: String(1_767_225_602 + 30 * 86_400) },
	});
	expect(lines()).toEqual(["ERROR the queue did not take a message", "INFO written"]);
	logged = [];
	refuses = () => 500;
	expect(await post(own)).toMatchObject({ statusCode: 503, errcode: -1 });
	expect(lines()).toEqual([
		"ERROR the queue did not take a message",
		"ERROR the table did not take a message",
	]);
	for (const line of logged) expect(line).toMatchObject({ messageId: "m", requestId: "request-1" });
});

test("a fault of our own is answered and logged, and ends nothing", async () => {
	const { requestContext } = eventOf("");
	const broken = { requestContext: { ...requestContext, timeEpoch: Number.NaN } };
	expect(await post(own, broken)).toMatchObject({ statusCode: 503, errcode: -1 });
	expect(lines()).toEqual(["ERROR unexpected"]);
	expect(logged).toContainEqual(
		expect.objectContaining({
			requestId: "request-1",
			reason: expect.objectContaining({ name: "RangeError" }),
		}),
	);
});

const recordOf = (messageId: string, body: string, fields: Partial<SQSRecord> = {}): SQSRecord => ({
	...{ messageId, body, receiptHandle: `r-${messageId}`, messageAttributes: {}, md5OfBody: "" },
	attributes: {
		...{ ApproximateReceiveCount: "1", SentTimestamp: "0", SenderId: "" },
		ApproximateFirstReceiveTimestamp: "0",
	},
	...{ eventSource: "aws:sqs", eventSourceARN: "", awsRegion: "" },
	...fields,
});
const enveloped = (messageId: string): string =>
	packEnvelope(envelopeOf(textMessage({ ...nobody, messageId, chatId: messageId }))).body;
const failedOf = async (...Records: SQSRecord[]): Promise<string[]> =>
	(await store({ Records }, context)).batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

test("a message of the queue becomes a row, with the days it is kept", async () => {
	expect(await failedOf(recordOf("a", enveloped("a")))).toEqual([]);
	expect(actions()).toEqual(["PutItem", "Query"]);
	expect(calls[0]?.input.Item).toMatchObject({
		...{ pk: { S: "chat#a" }, expiresAt: { N: expect.any(String) } },
	});
	expect(logged).toContainEqual(
		expect.objectContaining({
			...{ level: "INFO", message: "stored", messageId: "a", sqsMessageId: "a", pk: "chat#a" },
			sk: expect.stringContaining("#a#"),
		}),
	);
});

test("a long text comes as gzip in its attribute", async () => {
	const envelope = envelopeOf(
		textMessage({ ...nobody, chatId: "long", payload: { text: denseText(90_000) } }),
	);
	const { body, compressedText = Buffer.alloc(0) } = packEnvelope(envelope);
	const text = { dataType: "Binary", binaryValue: Buffer.from(compressedText).toString("base64") };
	expect(await failedOf(recordOf("a", body, { messageAttributes: { text } }))).toEqual([]);
	const [put] = calls;
	const { B: gzip = "" } = Object(put?.input.Item).messageGzip ?? {};
	const { messageGzip } = itemsOf(envelope).row;
	expect(Buffer.from(gzip, "base64").equals(messageGzip ?? Buffer.of())).toBe(true);
});

test("of a batch what was not stored waits, each as long as its tries say, and all else is done", async () => {
	refuses = ({ input }) => (JSON.stringify(input).includes("chat#b") ? 500 : undefined);
	const again = { attributes: { ...recordOf("b", "").attributes, ApproximateReceiveCount: "3" } };
	const batch = [recordOf("a", enveloped("a")), recordOf("b", enveloped("b"), again)];
	expect(await failedOf(...batch)).toEqual(["b"]);
	expect(calls.filter(({ action }) => action.startsWith("Change"))).toMatchObject([
		{ input: { Entries: [{ ReceiptHandle: "r-b", VisibilityTimeout: 120 }] } },
	]);
	expect(logged).toContainEqual(
		expect.objectContaining({
			...{ level: "ERROR", message: "a message was not stored", sqsMessageId: "b", messageId: "b" },
			reason: expect.objectContaining({ name: expect.any(String) }),
		}),
	);
});

test("when all of a batch fails, and the pauses too, it is told, and nothing dies", async () => {
	refuses = () => 500;
	expect(await failedOf(recordOf("a", enveloped("a")))).toEqual(["a"]);
	expect(lines()).toEqual(["ERROR a message was not stored", "WARN no pause was set"]);
});

test("what can never be stored is set aside with its reason, and is done with", async () => {
	expect(await failedOf(recordOf("a", "a secret text"))).toEqual([]);
	expect(calls).toMatchObject([
		{
			action: "SendMessage",
			input: {
				QueueUrl: expect.stringContaining("/1/dead"),
				MessageAttributes: { reason: { StringValue: "NotAnEnvelope: not an envelope: no JSON" } },
			},
		},
	]);
	expect(logged).toContainEqual(
		expect.objectContaining({
			...{ level: "ERROR", message: "a message was set aside", sqsMessageId: "a" },
			deadLetterId: "m-1",
		}),
	);
	expect(JSON.stringify(logged)).not.toContain("secret");
	calls = [];
	refuses = () => 500;
	expect(await failedOf(recordOf("a", "a secret text"))).toEqual(["a"]);
});

test("what the table never takes is kept as its text alone", async () => {
	refuses = ({ input }) => (JSON.stringify(input).includes("chat#a") ? 400 : undefined);
	expect(await failedOf(recordOf("a", enveloped("a")))).toEqual([]);
	const item = calls.findLast(({ action }) => action === "PutItem")?.input.Item;
	expect(item).toMatchObject({
		violations: { L: [{ S: "unexpected ValidationException" }] },
		expiresAt: { N: expect.any(String) },
	});
	expect(lines()).toEqual(["ERROR kept by the last net", "INFO stored"]);
});
