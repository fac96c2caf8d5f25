import { readFile } from "node:fs/promises";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { beforeAll, expect, test, vi } from "vitest";
import { MAX_BODY_BYTES } from "../../lib/intake/body.ts";
import { sampleBody } from "../../local/samples.ts";
import { textMessage } from "../callbacks.ts";
import { metricKey, type NamedMetric, packageStage, watchedMetrics } from "../package/packaged.ts";
import { type Harness, useStack } from "./harness.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const DEADLINE = { timeout: 20_000, interval: 100 };
const HOSTILE_ID = "line\r\nbreak\u001b[31mred";
const SECRETS = [TOKEN, "a secret text", "示例客户甲", "media.example.invalid", "wx.qlogo.cn"];

const keeping = useStack({ CALLBACK_TOKENS: TOKEN, LOG_LEVEL: "INFO" }, { withFaults: true });
const refusing = useStack({ CALLBACK_TOKENS: TOKEN, ON_UNRECOGNIZED: "refuse" });

const logOf = (harness: Harness): Promise<string> => readFile(harness.stack.logFile, "utf8");

/** The lines that the functions wrote, rather than the emulator around them. */
const jsonLines = (log: string): Record<string, unknown>[] =>
	log
		.split("\n")
		.filter((line) => line.startsWith("{"))
		.map((line) => JSON.parse(line));

function emittedMetrics(log: string): NamedMetric[] {
	return jsonLines(log).flatMap((line) => {
		const directives: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] =
			Object(line._aws).CloudWatchMetrics ?? [];
		return directives.flatMap(({ Namespace, Dimensions, Metrics }) =>
			Metrics.map(({ Name }) => {
				const names = Dimensions[0] ?? [];
				const dimensions = Object.fromEntries(names.map((name) => [name, String(line[name])]));
				return { namespace: Namespace, name: Name, dimensions };
			}),
		);
	});
}

/** A run that shows everything there is to count. */
beforeAll(async () => {
	for (const n of ["1-no-media", "2-thumb", "3-artwork", "3-artwork"]) {
		await keeping.post(sampleBody(`t06-image-push${n}`));
	}
	await keeping.post(sampleBody("t07-text-verbatim-tabs"));
	await keeping.post(sampleBody("t42-future-type"));
	await keeping.post(
		textMessage({ messageId: HOSTILE_ID, chatId: HOSTILE_ID, payload: { text: "a secret text" } }),
	);
	await keeping.post(textMessage({ messageId: "x".repeat(3_000), timestamp: undefined }));
	for (const body of ["", "{", "x".repeat(MAX_BODY_BYTES + 1), textMessage({ token: "wrong" })]) {
		await keeping.post(body);
	}
	// DynamoDB refuses the row as it is, but not the text alone.
	keeping.stack.faults?.table.fail((call) => {
		if (call.includes("chat#away")) return "refuse";
		return call.includes("chat#odd") ? "invalid" : undefined;
	});
	await keeping.post(textMessage({ messageId: "odd", chatId: "odd" }));
	await keeping.post(textMessage({ messageId: "away", chatId: "away" }));
	await keeping.stack.queue.client.send(
		new SendMessageCommand({ QueueUrl: keeping.stack.queueUrl, MessageBody: "a secret text" }),
	);
	await refusing.post(sampleBody("t42-future-type"));
	await vi.waitFor(async () => {
		const log = await logOf(keeping);
		for (const name of ["Duplicates", "Revisions", "FailedItems", "DeadLetters", "Unexpected"])
			expect(log).toContain(`"${name}":`);
	}, DEADLINE);
	keeping.stack.faults?.table.fail();
	await vi.waitFor(
		async () => expect(await keeping.waiting(keeping.stack.queueUrl)).toBe(0),
		DEADLINE,
	);
	await refusing.stack.queue.stop();
	await refusing.send("room/joined", { method: "POST", body: JSON.stringify({ token: TOKEN }) });
	await refusing.stack.table.stop();
	await refusing.post(sampleBody("t07-text-verbatim-tabs"));
	await vi.waitFor(async () => expect(await logOf(refusing)).toContain("unavailable"), DEADLINE);
});

test("what is watched is emitted, and what is emitted is watched", async () => {
	const prod = await packageStage("prod", "tokens=example-token-0001");
	const inLocal = (text: string): string =>
		text.replace("receiver/prod", "receiver/local").replace("receiver-prod", "receiver-local");
	const watched = watchedMetrics(prod)
		.filter(({ namespace }) => !namespace.startsWith("AWS/"))
		.map((metric) => inLocal(metricKey(metric)));
	const emitted = emittedMetrics((await logOf(keeping)) + (await logOf(refusing))).map((metric) => {
		const { type, ...dimensions } = metric.dimensions;
		const searched = type === undefined ? metric.dimensions : { service: "*", type: "*" };
		return metricKey({ ...metric, dimensions: Object.keys(dimensions).length > 0 ? searched : {} });
	});
	expect(new Set(watched).size).toBeGreaterThan(15);
	expect([...new Set(emitted)].toSorted()).toEqual([...new Set(watched)].toSorted());
});

test("a log line says which message, and nothing of what it says", async () => {
	const log = (await logOf(keeping)) + (await logOf(refusing));
	for (const secret of SECRETS) expect(log).not.toContain(secret);
	const queued = jsonLines(log).filter(({ message }) => message === "queued");
	expect(queued).toHaveLength(10);
	expect(queued).toContainEqual(
		expect.objectContaining({
			messageId: HOSTILE_ID,
			chatId: HOSTILE_ID,
			type: 7,
			conformance: "corrected",
			requestId: expect.any(String),
		}),
	);
	const stored = jsonLines(log).filter(({ message }) =>
		/^(stored|revision|duplicate)$/.test(String(message)),
	);
	expect(stored.map(({ sqsMessageId }) => sqsMessageId).toSorted()).toEqual(
		queued.map(({ sqsMessageId }) => sqsMessageId).toSorted(),
	);
	expect(jsonLines(log)).toContainEqual(
		expect.objectContaining({ message: "refused", reason: "token", requestId: expect.any(String) }),
	);
	expect(log).not.toContain("\u001b");
	for (const line of log.split("\n")) expect(line.length).toBeLessThan(2_000);
	expect(jsonLines(log)).toContainEqual(
		expect.objectContaining({
			level: "ERROR",
			message: "the queue did not take a message",
			messageId: expect.any(String),
		}),
	);
	expect(jsonLines(log)).toContainEqual(
		expect.objectContaining({
			level: "ERROR",
			message: "a message was not stored",
			sqsMessageId: expect.any(String),
		}),
	);
});

test("at the usual log level a message that is taken leaves no line but its counts", async () => {
	const lines = jsonLines(await logOf(refusing));
	expect(lines.filter((line) => line._aws === undefined && line.level !== "ERROR")).toEqual([]);
});
