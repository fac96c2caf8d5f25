import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { itemOf } from "../../../lib/archive/item.ts";
import { MAX_BODY_BYTES } from "../../../lib/intake/body.ts";
import { parseObject } from "../../../lib/message/json-text.ts";
import type { Envelope } from "../../../lib/storage/envelope.ts";
import {
	type Item,
	itemBytes,
	itemsOf,
	partKeysOf,
	textOf,
	writeUnits,
} from "../../../lib/storage/record.ts";
import {
	callbackKey,
	callbackRow,
	chatKey,
	chatOf,
	storingPlace,
	storingShard,
} from "../../../lib/storage/row.ts";
import { sampleBody, sampleNames } from "../../../samples/samples.ts";
import { denseText, envelopeOf, textMessage } from "../../callbacks.ts";

function isJson(text: string): boolean {
	return parseObject(text) !== undefined;
}

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
		botId: "aa11bb22cc33dd44ee55ff01",
		type: 7,
		receivedAt: "2026-01-02T03:04:05.006Z",
		conformance: "unrecognized",
		violations: ["/x"],
		review: expect.stringMatching(/^[0-9a-f]$/),
		blanked: 1,
		message: text,
	});
});

describe("what a row leaves to its key and its text is read out of them again", () => {
	const read = (envelope: Envelope): unknown => {
		const { message: _, messageGzip: __, ...row } = itemOf(itemsOf(envelope).row) ?? {};
		return row;
	};

	test.each(sampleNames.filter((name) => isJson(sampleBody(name))))("of %s", (name) => {
		for (const conformance of ["documented", "corrected", "unrecognized"] as const) {
			const envelope = envelopeOf(sampleBody(name), { conformance, violations: ["x"] });
			expect(read(envelope)).toEqual(envelope.row);
		}
	});

	test("whatever ids a message has, and however long its text is", () => {
		const value = fc.oneof(
			fc.string({ unit: "binary", maxLength: 700 }),
			fc.constantFrom("", null, undefined, 1, "sha256:0", "a#b##", "untimed#"),
		);
		const fields = fc.record({
			...{ messageId: value, chatId: value, botId: value, contactId: value, roomId: value },
			...{ externalUserId: value, source: value, isSelf: fc.boolean(), type: value },
			...{ timestamp: fc.constantFrom(1_767_225_602_000, "1767225602", null, "soon") },
			payload: fc.record({ text: fc.string({ maxLength: 3_000, size: "max" }) }),
		});
		fc.assert(
			fc.property(fields, (said) => {
				const envelope = envelopeOf(textMessage(said));
				expect(read(envelope)).toEqual(envelope.row);
			}),
		);
	});
});

test("a row that says nothing of it is corrected, as nearly every one is", () => {
	const { row } = itemsOf(envelopeOf(textMessage(), { conformance: "corrected" }));
	expect(row).not.toHaveProperty("conformance");
	expect(itemOf(row)).toMatchObject({ conformance: "corrected" });
});

