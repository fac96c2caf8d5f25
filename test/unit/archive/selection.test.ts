import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { CallbackItem, MessageItem } from "../../../lib/archive/item.ts";
import type { Range, Reader } from "../../../lib/archive/reader.ts";
import type { Message } from "../../../lib/archive/revisions.ts";
import {
	findMessages,
	messageAt,
	type Selection,
	selectCallbacks,
	selectMessages,
} from "../../../lib/archive/selection.ts";
import { itemsOf } from "../../../lib/storage/record.ts";
import { callbackRow, storingPlace } from "../../../lib/storage/row.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";

const MOMENT = 1_767_225_600_000;
const time = (second: number): string => new Date(MOMENT + second * 1_000).toISOString();

/** A message's row of that second. */
function rowOf(second: number, fields: Readonly<Record<string, unknown>> = {}): MessageItem {
	const said = { messageId: `m${second}`, chatId: "c", timestamp: MOMENT + second * 1_000 };
	const envelope = envelopeOf(textMessage({ ...said, ...fields }));
	return { ...envelope.row, storedAt: time(second), message: envelope.text };
}

/** A table in memory, in pages of three rows; counts what was read of it. */
function tableOf(rows: readonly MessageItem[], callbacks: readonly CallbackItem[] = []) {
	const counts = { pages: 0, lookups: 0, shards: 0, largest: 0, batches: 0 };
	const checkBounds = (...bounds: string[]): void => {
		if (bounds.includes("")) throw new Error("DynamoDB takes no empty key");
	};
	async function* paged<Item>(items: readonly Item[]): AsyncGenerator<Item[]> {
		for (let at = 0; at < items.length; at += 3) {
			counts.pages++;
			yield items.slice(at, at + 3);
		}
	}
	const keyed = ({ by, key }: Range, row: MessageItem): boolean =>
		key === (by === undefined ? row.pk : by === "message" ? row.messageId : undefined);
	const reader: Reader = {
		rowsOf(range) {
			if (range.by === "message") counts.lookups++;
			checkBounds(range.from, range.to);
			const found = rows
				.filter((row) => keyed(range, row) && range.from <= row.sk && row.sk <= range.to)
				.toSorted((a, b) => (a.sk < b.sk ? -1 : 1));
			return paged(range.newestFirst ? found.reverse() : found);
		},
		allRows: () => paged(rows),
		callbackRows: (path) =>
			paged(callbacks.filter((row) => path === undefined || row.path === path)),
		storedKeys: (shard, { from, to, newestFirst, pageSize = 1 }) => {
			counts.shards++;
			counts.largest = Math.max(counts.largest, pageSize);
			checkBounds(from, to);
			const stored = rows.flatMap(({ pk, sk, receivedAt, storedAt = receivedAt }) => {
				const key = { pk, sk, receivedAt, storedAt };
				const isHere = storingPlace(key, 0).shard === shard;
				return isHere && from <= storedAt && storedAt <= to ? [key] : [];
			});
			const found = stored.toSorted((a, b) => (a.storedAt < b.storedAt ? -1 : 1));
			return paged(newestFirst ? found.reverse() : found);
		},
		async rowsAt(keys) {
			counts.batches++;
			return keys.flatMap(
				(key) => rows.find((row) => row.pk === key.pk && row.sk === key.sk) ?? [],
			);
		},
		parts: async () => [],
		updateVerdict: async () => {},
	};
	return { reader, counts };
}

const ids = (messages: readonly Message[]): (string | undefined)[] =>
	messages.map(({ fullest }) => fullest.row.messageId);
const chat = [{ key: "chat#c" }];
const mixed = [5, 2, 9, 1, 8, 3, 7, 4, 6].map((second) => rowOf(second));

test("the whole table, and a chat: oldest first, within bounds that both count", async () => {
	const { reader, counts } = tableOf(mixed);
	for (const places of [undefined, chat]) {
		counts.shards = 0;
		expect(ids(await selectMessages(reader, { places }))).toHaveLength(9);
		// The order of storing would cost a second reading.
		expect(counts.shards).toBe(0);
		const bounds = { places, since: time(3), until: time(5) };
		expect(ids(await selectMessages(reader, bounds))).toEqual(["m3", "m4", "m5"]);
	}
});

