import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { MAX_BODY_BYTES } from "../../lib/intake/body.ts";
import { sampleBody, sampleNames } from "../../samples/samples.ts";
import { denseText, textMessage } from "../callbacks.ts";
import { runs } from "../seed.ts";
import { type Answer, useStack } from "./harness.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const DEADLINE = { timeout: 30_000, interval: 200 };
const REPLIES: Record<number, readonly number[]> = {
	200: [0],
	400: [44_002, 47_001],
	401: [40_014],
	413: [45_002],
};

const harness = useStack({ CALLBACK_TOKENS: TOKEN });

const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const withPayload = (json: string): string =>
	textMessage({ payload: 0 }).replace('"payload":0', `"payload":${json}`);
const filledTo = (bytes: number): string => {
	const frame = textMessage({ payload: { text: "" } });
	return textMessage({ payload: { text: denseText(bytes - Buffer.byteLength(frame)) } });
};
const schema = await readFile(
	new URL("../../lib/schema/message.schema.json", import.meta.url),
	"utf8",
);

/** A reply by the contract, in time. */
async function post(body: string | Uint8Array, headers?: Record<string, string>): Promise<Answer> {
	const started = performance.now();
	const answer = await harness.post(body, headers);
	expect(performance.now() - started).toBeLessThan(3_000);
	const { errcode, errmsg } = Object(answer.body);
	expect(REPLIES[answer.status]).toContain(errcode);
	expect(String(errmsg).length).toBeLessThan(500);
	return answer;
}

test.each([
	["nesting of 5,000 levels", withPayload(deep(5_000)), 200],
	[
		"__proto__ keys",
		withPayload('{"__proto__":{"text":"x"},"constructor":{"prototype":1},"text":"t"}'),
		200,
	],
	[
		"duplicate keys",
		withPayload('{"text":"a"},"payload":{"text":"b"},"chatId":"c","chatId":"d"'),
		200,
	],
	["10^400", withPayload('{"text":"t","n":1e400}'), 200],
	["2^53+1", withPayload('{"text":"t","n":9007199254740993}'), 200],
	[
		"a 19-digit id as a number",
		textMessage({ messageId: 0 }).replace('"messageId":0', '"messageId":7200000000000000123'),
		200,
	],
	["900 KiB exactly", filledTo(MAX_BODY_BYTES), 200],
	["one byte more", filledTo(MAX_BODY_BYTES + 1), 413],
	["6 MB", filledTo(6_000_000), 413],
	["CRLF and ANSI in ids", textMessage({ messageId: "a\r\nb\u001b[31m", chatId: "\u0007" }), 200],
	[
		"ids of 3 KB",
		textMessage({
			messageId: "m".repeat(3_000),
			chatId: "c".repeat(3_000),
			contactId: "汉".repeat(1_000),
			roomId: "r".repeat(3_000),
		}),
		200,
	],
	["the schema itself", schema, 401],
	["the schema with a token", `{"token":"${TOKEN}",${schema.slice(1)}`, 200],
])("%s", async (_, body, status) => {
	expect((await post(body)).status).toBe(status);
	if (status !== 200) return;
	await vi.waitFor(async () => {
		const kept = (await harness.rows()).map(({ text }) => text);
		expect(kept.includes(body.replace(`"${TOKEN}"`, '""'))).toBe(true);
	}, DEADLINE);
});

test.each([
	[
		"invalid UTF-8",
		Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]),
	],
	["a gzip bomb, which nobody asked to decode", gzipSync(Buffer.alloc(50_000_000))],
])("%s", async (_, body) => {
	const headers = { "content-type": "application/octet-stream", "content-encoding": "gzip" };
	expect(await post(body, headers)).toMatchObject({ status: 400, body: { errcode: 47_001 } });
});

test("thousands of mutations of valid bodies", { timeout: 120_000 }, async () => {
	const bodies = sampleNames.map(sampleBody);
	const mutated = fc
		.record({
			body: fc.constantFrom(...bodies),
			at: fc.nat(2_000),
			length: fc.nat(4),
			insert: fc.oneof(
				fc.string({ unit: "binary", maxLength: 3 }),
				fc.constantFrom('"', "\\", "{", "}", "[", "\\u", ",", ":", "null", "1e999", "\u0000"),
			),
		})
		.map(({ body, at, length, insert }) => {
			const i = at % body.length;
			return body.slice(0, i) + insert + body.slice(i + length);
		});
	const acknowledged = new Set<string>();
	await fc.assert(
		fc.asyncProperty(fc.array(mutated, { minLength: 8, maxLength: 8 }), async (some) => {
			const answers = await Promise.all(some.map((body) => post(body)));
			answers.forEach(({ status }, i) => {
				const body = Buffer.from(some[i] ?? "").toString();
				if (status === 200) acknowledged.add(body);
			});
		}),
		{ numRuns: runs(250) },
	);
	expect(acknowledged.size).toBeGreaterThan(200);
	await vi.waitFor(
		async () => expect(await harness.waiting(harness.stack.queueUrl)).toBe(0),
		DEADLINE,
	);
	// JSON.stringify is recursive, and one of the rows is nested too deeply for it.
	const texts = (await harness.rows())
		.map(({ text }) => text)
		.filter((text) => text.length < 4_000);
	const meaning = (text: string): string => JSON.stringify(JSON.parse(text)).replaceAll(TOKEN, "");
	const kept = new Set(texts.map(meaning));
	for (const body of acknowledged) expect(kept.has(meaning(body)), body).toBe(true);
});

test("no crash, no unbounded log line, nothing of the token", async () => {
	const log = await readFile(harness.stack.logFile, "utf8");
	const lines = log.split("\n").filter((line) => line.startsWith("{"));
	for (const line of lines) expect(line.length).toBeLessThan(2_000);
	expect(log).not.toContain('"level":"ERROR"');
	expect(log).not.toContain("Unhandled");
	const rows = await harness.rows();
	expect(log + JSON.stringify(rows)).not.toContain(TOKEN);
	expect(await harness.waiting(harness.stack.deadLetterQueueUrl)).toBe(0);
});