describe("a row costs as few writes as it can", () => {
	const rowOf = (length: number, letter = "长"): Item =>
		itemsOf(envelopeOf(textMessage({ payload: { text: letter.repeat(length) } }))).row;

	test.each([
		["a usual text stays readable", rowOf(50), "message"],
		["one that compresses into a write less does not", rowOf(800), "messageGzip"],
		["one of which no write is saved does", dense(1_400), "message"],
	] as const)("%s", (_, row, where) => {
		expect(row[where]).toBeDefined();
	});

	test.each([
		["a text", { ab: "长" }, 2 + 3],
		["a number, two digits to a byte", { n: 12_345 }, 1 + 3 + 1],
		["a list, with one more for each", { l: ["ab", "c"] }, 1 + 3 + 1 + 2 + 1 + 1],
		["a binary", { b: Buffer.from([1, 2]) }, 1 + 2],
		["yes or no", { yes: true }, 3 + 1],
		["all of it", { a: "b", c: false }, 2 + 2],
	])("the bytes of %s are those that DynamoDB bills", (_, item, bytes) => {
		expect(itemBytes(item)).toBe(bytes);
	});

	test("of a text that compresses no byte of its place begins another write", () => {
		const place = storingPlace({ pk: "", sk: "" }, 0);
		const bytes = Array.from({ length: 600 }, (_, n) => itemBytes({ ...rowOf(n, "a"), ...place }));
		expect(Math.max(...bytes)).toBeLessThanOrEqual(1_024);
		expect(Math.max(...bytes)).toBeGreaterThan(1_000);
	});

	test("the usual row is within one", () => {
		const place = storingPlace({ pk: "", sk: "" }, 0);
		const bytes = itemBytes({ ...rowOf(50), ...place });
		expect([bytes < 1_024, writeUnits(bytes), writeUnits(1_025)]).toEqual([true, 1, 2]);
	});

	function dense(length: number): Item {
		return itemsOf(envelopeOf(textMessage({ payload: { text: denseText(length) } }))).row;
	}
});

test("all rows of a message share a shard, and messages are spread over all", () => {
	const shardOf = (text: string): string => storingPlace(envelopeOf(text).row, 0).shard;
	const revisions = Array.from({ length: 20 }, (_, n) =>
		shardOf(textMessage({ payload: { text: `${n}` }, botId: `${n % 2}`, chatId: `${n % 3}` })),
	);
	expect(new Set(revisions)).toEqual(new Set([storingShard("0123456789abcdef0123456789abcdef")]));
	const others = Array.from({ length: 600 }, (_, n) => shardOf(textMessage({ messageId: `${n}` })));
	const nameless = Array.from({ length: 600 }, (_, n) =>
		shardOf(textMessage({ messageId: "", type: n })),
	);
	for (const shards of [others, nameless]) expect(new Set(shards).size).toBe(64);
	// What lies in the table already is looked for by these names.
	for (const shard of others) expect(shard).toMatch(/^[0-3][0-9a-f]$/);
});

describe("the directory tells where a contact and a room are found", () => {
	const entriesOf = (fields: Readonly<Record<string, unknown>>, days?: number) =>
		itemsOf(envelopeOf(textMessage(fields)), days).entries;

	test("of a chat, and of what names none", () => {
		expect(entriesOf({ contactId: "c", roomId: "r", chatId: "x" })).toEqual([
			{ pk: "contact#c", sk: "chat#x" },
			{ pk: "room#r", sk: "chat#x" },
		]);
		const [entry] = entriesOf({ contactId: "c", roomId: "", chatId: "" });
		expect(entry).toEqual({ pk: "contact#c", sk: expect.stringMatching(/^apart#[0-9a-f]$/) });
		expect(entriesOf({ contactId: "", roomId: null })).toEqual([]);
	});

	test("for as long as its rows are there, and is renewed only now and then", () => {
		const expiry = (days: number, receivedAt: string): number => {
			const { row, entries } = itemsOf(envelopeOf(textMessage(), { receivedAt }), days);
			expect(entries[0]?.expiresAt).toBeGreaterThanOrEqual(row.expiresAt ?? Infinity);
			return entries[0]?.expiresAt ?? 0;
		};
		const first = expiry(10, "2026-01-02T03:04:05.006Z");
		const days = Array.from({ length: 28 }, (_, n) => `2026-01-${String(n + 1).padStart(2, "0")}`);
		const expiries = days.map((day) => expiry(10, `${day}T00:00:00.000Z`));
		expect(new Set([first, ...expiries]).size).toBeLessThanOrEqual(2);
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

test("a row whose text is elsewhere says itself what a look-up asks for", () => {
	const envelope = envelopeOf(DENSE);
	expect(itemsOf(envelope).row).toMatchObject(envelope.row);
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