test("a limit takes the newest, and of a chat reads no further than it needs", async () => {
	const { reader, counts } = tableOf(mixed);
	expect(ids(await selectMessages(reader, { places: chat, limit: 2 }))).toEqual(["m8", "m9"]);
	expect(counts.pages).toBe(1);
	counts.pages = 0;
	expect(ids(await selectMessages(reader, { places: chat, until: time(1) }))).toEqual(["m1"]);
	expect(counts.pages).toBe(1);
	expect(ids(await selectMessages(reader, { limit: 2 }))).toEqual(["m8", "m9"]);
	// Each of the 64 shards is asked for so many.
	expect(counts.largest).toBe(2);
	expect(ids(await selectMessages(reader, { limit: 20 }))).toHaveLength(9);
});

test("a large limit reads on, and a small one no more than a batch", async () => {
	const many = Array.from({ length: 250 }, (_, second) => rowOf(second));
	const { reader, counts } = tableOf(many);
	expect(ids(await selectMessages(reader, { limit: 2 }))).toEqual(["m248", "m249"]);
	expect(counts.batches).toBe(1);
	expect(await selectMessages(reader, { limit: 220 })).toHaveLength(220);
	await selectMessages(reader, { since: time(0) });
	expect(counts.largest).toBeLessThanOrEqual(1_000);
});

test("of many messages no more are asked for their revisions at once than the SDK has connections", async () => {
	const { reader } = tableOf(Array.from({ length: 200 }, (_, second) => rowOf(second)));
	let asked = 0;
	let most = 0;
	const slow: Reader = {
		...reader,
		async *rowsOf(range) {
			most = Math.max(most, ++asked);
			await setImmediate();
			asked--;
			yield* reader.rowsOf(range);
		},
	};
	expect(await selectMessages(slow, { limit: 200 })).toHaveLength(200);
	expect(most).toBeGreaterThan(1);
	expect(most).toBeLessThanOrEqual(50);
});

test("of a large table only what is new is read, also what was stored late", async () => {
	const late = { ...rowOf(1, { messageId: "late" }), storedAt: time(20) };
	const hour = 3_600;
	const { reader, counts } = tableOf([...mixed, late, rowOf(2 * hour), rowOf(2 * hour + 1)]);
	const said = async (selection: Selection) => ids(await selectMessages(reader, selection));
	expect(await said({ limit: 3 })).toEqual(["late", "m7200", "m7201"]);
	// That reads a share of all keys, for each of them.
	expect(counts.lookups).toBe(0);
	counts.pages = 0;
	// Stored an hour before, it could only be a message that is an hour ahead.
	expect(await said({ since: time(2 * hour + 1) })).toEqual(["m7201"]);
	expect(counts.pages).toBeLessThanOrEqual(2);
	expect(await said({ since: time(1), until: time(1) })).toEqual(["late", "m1"]);
});

test("a limit counts messages, not their revisions, and keeps all of these", async () => {
	const revisions = [1, 2, 3, 4].map((n) => rowOf(9, { payload: { text: `revision ${n}` } }));
	const { reader } = tableOf([
		...revisions,
		...mixed.filter(({ messageId }) => messageId !== "m9"),
	]);
	for (const places of [undefined, chat]) {
		const messages = await selectMessages(reader, { places, limit: 2 });
		expect(messages.map((message) => message.revisions.length)).toEqual([1, 4]);
		const [last] = await selectMessages(reader, { places, limit: 1 });
		expect(last?.revisions).toHaveLength(4);
	}
});

test("of a message that has told several times a limit shows what was stored last", async () => {
	const [first, second] = [1, 2].map((n) => ({ ...rowOf(n, { messageId: "m" }) }));
	const { reader } = tableOf([first, second, rowOf(3)].filter((row) => row !== undefined));
	const [message] = await selectMessages(reader, { limit: 3 });
	expect(message?.fullest.row.sk).toBe(second?.sk);
});

test("what tells no time is found in its chat, too", async () => {
	const { reader } = tableOf([...mixed, rowOf(0, { timestamp: null, messageId: "untimed" })]);
	expect(ids(await selectMessages(reader, { places: chat }))).toContain("untimed");
});

test("only what wants a look", async () => {
	const odd = { ...rowOf(1, { messageId: "odd" }), review: "0" };
	const { reader } = tableOf([...mixed, odd]);
	for (const places of [undefined, chat]) {
		expect(ids(await selectMessages(reader, { places, review: true }))).toEqual(["odd"]);
	}
});

test("an id finds its message of each bot, and its beginning all that begin so", async () => {
	const { reader, counts } = tableOf([rowOf(1), rowOf(1, { botId: "other" }), rowOf(10), rowOf(2)]);
	expect(ids(await findMessages(reader, "m1", {}))).toEqual(["m1", "m1"]);
	expect(counts.pages).toBe(1);
	expect(ids(await findMessages(reader, "m", { limit: 2 }))).toEqual(["m2", "m10"]);
	expect(ids(await findMessages(reader, "x", {}))).toEqual([]);
	expect(ids(await findMessages(reader, "", {}))).toEqual([]);
});

