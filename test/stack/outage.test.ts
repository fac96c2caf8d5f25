import { readFile } from "node:fs/promises";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test, vi } from "vitest";
import { openDeadLetters } from "../../lib/archive/dead-letters.ts";
import { sufferOutage, triesInLog } from "../../local/outage.ts";
import { textMessage } from "../callbacks.ts";
import { useStack } from "./harness.ts";

const DEADLINE = { timeout: 50_000, interval: 200 };

// Every pause has the same length, so that a short outage has many tries.
const harness = useStack({}, { patience: { first: 1, longest: 1 } });

test("an outage of more tries than SQS used to have: every message is one row, nobody does anything", async () => {
	const { acknowledged, seconds, setAsideAfter, deadLetters, rowsOfEach } = await sufferOutage(
		harness.stack,
		{
			messages: 20,
			isLongEnough: ({ fewestTries }) => fewestTries > 5,
			bodyOf: (messageId) => textMessage({ chatId: "outage", messageId }),
			triesOf: async () => triesInLog(await readFile(harness.stack.logFile, "utf8")),
		},
	);
	expect(acknowledged).toBe(20);
	expect(rowsOfEach).toEqual({ 1: 20 });
	// What can never be stored did not wait for the table.
	expect(setAsideAfter).toBeLessThan(seconds);
	expect(deadLetters).toMatchObject([{ reason: "NotAnEnvelope: not an envelope: no JSON" }]);
});

test("a dead letter that is moved back is set aside again, and none of the others waits for it", async () => {
	const { name } = harness.stack.definitions.queue;
	const letters = openDeadLetters(name, harness.stack.definitions.deadLetterQueue.name);
	const bodies = Array.from({ length: 9 }, (_, n) =>
		textMessage({ chatId: "poison", messageId: `p${n}` }),
	);
	await harness.stack.queue.client.send(
		new SendMessageCommand({ QueueUrl: harness.stack.queueUrl, MessageBody: '{"row":{}}' }),
	);
	await Promise.all(bodies.map((body) => harness.post(body)));
	await vi.waitFor(async () => {
		expect(await harness.waiting(harness.stack.deadLetterQueueUrl)).toBe(2);
		expect(await harness.waiting(harness.stack.queueUrl)).toBe(0);
	}, DEADLINE);
	const stored = (await harness.rows()).filter(({ pk }) => pk === "chat#poison");
	expect(stored.map(({ messageId }) => messageId).toSorted()).toEqual(
		Array.from({ length: 9 }, (_, n) => `p${n}`),
	);
	expect(await letters.redrive()).toBe(2);
	await vi.waitFor(async () => {
		expect(await harness.waiting(harness.stack.queueUrl)).toBe(0);
		expect(await harness.waiting(harness.stack.deadLetterQueueUrl)).toBe(2);
	}, DEADLINE);
	const reasons = (await letters.peek()).letters.map(({ reason }) => reason ?? "");
	expect(reasons.toSorted()).toEqual([
		"NotAnEnvelope: not an envelope: no JSON",
		"NotAnEnvelope: not an envelope: no text",
	]);
});
