import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_BODY_BYTES } from "../../../lib/intake/body.ts";
import { itemsOf, partKeysOf, textOf } from "../../../lib/storage/record.ts";
import { callbackKey, callbackRow, chatKey, chatOf } from "../../../lib/storage/row.ts";
import { sampleBody } from "../../../local/samples.ts";
import { denseText, envelopeOf, textMessage } from "../../callbacks.ts";

const keyOfText = (text: string, receivedAt?: string) => {
	const { pk, sk } = envelopeOf(text, receivedAt === undefined ? {} : { receivedAt }).row;
	return { pk, sk };
};

test("the row of a usual message", () => {
	const text = textMessage();
	const verdict = { violations: ["/x"], conformance: "unrecognized", blanked: 1 } as const;
	expect(itemsOf(envelopeOf(text, verdict)).row).toEqual({
		pk: "chat#65f0a1b2c3d4e5f60718293a",
		sk: expect.stringMatching(
			/^2026-01-01T00:00:02\.000Z#0123456789abcdef0123456789abcdef#[\w-]{43}$/,
		),
		messageId: "0123456789abcdef0123456789abcdef",
		botId: "aa11bb22cc33dd44ee55ff01",
		contactId: "7881300000000001",
		type: 7,
		sentAt: "2026-01-01T00:00:02.000Z",
		receivedAt: "2026-01-02T03:04:05.006Z",
		conformance: "unrecognized",
		violations: ["/x"],
		review: expect.stringMatching(/^[0-9a-f]$/),
		blanked: 1,
		message: text,
	});
});

describe("the key follows from the bytes alone", () => {
	test.each([
		["a usual message", textMessage()],
		["no time", textMessage({ timestamp: undefined })],
		["no id", textMessage({ messageId: "" })],
		["no chat", textMessage({ chatId: null })],
		["no identity at all", sampleBody("x-conforms-but-empty")],
	])("%s", (_, text) => {
		expect(keyOfText(text, "2026-05-05T00:00:00.000Z")).toEqual(keyOfText(text));
	});

	test("of a message that the history tells there is one row, whatever it says", () => {
		const origin = "history";
		const rowOf = (fields: object) => envelopeOf(textMessage({ ...fields }), { origin }).row;
		const [row, renamed] = [rowOf({}), rowOf({ contactName: "another" })];
		expect([renamed.pk, renamed.sk]).toEqual([row.pk, row.sk]);
		expect(renamed.textDigest).not.toBe(row.textDigest);
		expect(row.sk).not.toBe(keyOfText(textMessage()).sk);
		expect(rowOf({ botId: "other" }).sk).not.toBe(row.sk);
		const nameless = [rowOf({ messageId: "" }), rowOf({ messageId: "", contactName: "another" })];
		expect(nameless[0]?.sk).not.toBe(nameless[1]?.sk);
	});

	test("other bytes, another key", () => {
		expect(keyOfText(textMessage())).not.toEqual(keyOfText(`${textMessage()} `));
	});

	test("every key is one that DynamoDB takes", () => {
		const ids = fc.string({ unit: "binary", size: "max", maxLength: 4_000 });
		fc.assert(
			fc.property(ids, ids, ids, (messageId, chatId, contactId) => {
				const { row } = envelopeOf(textMessage({ messageId, chatId, contactId }));
				expect(Buffer.byteLength(row.pk)).toBeLessThanOrEqual(2_048);
				expect(Buffer.byteLength(row.sk)).toBeLessThanOrEqual(1_024);
				expect(Buffer.byteLength(row.contactId ?? "-")).toBeLessThanOrEqual(2_048);
				expect(row.messageId).not.toBe("");
			}),
		);
	});
});

describe("no message can take the place of another kind of row", () => {
	test.each(["callback#sentResult", "apart#0", "part#x", "chat#c"])("the chat %s", (chatId) => {
		const { pk } = envelopeOf(textMessage({ chatId })).row;
		expect(pk).toBe(`chat#${chatId}`);
		expect([callbackKey("sentResult"), "apart#0", "part#x", chatKey("c")]).not.toContain(pk);
		expect(chatOf({ pk, sk: "" })).toBe(chatId);
	});

	test("an id that looks like the digest of a long one is not that one's key", () => {
		const long = "x".repeat(600);
		const digest = chatKey(long).slice("chat#".length);
		expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
		expect(chatKey(digest)).not.toBe(chatKey(long));
	});
});

