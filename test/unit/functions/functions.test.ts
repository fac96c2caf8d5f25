import type { APIGatewayProxyEventV2, SQSRecord } from "aws-lambda";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { sealSecret } from "../../../lib/intake/secret.ts";
import { packEnvelope } from "../../../lib/storage/envelope.ts";
import { itemsOf } from "../../../lib/storage/record.ts";
import { denseText, envelopeOf, textMessage } from "../../callbacks.ts";
import { contextOf, eventOf } from "../../event.ts";
import { type Call, refusal, type Service, sentAnswer, startService } from "../archive/service.ts";
import { readLog, WRITING } from "./written.ts";

// The handlers in this process, before a server that notes what they ask of SQS and DynamoDB. All that
// they count together is in test/stack/telemetry.test.ts.

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
let calls: Call[] = [];
/** What is refused, from a call's action and its body. */
let refuses: (call: Call) => number | undefined = () => undefined;
/** Whether the table says that it has each row already. */
let hasRows = false;
let service: Service;
let receive: typeof import("../../../functions/receive.ts").handler;
let store: typeof import("../../../functions/store.ts").handler;
let log: ReturnType<typeof readLog>;

beforeAll(async () => {
	service = await startService((call) => {
		calls.push(call);
		if (call.action === "PutItem" && hasRows) return refusal("x#ConditionalCheckFailedException");
		const status = refuses(call);
		if (status === undefined) return sentAnswer(call);
		return refusal(status === 400 ? "x#ValidationException" : "x#InternalServerError", status);
	});
	const url = String(process.env.AWS_ENDPOINT_URL);
	Object.assign(process.env, WRITING, {
		...{ TABLE_NAME: "messages", RETENTION_DAYS: "30", CALLBACK_TOKEN_DIGESTS: sealSecret(TOKEN) },
		...{ QUEUE_URL: `${url}/1/messages`, DEAD_LETTER_QUEUE_URL: `${url}/1/dead` },
	});
	const [ofReceive, ofStore] = [
		await import("../../../functions/receive.ts"),
		await import("../../../functions/store.ts"),
	];
	// As Lambda: what is done before the first event is not of it.
	await Promise.all([ofReceive.ready, ofStore.ready]);
	[receive, store] = [ofReceive.handler, ofStore.handler];
});
afterAll(() => service.stop());
beforeEach(() => {
	calls = [];
	log = readLog();
	hasRows = false;
	refuses = () => undefined;
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.useRealTimers();
});

const actions = (): string[] => calls.map(({ action }) => action);
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
	expect(log.logged()).toContainEqual(
		expect.objectContaining({
			...{ message: "queued", messageId: "m", requestId: "request-1", sqsMessageId: "m-1" },
		}),
	);
	const BodyBytes = Buffer.byteLength(own) - TOKEN.length;
	expect(log.counted()).toEqual({
		...{ Received: 1, Corrected: 1, PlatformDelay: 0, BodyBytes },
		EnqueueLatency: expect.any(Number),
	});
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
	expect(log.lines()).toEqual(["INFO refused"]);
	expect(log.logged()).toContainEqual(
		expect.objectContaining({ requestId: "request-1", reason: "token" }),
	);
	expect(JSON.stringify(log.logged())).not.toContain("secret");
	expect(log.counted()).toEqual({ Refused: 1, "RefusedByReason reason=token": 1 });
});

test("a body in Base64, and one whose length is not what was sent, are read as that", async () => {
	const bytes = { body: Buffer.from(own).toString("base64"), isBase64Encoded: true };
	expect(await post(undefined, bytes)).toMatchObject({ statusCode: 200 });
	const odd = own.replace("你好", "\ufffd");
	expect(await post(odd)).toMatchObject({ statusCode: 200 });
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
	expect(log.lines()).toEqual(["ERROR the queue did not take a message", "INFO written"]);
	vi.restoreAllMocks();
	log = readLog();
	refuses = () => 500;
	expect(await post(own)).toMatchObject({ statusCode: 503, errcode: -1 });
	expect(log.lines()).toEqual([
		"ERROR the queue did not take a message",
		"ERROR the table did not take a message",
	]);
	for (const line of log.logged())
		expect(line).toMatchObject({ messageId: "m", requestId: "request-1" });
	expect(log.counted()).toEqual({ Refused: 1, "RefusedByReason reason=unavailable": 1 });
});

test("a fault of our own is answered and logged, and ends nothing", async () => {
	const { requestContext } = eventOf("");
	const broken = { requestContext: { ...requestContext, timeEpoch: Number.NaN } };
	expect(await post(own, broken)).toMatchObject({ statusCode: 503, errcode: -1 });
	expect(log.lines()).toEqual(["ERROR unexpected"]);
	expect(log.counted()).toEqual({ Refused: 1, "RefusedByReason reason=unavailable": 1 });
	expect(log.logged()).toContainEqual(
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
	expect(log.logged()).toContainEqual(
		expect.objectContaining({
			...{ level: "INFO", message: "stored", messageId: "a", sqsMessageId: "a", pk: "chat#a" },
			sk: expect.stringContaining("#a#"),
		}),
	);
});

test("a row, a copy of one and another revision are counted as such, with their way's time", async () => {
	const receivedAt = "2026-01-02T03:04:05.006Z";
	const counts = async (text: string, atMs: number) => {
		vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(receivedAt) + atMs });
		vi.restoreAllMocks();
		log = readLog();
		const { body } = packEnvelope(
			envelopeOf(textMessage({ ...nobody, chatId: "r", payload: { text } })),
		);
		expect(await failedOf(recordOf("a", body))).toEqual([]);
		return [...log.lines(), log.counted()];
	};
	expect(await counts("1", 1_500)).toEqual(["INFO stored", { Stored: 1, ReceiveToRow: 1_500 }]);
	expect(await counts("2", 1_500)).toEqual([
		"INFO revision",
		{ Stored: 1, Revisions: 1, ReceiveToRow: 1_500 },
	]);
	hasRows = true;
	// A clock that is behind.
	expect(await counts("2", -5)).toEqual(["INFO duplicate", { Duplicates: 1, ReceiveToRow: 0 }]);
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
	expect(log.logged()).toContainEqual(
		expect.objectContaining({
			...{ level: "ERROR", message: "a message was not stored", sqsMessageId: "b", messageId: "b" },
			reason: expect.objectContaining({ name: expect.any(String) }),
		}),
	);
});

test("when all of a batch fails, and the pauses too, it is told, and nothing dies", async () => {
	refuses = () => 500;
	expect(await failedOf(recordOf("a", enveloped("a")))).toEqual(["a"]);
	expect(log.lines()).toEqual(["ERROR a message was not stored", "WARN no pause was set"]);
	expect(log.counted()).toEqual({ FailedItems: 1 });
	const reason = expect.objectContaining({ name: "InternalServerError" });
	for (const line of log.logged()) expect(line).toMatchObject({ reason: expect.anything() });
	expect(log.logged()[0]).toMatchObject({ reason });
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
	expect(log.logged()).toContainEqual(
		expect.objectContaining({
			...{ level: "ERROR", message: "a message was set aside", sqsMessageId: "a" },
			deadLetterId: "m-1",
		}),
	);
	expect(JSON.stringify(log.logged())).not.toContain("secret");
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
	expect(log.lines()).toEqual(["ERROR kept by the last net", "INFO stored"]);
	expect(log.counted()).toMatchObject({ Unexpected: 1, Stored: 1 });
	const reason = expect.objectContaining({ name: "ValidationException" });
	expect(log.logged()[0]).toMatchObject({ sqsMessageId: "a", pk: "chat#a", reason });
});
