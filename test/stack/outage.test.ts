import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test, vi } from "vitest";
import { textMessage } from "../callbacks.ts";
import { useStack } from "./harness.ts";

const DEADLINE = { timeout: 50_000, interval: 200 };

const harness = useStack();

test("what is acknowledged while the table is away is a row once it is back", async () => {
	await harness.retryAfter(3);
	const send = async (n: number): Promise<void> => {
		const answer = await harness.post(textMessage({ chatId: "outage", messageId: `m${n}` }));
		expect(answer.status).toBe(200);
	};
	for (let n = 0; n < 20; n++) await send(n);
	await harness.stack.table.stop();
	for (let n = 20; n < 60; n += 4)
		await Promise.all([send(n), send(n + 1), send(n + 2), send(n + 3)]);
	await harness.stack.table.start();
	for (let n = 60; n < 70; n++) await send(n);
	await vi.waitFor(async () => {
		const ids = (await harness.rows()).map(({ messageId }) => messageId);
		expect(ids.toSorted()).toEqual(Array.from({ length: 70 }, (_, n) => `m${n}`).toSorted());
	}, DEADLINE);
	expect(await harness.waiting(harness.stack.deadLetterQueueUrl)).toBe(0);
});

test("a message that can never be written ends in the dead-letter queue, the others are rows", async () => {
	await harness.retryAfter(1);
	await harness.stack.queue.client.send(
		new SendMessageCommand({ QueueUrl: harness.stack.queueUrl, MessageBody: "poison" }),
	);
	const bodies = Array.from({ length: 9 }, (_, n) =>
		textMessage({ chatId: "poison", messageId: `p${n}` }),
	);
	await Promise.all(bodies.map((body) => harness.post(body)));
	await vi.waitFor(async () => {
		expect(await harness.waiting(harness.stack.deadLetterQueueUrl)).toBe(1);
	}, DEADLINE);
	expect(await harness.waiting(harness.stack.queueUrl)).toBe(0);
	const stored = (await harness.rows()).filter(({ pk }) => pk === "chat#poison");
	expect(stored.map(({ messageId }) => messageId).toSorted()).toEqual(
		Array.from({ length: 9 }, (_, n) => `p${n}`),
	);
});