test("a message without a chat is kept apart, its revisions together and its text alone if it must", () => {
	const apart = (fields: object) => envelopeOf(textMessage({ chatId: "", ...fields })).row.pk;
	expect(apart({})).toMatch(/^apart#[0-9a-f]$/);
	const revisions = Array.from({ length: 40 }, (_, n) => apart({ payload: { text: `${n}` } }));
	expect(new Set(revisions).size).toBe(1);
	const bots = Array.from({ length: 40 }, (_, n) => apart({ botId: `${n}` }));
	expect(new Set(bots).size).toBeGreaterThan(5);
	const nameless = Array.from({ length: 40 }, (_, n) => apart({ messageId: "", type: n }));
	expect(new Set(nameless).size).toBeGreaterThan(5);
});

test("an unusable time falls back to the time of arrival", () => {
	expect(envelopeOf(textMessage({ timestamp: "soon" })).row.sentAt).toBe(
		"2026-01-02T03:04:05.006Z",
	);
});

test("an id with half of a surrogate pair, which no UTF-8 has, stands as its own digest", () => {
	const digested = ["\ud83d", "\ud83e", "a\udc00"].map((id) => {
		const { row } = itemsOf(envelopeOf(textMessage({ chatId: id, messageId: id, contactId: id })));
		expect(JSON.stringify(row)).toMatch(/^[^\\]*"message":/);
		return row.pk;
	});
	expect(new Set(digested).size).toBe(3);
	expect(itemsOf(envelopeOf(textMessage({ chatId: "😀" }))).row.pk).toBe("chat#😀");
});

const DENSE = textMessage({ payload: { text: denseText(MAX_BODY_BYTES - 400) } });

describe("the text reads back, in items that DynamoDB takes", () => {
	test.each([
		["short", textMessage(), 0],
		["long", textMessage({ payload: { text: "长".repeat(100_000) } }), 0],
		["dense", DENSE, 3],
	])("%s", (_, text, count) => {
		const { row, parts } = itemsOf(envelopeOf(text));
		expect(parts).toHaveLength(count);
		for (const item of [row, ...parts]) {
			const binary = item.messageGzip?.length ?? 0;
			expect(JSON.stringify({ ...item, messageGzip: "" }).length + binary).toBeLessThan(400_000);
		}
		expect(partKeysOf(row)).toEqual(parts.map(({ pk, sk }) => ({ pk, sk })));
		expect(textOf(row, parts.toReversed())).toBe(text);
	});
});

describe("what is not whole is not read", () => {
	const { row, parts } = itemsOf(envelopeOf(DENSE));
	const [first, second, third] = parts;
	if (!first || !second || !third) throw new Error("three parts are needed");

	test.each([
		["the last part missing", [first, second]],
		["one in the middle missing", [first, third]],
		["none", []],
		["one twice", [first, second, second]],
		["one that is no gzip", [first, second, { ...third, messageGzip: Buffer.from("x") }]],
	])("%s", (_, some) => {
		expect(textOf(row, some)).toBeUndefined();
	});

	test("a text that is another", () => {
		const short = itemsOf(envelopeOf(textMessage())).row;
		expect(textOf({ ...short, message: `${short.message} ` }, [])).toBeUndefined();
	});
});

test("parts outlive their row, by more than the days that DynamoDB may take", () => {
	const { row, parts } = itemsOf(envelopeOf(DENSE), 10);
	expect(row.expiresAt).toBe(Math.ceil(Date.parse("2026-01-12T03:04:05.006Z") / 1_000));
	const later = parts.map(({ expiresAt = 0 }) => expiresAt - (row.expiresAt ?? 0));
	expect(later).toEqual([30, 30, 30].map((days) => days * 86_400));
	const forEver = itemsOf(envelopeOf(DENSE));
	expect([forEver.row, ...forEver.parts].map(({ expiresAt }) => expiresAt)).toEqual(
		Array(4).fill(undefined),
	);
});

test("other callbacks are one row only if all that was received of them is the same", () => {
	const line = { method: "POST", path: "chat", query: "", encoding: "utf8" } as const;
	const arrival = { receivedAt: "2026-01-02T03:04:05.006Z", blanked: 0 };
	const rows = [
		callbackRow("AAAA", line, arrival),
		callbackRow("AAAA", { ...line, method: "PUT" }, arrival),
		callbackRow("AAAA", { ...line, path: "room/left" }, arrival),
		callbackRow("AAAA", { ...line, query: "a=1" }, arrival),
		callbackRow("AAAB", line, arrival),
		// Three zero bytes, not four letters.
		callbackRow("AAAA", { ...line, encoding: "base64" }, arrival),
	];
	expect(new Set(rows.map(({ pk, sk }) => pk + sk)).size).toBe(6);
	const later = { ...arrival, receivedAt: "2027-01-01T00:00:00.000Z" };
	expect(callbackRow("AAAA", line, later).sk).toBe(rows[0]?.sk);
});
