import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { NotAnEnvelope } from "../../../lib/storage/envelope.ts";
import { canNeverBeStored, openRetry, type Retry } from "../../../lib/storage/retry.ts";

// A server that notes what SQS is asked for.

let calls: { readonly action: unknown; readonly body: unknown }[] = [];
let status = 200;
const server = createServer(async (request, response) => {
	calls.push({ action: request.headers["x-amz-target"], body: JSON.parse(await text(request)) });
	response.writeHead(status).end(JSON.stringify({ MessageId: "dead-1" }));
});
let retry: Retry;
let host: string;

beforeAll(async () => {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	retry = openRetry({
		queueUrl: `${host}/1/messages`,
		deadLetterQueueUrl: `${host}/1/dead-letters`,
		aws: { region: "cn-north-1", accessKeyId: "i", secretAccessKey: "s" },
		patience: { first: 30, longest: 1_800 },
	});
});
afterAll(() => {
	server.close();
});
beforeEach(() => {
	calls = [];
	status = 200;
});

function record(tries: string, part: Partial<SQSRecord> = {}): SQSRecord {
	return {
		messageId: `m${tries}`,
		receiptHandle: `r${tries}`,
		body: "{}",
		attributes: {
			ApproximateReceiveCount: tries,
			SentTimestamp: "0",
			SenderId: "",
			ApproximateFirstReceiveTimestamp: "0",
		},
		messageAttributes: {},
		md5OfBody: "",
		eventSource: "aws:sqs",
		eventSourceARN: "",
		awsRegion: "",
		...part,
	};
}

test("a batch waits by one call, each message for as long as its own tries say", async () => {
	await retry.later([record("1"), record("3"), record("500")]);
	expect(calls).toEqual([
		{
			action: "AmazonSQS.ChangeMessageVisibilityBatch",
			body: {
				QueueUrl: `${host}/1/messages`,
				Entries: [
					{ Id: "0", ReceiptHandle: "r1", VisibilityTimeout: 30 },
					{ Id: "1", ReceiptHandle: "r3", VisibilityTimeout: 120 },
					{ Id: "2", ReceiptHandle: "r500", VisibilityTimeout: 1_800 },
				],
			},
		},
	]);
	await retry.later([]);
	expect(calls).toHaveLength(1);
});

test("a dead letter is what it was, and says why; the reason is one short line of ASCII", async () => {
	const attributes = {
		text: { dataType: "Binary", binaryValue: "AAEC" },
		redrive: { dataType: "String", stringValue: "r-1" },
	};
	const id = await retry.setAside(
		record("1", { body: "poison", messageAttributes: attributes }),
		`Error: 坏\n${"x".repeat(300)}`,
	);
	expect(id).toBe("dead-1");
	expect(calls).toEqual([
		{
			action: "AmazonSQS.SendMessage",
			body: {
				QueueUrl: `${host}/1/dead-letters`,
				MessageBody: "poison",
				MessageAttributes: {
					text: { DataType: "Binary", BinaryValue: "AAEC" },
					redrive: { DataType: "String", StringValue: "r-1" },
					reason: { DataType: "String", StringValue: `Error: ??${"x".repeat(247)}` },
				},
			},
		},
	]);
});

test("what SQS does not take is told, so that nothing is deleted", async () => {
	status = 500;
	await expect(retry.setAside(record("1"), "why")).rejects.toThrow("SQS answered 500");
	await expect(retry.later([record("1")])).rejects.toThrow("SQS answered 500");
});

test("only what is no envelope can never be stored", () => {
	expect(canNeverBeStored(new NotAnEnvelope("no JSON"))).toBe(true);
	const passing = [
		Object.assign(new Error("slow down"), { name: "ThrottlingException" }),
		Object.assign(new Error("no such table"), { name: "ResourceNotFoundException" }),
		Object.assign(new Error("not allowed"), { name: "AccessDeniedException" }),
		Object.assign(new Error("The provided key element does not match the schema"), {
			name: "ValidationException",
		}),
		Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }),
		new DOMException("timed out", "TimeoutError"),
		new TypeError("a mistake of ours"),
	];
	for (const error of passing) expect(canNeverBeStored(error), error.name).toBe(false);
});