test("of a beginning of an id a limit takes the newest, in whatever order the table has them", async () => {
	const seconds = fc.uniqueArray(fc.nat({ max: 99 }), { maxLength: 30 });
	await fc.assert(
		fc.asyncProperty(seconds, fc.integer({ min: 1, max: 5 }), async (some, limit) => {
			const nameless = rowOf(100, { messageId: "" });
			// Each has two revisions, which lie apart.
			const [rows, others] = ["", "again"].map((text) =>
				some.map((second) => rowOf(second, { payload: { text } })),
			);
			const { reader } = tableOf([nameless, ...(rows ?? []), ...(others ?? [])]);
			const found = await findMessages(reader, "m", { limit });
			const newest = some.toSorted((a, b) => a - b).slice(-limit);
			expect(ids(found)).toEqual(newest.map((second) => `m${second}`));
			expect(found.map(({ revisions }) => revisions.length)).toEqual(newest.map(() => 2));
		}),
	);
	// It is as new as the latest time that it has told.
	const told = [1, 100, 2].map((second) => rowOf(second, { messageId: "m0" }));
	const { reader } = tableOf([...told, ...[50, 60, 70, 80].map((second) => rowOf(second))]);
	expect(ids(await findMessages(reader, "m", { limit: 3 }))).toEqual(["m70", "m80", "m0"]);
});

test("a row's message has its revisions, but not another bot's copy, and not a thousand of them", async () => {
	const revisions = Array.from({ length: 200 }, (_, n) => rowOf(1, { payload: { text: `${n}` } }));
	const { reader } = tableOf([rowOf(1, { botId: "other" }), ...revisions, rowOf(2)]);
	const [, , , own] = revisions;
	const message = own && (await messageAt(reader, own));
	expect(message?.revisions.map(({ row }) => row)).toContainEqual(own);
	expect(new Set(message?.revisions.map(({ row }) => row.botId))).toEqual(new Set([own?.botId]));
	expect(message?.revisions.length).toBeLessThan(60);
	expect(await messageAt(reader, { pk: "chat#c", sk: "nothing" })).toBeUndefined();
});

test("a row's message has all its revisions, those of other times when asked for, and no other message", async () => {
	const revisions = Array.from({ length: 20 }, (_, n) => rowOf(1, { payload: { text: `${n}` } }));
	const later = rowOf(2, { messageId: "m1" });
	const copies = ["a", "b"].map((botId) => rowOf(1, { botId }));
	const nameless = rowOf(1, { messageId: "" });
	const { reader, counts } = tableOf([...revisions, later, ...copies, nameless]);
	// DynamoDB may answer with an empty page first.
	const table: Reader = {
		...reader,
		async *rowsOf(range) {
			yield [];
			yield* reader.rowsOf(range);
		},
	};
	const countAt = async (row: MessageItem, isQuick?: boolean) => {
		const message = await messageAt(table, row, isQuick);
		expect(message?.revisions.map((one) => one.row.botId)).toContain(row.botId);
		return message?.revisions.length;
	};
	expect(await countAt(later, true)).toBe(1);
	expect(counts.lookups).toBe(0);
	expect(await countAt(later)).toBe(21);
	for (const copy of copies) expect(await countAt(copy)).toBe(1);
	counts.lookups = 0;
	expect(await countAt(nameless)).toBe(1);
	expect(counts.lookups).toBe(0);
});

test("other callbacks: by path, in the order of their arrival, the newest of them", async () => {
	const callbacks = [3, 1, 2].map((second) => {
		const line = { method: "POST", path: "chat", query: `n=${second}`, encoding: "utf8" } as const;
		const row = callbackRow("{}", line, { receivedAt: time(second), blanked: 0 });
		return { ...row, ...itemsOf({ row, text: "{}" }).row, path: second === 1 ? "other" : "chat" };
	});
	const { reader } = tableOf([], callbacks);
	const queries = async (
		...options: Parameters<typeof selectCallbacks> extends [Reader, ...infer Rest] ? Rest : never
	) => (await selectCallbacks(reader, ...options)).map(({ row }) => row.query);
	expect(await queries(undefined, {})).toEqual(["n=1", "n=2", "n=3"]);
	expect(await queries("chat", {})).toEqual(["n=2", "n=3"]);
	expect(await queries(undefined, { limit: 2 })).toEqual(["n=2", "n=3"]);
	expect(await queries(undefined, { since: time(2), until: time(2) })).toEqual(["n=2"]);
});
