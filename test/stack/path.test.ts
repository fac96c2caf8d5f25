import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { foldRevisions, revisionOf } from "../../lib/archive/revisions.ts";
import { MAX_BODY_BYTES } from "../../lib/intake/body.ts";
import { expected, sampleBody, sampleNames } from "../../samples/samples.ts";
import { denseText, textMessage } from "../callbacks.ts";
import { type StoredRow, useStack } from "./harness.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const ACKNOWLEDGED = { status: 200, body: { errcode: 0, errmsg: expect.any(String) } };
const DEADLINE = { timeout: 15_000, interval: 100 };

const harness = useStack();

/** The text that is to be kept of a body. */
const kept = (body: string): string => body.replace(`"${TOKEN}"`, '""');

async function rowsWith(...texts: string[]): Promise<StoredRow[]> {
	return vi.waitFor(async () => {
		const found = (await harness.rows()).filter(({ text }) => texts.includes(text));
		expect(new Set(found.map(({ text }) => text))).toEqual(new Set(texts));
		return found;
	}, DEADLINE);
}

test("every sample body is answered by the contract, and kept word for word, once", async () => {
	for (const name of sampleNames) {
		const answer = await harness.post(sampleBody(name));
		if (expected[`${name}.json`]?.conformance === "unreadable") {
			expect(answer).toMatchObject({ status: 400, body: { errcode: 47_001 } });
		} else {
			expect(answer).toEqual(ACKNOWLEDGED);
		}
	}
	const readable = sampleNames.filter((name) => name !== "b-truncated").map(sampleBody);
	const found = await rowsWith(...readable.map(kept));
	// The two retries are one body; all others differ.
	expect(found).toHaveLength(readable.length - 1);
	for (const row of found) expect(JSON.stringify(row)).not.toContain(TOKEN);
	for (const name of sampleNames.filter((one) => one !== "b-truncated")) {
		const row = found.find(({ text }) => text === kept(sampleBody(name)));
		expect([name, row?.conformance]).toEqual([name, expected[`${name}.json`]?.conformance]);
	}
	const log = await readFile(harness.stack.logFile, "utf8");
	for (const counter of ["Documented", "Corrected", "Unrecognized", "UnrecognizedByType"]) {
		expect(log).toContain(`"${counter}":1`);
	}
});

test("pushes of an image are three revisions of one message; two bots' copies are two", async () => {
	const pushed = sampleNames.filter((name) => /^(t06-image-push|dup-room)/.test(name));
	for (const name of pushed) await harness.post(sampleBody(name));
	const all = await rowsWith(...pushed.map((name) => kept(sampleBody(name))));
	const rows = all.filter(({ text }) => text.includes("0c0d0c0d"));
	const nothing = { parts: async () => [] };
	const images = await foldRevisions(rows.map((row) => revisionOf(nothing, row)));
	expect(images).toHaveLength(1);
	expect(images[0]?.revisions).toHaveLength(3);
	expect(await images[0]?.fullest.text()).toContain("i-orig.jpg");
	const copies = all.filter(({ messageId }) => messageId === "0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d");
	expect(new Set(copies.map(({ botId }) => botId)).size).toBe(2);
});

test("redeliveries without usable id or time are one row too", async () => {
	const bodies = [
		textMessage({ messageId: null, payload: { text: "no id" } }),
		textMessage({ timestamp: "soon", payload: { text: "no time" } }),
		textMessage({ chatId: "", payload: { text: "no chat" } }),
	];
	for (const body of bodies) expect(await harness.post(body)).toEqual(ACKNOWLEDGED);
	const first = await rowsWith(...bodies.map(kept));
	expect(first).toHaveLength(3);
	for (const body of bodies) expect(await harness.post(body)).toEqual(ACKNOWLEDGED);
	await vi.waitFor(
		async () => expect(await harness.waiting(harness.stack.queueUrl)).toBe(0),
		DEADLINE,
	);
	// Nothing of them has changed, not even when they arrived.
	expect(await rowsWith(...bodies.map(kept))).toEqual(first);
});

test.each([
	["small", 100],
	["compressed on the queue", 100_000],
	["as large as a body may be", MAX_BODY_BYTES - 400],
])("a body of odd characters, %s", async (_, length) => {
	const text = `\u0000\ufffe\uffff😀\u202e${denseText(length)}`;
	const body = textMessage({ chatId: "odd", payload: { text } });
	expect(await harness.post(body)).toEqual(ACKNOWLEDGED);
	expect(await rowsWith(kept(body))).toHaveLength(1);
});

test.each([
	"application/octet-stream",
	"text/plain; charset=gbk",
	"application/json; charset=iso-8859-1",
	"application/x-www-form-urlencoded",
])("%s is read as UTF-8", async (type) => {
	const body = textMessage({ chatId: "types", payload: { text: `汉字 ${type}` } });
	expect(await harness.post(Buffer.from(`\uFEFF${body}`), { "content-type": type })).toEqual(
		ACKNOWLEDGED,
	);
	expect(await rowsWith(kept(body))).toHaveLength(1);
});

test("the queue took all of that: nothing had to be written directly", async () => {
	expect(await readFile(harness.stack.logFile, "utf8")).not.toContain("did not take a message");
});
