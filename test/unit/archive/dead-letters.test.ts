import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Message, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type DeadLetters, openDeadLetters } from "../../../lib/archive/dead-letters.ts";
import { packEnvelope } from "../../../lib/storage/envelope.ts";
import { emulatorSettings } from "../../../local/environment.ts";
import { type FaultProxy, startFaultProxy } from "../../../local/fault-proxy.ts";
import { listenOn } from "../../../local/port.ts";
import { type QueueEmulator, startQueueEmulator } from "../../../local/queue-emulator.ts";
import { denseText, envelopeOf, textMessage } from "../../callbacks.ts";

// Against the emulator, behind a server that refuses what a test wants refused.

let directory: string;
let queue: QueueEmulator;
let proxy: FaultProxy;
let deadLetters: DeadLetters;
let urls: { readonly queue: string; readonly dead: string };
let n = 0;

beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "dead-letters-"));
	queue = await startQueueEmulator(directory);
	proxy = await startFaultProxy(queue.endpoint);
	const { endpoint } = proxy;
	Object.assign(
		process.env,
		emulatorSettings({ queueEndpoint: endpoint, tableEndpoint: endpoint }),
	);
});
afterAll(async () => {
	await proxy.stop();
	await queue.stop();
	await rm(directory, { recursive: true, force: true });
});
beforeEach(async () => {
	proxy.fail();
	const names = [`messages-${++n}`, `dead-${n}`] as const;
	const [messages, dead] = await Promise.all(
		names.map((name) => queue.create({ name, attributes: {} })),
	);
	urls = { queue: messages ?? "", dead: dead ?? "" };
	deadLetters = openDeadLetters(...names);
});

const said = (text: string): object => ({ DataType: "String", StringValue: text });

async function put(
	body: string,
	attributes: Readonly<Record<string, object>> = {},
): Promise<string> {
	const { MessageId = "" } = await queue.client.send(
		new SendMessageCommand({
			QueueUrl: urls.dead,
			MessageBody: body,
			MessageAttributes: Object.fromEntries(
				Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", ...value }]),
			),
		}),
	);
	return MessageId;
}

async function messagesIn(QueueUrl: string): Promise<Message[]> {
	const { Messages = [] } = await queue.client.send(
		new ReceiveMessageCommand({
			QueueUrl,
			MaxNumberOfMessages: 10,
			WaitTimeSeconds: 2,
			MessageAttributeNames: ["All"],
		}),
	);
	return Messages;
}

/** SQS may answer with fewer than it has, and what was let go comes back in a moment. */
async function bodiesIn(url: string, count: number): Promise<(string | undefined)[]> {
	const found: (string | undefined)[] = [];
	for (let looks = 0; looks < 5 && (looks === 0 || found.length < count); looks++) {
		for (const { Body } of await messagesIn(url)) found.push(Body);
	}
	return found.toSorted();
}

test("what is there is shown with what it holds, when it came, and why", async () => {
	const own = envelopeOf(textMessage());
	const long = envelopeOf(textMessage({ messageId: "long", payload: { text: denseText(90_000) } }));
	const { body, compressedText } = packEnvelope(long);
	const before = Date.now();
	await put(packEnvelope(own).body, { reason: said("TypeError: a mistake") });
	await put(body, { text: { DataType: "Binary", BinaryValue: compressedText } });
	await put("nonsense");
	await put("more of it", { reason: said("why") });
	const { letters, hidden } = await deadLetters.peek();
	expect(hidden).toBe(0);
	const shown = letters.map(({ row, text, reason }) => [row, text, reason]);
	expect(shown).toHaveLength(4);
	expect(shown).toEqual(
		expect.arrayContaining([
			[own.row, own.text, "TypeError: a mistake"],
			[long.row, long.text, undefined],
			[undefined, "nonsense", "not an envelope: no JSON"],
			[undefined, "more of it", "why"],
		]),
	);
	for (const { queuedAt, sqsMessageId } of letters) {
		expect(queuedAt).toBeGreaterThanOrEqual(before - 1);
		expect(queuedAt).toBeLessThanOrEqual(Date.now());
		expect(sqsMessageId).toMatch(/^[\w-]{36}$/);
	}
	// Nothing stays hidden: the next look finds them again.
	await vi.waitFor(async () => expect((await deadLetters.peek()).letters).toHaveLength(4), 10_000);
});

test("twenty-five are all shown", async () => {
	for (let i = 0; i < 25; i++) await put(`letter ${i}`);
	expect((await deadLetters.peek()).letters).toHaveLength(25);
});

test("of a redrive that SQS refuses nothing is lost", async () => {
	await put("a letter", { reason: said("why") });
	proxy.fail((call) => (call.includes("MessageBody") ? "refuse" : undefined));
	await expect(deadLetters.redrive()).rejects.toThrow();
	expect(await bodiesIn(urls.queue, 0)).toEqual([]);
	const { letters, hidden } = await deadLetters.peek();
	expect(letters.length + hidden).toBe(1);
});

test("one is moved back, without its reason, and the others stay in sight", async () => {
	await put("first");
	const id = await put("second", { reason: said("why"), text: said("kept") });
	await put("third");
	await deadLetters.redriveOne(id);
	const moved = await messagesIn(urls.queue);
	expect(
		moved.map(({ Body, MessageAttributes }) => [Body, Object.keys(MessageAttributes ?? {})]),
	).toEqual([["second", ["text"]]]);
	expect(await bodiesIn(urls.dead, 2)).toEqual(["first", "third"]);
});

test("one is discarded, and no other", async () => {
	const id = await put("first");
	await put("second");
	await deadLetters.discard(id);
	expect(await bodiesIn(urls.dead, 1)).toEqual(["second"]);
	expect(await bodiesIn(urls.queue, 0)).toEqual([]);
});

test("one that is gone is told, after a last look", async () => {
	const server = createServer((_, response) => void response.end('{"QueueUrl":"http://q/1/q"}'));
	const stop = await listenOn(server, 0);
	const { AWS_ENDPOINT_URL_SQS } = process.env;
	const { port } = Object(server.address());
	process.env.AWS_ENDPOINT_URL_SQS = `http://127.0.0.1:${port}`;
	const none = openDeadLetters("messages", "dead");
	await expect(none.discard("gone")).rejects.toThrow("not there any more");
	await expect(none.redriveOne("gone")).rejects.toThrow("not there any more");
	process.env.AWS_ENDPOINT_URL_SQS = AWS_ENDPOINT_URL_SQS;
	await stop();
});
