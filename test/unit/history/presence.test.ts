import { describe, expect, test } from "vitest";
import { findPresent, isOfSame } from "../../../lib/history/presence.ts";
import {
	type CallbackRow,
	callbackRow,
	chatKey,
	type MessageRow,
	storingPlace,
} from "../../../lib/storage/row.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";

const NOON = Date.parse("2026-01-01T12:00:00.000Z");
const HOUR_MS = 3_600_000;
const at = (ms: number): string => new Date(NOON + ms).toISOString();
const window = { since: at(0), until: at(2 * HOUR_MS) };

/** A message, so many ms after noon. */
const textOf = (messageId: string, ms: number, fields: object = {}): string =>
	textMessage({ messageId, timestamp: NOON + ms, ...fields });

const rowOf = (...said: Parameters<typeof textOf>): MessageRow => envelopeOf(textOf(...said)).row;

/** The row as the history's. */
const toldOf = (...said: Parameters<typeof textOf>): MessageRow =>
	envelopeOf(textOf(...said), { origin: "history" }).row;

type Stored = (MessageRow | CallbackRow) & { readonly storedAt: string };

const stored = (row: MessageRow, ms = 0): Stored & MessageRow => ({ ...row, storedAt: at(ms) });

const line = { method: "POST", path: "room", query: "", encoding: "utf8" } as const;
const callback = callbackRow("{}", line, { receivedAt: at(0), blanked: 0 });

/**
 * A table in memory.
 *
 * @param indexed what its index has, beside another callback.
 * @param fresh what only the table itself has yet.
 */
function presentIn(indexed: readonly (Stored & MessageRow)[], fresh: readonly MessageRow[] = []) {
	const keys: readonly Stored[] = [{ ...callback, storedAt: at(0) }, ...indexed];
	return findPresent(
		{
			async *storedKeys(shard, { from, to }) {
				yield keys
					.filter((key) => storingPlace(key, 0).shard === shard)
					.filter(({ storedAt }) => from <= storedAt && storedAt <= to);
			},
			async *rowsOf({ key, from, to }) {
				yield [];
				yield [...indexed, ...fresh]
					.filter(({ pk, sk }) => pk === key && from <= sk && sk <= to)
					.map((row) => ({ ...row, message: "" }));
			},
		},
		window,
	);
}

describe("a message is there", () => {
	test("when it is a row of its bot's, however its time is told, and in whichever chat", async () => {
		const isThere = await presentIn([
			stored(rowOf("seconds", 1_000)),
			stored(rowOf("timeless", 0, { timestamp: 0 })),
			stored(rowOf("moved", 0, { chatId: "c" })),
		]);
		expect(await isThere(toldOf("seconds", 1_234))).toBe(true);
		expect(await isThere(toldOf("timeless", 5_000))).toBe(true);
		expect(await isThere(toldOf("moved", 0, { chatId: "d" }))).toBe(true);
		expect(await isThere(toldOf("other", 1_000))).toBe(false);
	});

	test("when one of several rows is its bot's", async () => {
		const bots = ["a", "b"].map((botId) => rowOf("m", 0, { botId, chatId: `of ${botId}` }));
		const told = (botId: string) => toldOf("m", 0, { botId, chatId: `of ${botId}` });
		const isThere = await presentIn(bots.map((row) => stored(row)));
		expect(await Promise.all(["a", "b", "c"].map((bot) => isThere(told(bot))))).toEqual([
			...[true, true, false],
		]);
	});

	test("when it was stored an hour before the window, or whenever after it", async () => {
		const times = { early: -HOUR_MS, late: 100 * HOUR_MS, earlier: -HOUR_MS - 1 };
		const isThere = await presentIn(
			Object.entries(times).map(([id, ms]) => stored(rowOf(id, 1_000), ms)),
		);
		// With other ms it is found by the order of storing only.
		expect(await isThere(toldOf("early", 1_234))).toBe(true);
		expect(await isThere(toldOf("late", 1_234))).toBe(true);
		expect(await isThere(toldOf("earlier", 1_234))).toBe(false);
	});

	test("when it tells a time of the window, or of an hour beside it", async () => {
		const times = {
			first: -HOUR_MS,
			before: -HOUR_MS - 1,
			last: 3 * HOUR_MS,
			after: 3 * HOUR_MS + 1,
		};
		const isThere = await presentIn(Object.entries(times).map(([id, ms]) => stored(rowOf(id, ms))));
		const told = (id: string) => isThere(toldOf(id, HOUR_MS));
		expect(await Promise.all(Object.keys(times).map(told))).toEqual([true, false, true, false]);
	});
});

describe("what the index does not have yet is looked for in its chat", () => {
	test("where any revision of it is it", async () => {
		const isThere = await presentIn([], [rowOf("m", 0, { payload: { text: "otherwise" } })]);
		expect(await isThere(toldOf("m", 0))).toBe(true);
	});

	test("where another message of that moment is not, and neither is another bot's", async () => {
		const others = ["l", "m1", "n"].map((id) => rowOf(id, 0, { botId: "b" }));
		const isThere = await presentIn([], [...others, rowOf("m", 0, { botId: "a" })]);
		expect(await isThere(toldOf("m", 0, { botId: "b" }))).toBe(false);
		expect(await isThere(toldOf("m", 1, { botId: "a" }))).toBe(false);
		const together = await presentIn(
			[],
			["a", "b"].map((botId) => rowOf("m", 0, { botId })),
		);
		expect(await together(toldOf("m", 0, { botId: "b" }))).toBe(true);
	});
});

test.each([
	[{ botId: "a", chat: "c" }, { botId: "a", chat: "d" }, true],
	[{ botId: "a", chat: "c" }, { botId: "b", chat: "c" }, false],
	[{ chat: "c" }, { botId: "a", chat: "c" }, true],
	[{ chat: "c" }, { botId: "a", chat: "d" }, false],
	[{ chat: "c" }, { chat: "d" }, false],
	[{ chat: "c" }, { botId: "a" }, true],
	[{}, {}, true],
])("copies %j and %j are of the same: %s", (one, other, isSame) => {
	const copyOf = ({ chat, ...bot }: { readonly chat?: string; readonly botId?: string }) => ({
		...{ pk: chat === undefined ? "apart#0" : chatKey(chat), sk: "" },
		...bot,
	});
	expect(isOfSame(copyOf(one), copyOf(other))).toBe(isSame);
	expect(isOfSame(copyOf(other), copyOf(one))).toBe(isSame);
});
