import { afterEach, describe, expect, test, vi } from "vitest";
import { compare } from "../../../lib/history/comparison.ts";
import { HistoryFailure } from "../../../lib/history/failure.ts";
import type { HistoryMessage } from "../../../lib/history/message.ts";
import type { Page } from "../../../lib/history/paging.ts";
import { isOfSame } from "../../../lib/history/presence.ts";
import type { Asked } from "../../../lib/history/source.ts";
import type { MessageRow } from "../../../lib/storage/row.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";

const HOUR_0 = Date.parse("2026-01-01T00:00:00.000Z");
const window = { since: "2026-01-01T00:00:00.000Z", until: "2026-01-01T02:00:00.000Z" };
const TOKEN = "9f1e2d3c4b5a69788796a5b4";

const textOf = (messageId: string, minute: number, fields: object = {}): string =>
	textMessage({ messageId, timestamp: HOUR_0 + minute * 60_000, ...fields });

/** A table in memory; what is sent to it is in it at once. */
function storedOf(...texts: readonly string[]) {
	const rows = texts.map((text): MessageRow => envelopeOf(text).row);
	const sent: HistoryMessage[] = [];
	return {
		sent,
		async isThere(row: MessageRow) {
			return rows.some((other) => other.messageId === row.messageId && isOfSame(row, other));
		},
		async send(message: HistoryMessage) {
			sent.push(message);
			rows.push(message.row);
		},
	};
}

/** One page a day. */
const telling =
	(...texts: readonly (string | undefined)[]) =>
	async ({ day }: Asked): Promise<Page> => ({
		kind: "page",
		records: day === "2026-01-01" ? texts : [],
		next: undefined,
	});

const hour = (bot: string, n: number, ...[platform, there, missing, filled]: number[]) => ({
	...{ bot, hour: new Date(HOUR_0 + n * 3_600_000).toISOString() },
	...{ platform, there, missing, filled },
});

const BOT = "aa11bb22cc33dd44ee55ff01";

test("what is missing is filled, and told by hour and bot", async () => {
	const stored = storedOf(textOf("there", 1), textOf("both", 2, { botId: "a" }));
	const ask = telling(
		...[textOf("there", 1, { contactName: "otherwise" }), textOf("both", 2), textOf("gone", 61)],
		...[textOf("both", 2, { botId: "a" }), textOf("gone", 61), undefined, '{"data":{"type":7}}'],
		...[textOf("before", -1), textOf("after", 121), textOf("timeless", 0, { timestamp: 0 })],
	);
	const report = await compare({ ask, ...stored, window, token: TOKEN });
	expect(report).toEqual({
		hours: [
			{ ...hour(BOT, 0, 1, 0, 1, 1), hour: "" },
			hour("a", 0, 1, 1, 0, 0),
			hour(BOT, 0, 2, 1, 1, 1),
			hour(BOT, 1, 1, 0, 1, 1),
		],
		...{ missing: 3, filled: 3, unusable: 2, failures: [] },
	});
	expect(stored.sent.map(({ row }) => row.origin)).toEqual(Array(3).fill("history"));
	expect(await compare({ ask, ...stored, window, token: TOKEN })).toMatchObject({ missing: 0 });
	expect(stored.sent).toHaveLength(3);
});

test("a dry run fills nothing, and tells the same", async () => {
	const stored = storedOf();
	const ask = telling(textOf("gone", 1));
	const report = await compare({ ask, ...stored, window, token: TOKEN, isDry: true });
	expect(report).toMatchObject({ missing: 1, filled: 0, hours: [hour(BOT, 0, 1, 0, 1, 0)] });
	expect(stored.sent).toEqual([]);
});

test.each([
	["another bot's", { botId: "a" }, { botId: "b" }, 1],
	["the bot's own, in another chat", { chatId: "c" }, { chatId: "d" }, 0],
	["of no bot, in the chat", {}, { botId: undefined }, 0],
	["of no bot, in another chat", { chatId: "c" }, { botId: undefined, chatId: "d" }, 1],
	["of no bot and in no chat", {}, { botId: "", chatId: "" }, 0],
])("a row that is %s makes %j of the history missing or not", async (_, told, there, missing) => {
	const stored = storedOf(textOf("m", 1, there));
	const ask = telling(textOf("m", 1, told));
	expect(await compare({ ask, ...stored, window, token: TOKEN })).toMatchObject({ missing });
});

test("only one bot, which the platform looks for by digits only", async () => {
	const asked: Asked[] = [];
	const texts = [textOf("a", 1, { botId: "a" }), textOf("b", 1, { botId: "b" })];
	const ask = (one: Asked) => {
		asked.push(one);
		return telling(...texts)(one);
	};
	const of = (bot: string) => compare({ ask, ...storedOf(), window, bot, token: TOKEN });
	expect((await of("a")).hours).toEqual([hour("a", 0, 1, 0, 1, 1)]);
	expect((await of("1688850000000001")).missing).toBe(2);
	for (const bot of ["16a", "a16"]) expect(await of(bot)).toMatchObject({ hours: [], missing: 0 });
	expect(asked.map(({ imBotId }) => imBotId)).toEqual([
		...[undefined, "1688850000000001", undefined, undefined],
	]);
});

test("what names no bot may be the one's that is asked for", async () => {
	const ask = telling(textOf("m", 1, { botId: undefined }));
	const report = await compare({ ask, ...storedOf(), window, bot: "a", token: TOKEN });
	expect(report).toMatchObject({ hours: [hour("", 0, 1, 0, 1, 1)], filled: 1 });
});

test("the first and the last ms of the window are of it, those beside them are not", async () => {
	const [first, last] = [window.since, window.until].map((time) => Date.parse(time));
	const times = { before: HOUR_0 - 1, first, last, after: HOUR_0 + 7_200_001 };
	const texts = Object.entries(times).map(([messageId, timestamp]) =>
		textMessage({ messageId, timestamp }),
	);
	const stored = storedOf();
	await compare({ ask: telling(...texts), ...stored, window, token: TOKEN });
	expect(stored.sent.map(({ row }) => row.messageId)).toEqual(["first", "last"]);
});

test.each([
	["a token", TOKEN, "*"],
	["what is too short to be told from a word", "local", "local"],
])("of %s that the history is asked with, %s, %s is kept", async (_, token, kept) => {
	const stored = storedOf();
	const ask = telling(textOf("m", 1, { payload: { text: `<${token}>` } }));
	await compare({ ask, ...stored, window, token, now: () => HOUR_0 });
	expect(stored.sent.map(({ text }) => JSON.parse(text).data.payload)).toEqual([
		{ text: `<${kept}>` },
	]);
	expect(stored.sent.map(({ row }) => row.receivedAt)).toEqual([window.since]);
});

test("no more than eight are looked for at once", async () => {
	let [now, most] = [0, 0];
	const isThere = async () => {
		most = Math.max(most, ++now);
		await new Promise((resolve) => setImmediate(resolve));
		now--;
		return true;
	};
	const ask = telling(...Array.from({ length: 40 }, (_, n) => textOf(`m${n}`, 1)));
	const report = await compare({ ask, ...storedOf(), isThere, window, token: TOKEN });
	expect(report.hours).toEqual([hour(BOT, 0, 40, 40, 0, 0)]);
	expect(most).toBe(8);
});

test("a day that is not read to its end is told, with where to go on; the next ones are read", async () => {
	const stored = storedOf();
	const days: unknown[] = [];
	const ask = async ({ day, seq }: Asked): Promise<Page> => {
		days.push([day, seq]);
		if (day === "2026-01-01" && seq === "1") throw new HistoryFailure(() => "no");
		const next = day === "2026-01-01" && seq === undefined ? "1" : undefined;
		return { kind: "page", records: [textOf(`${day}${seq}`, 60 * 24 - 1)], next };
	};
	const longer = { ...window, until: "2026-01-02T23:00:00.000Z" };
	const options = { ask, ...stored, window: longer, token: TOKEN };
	const report = await compare(options);
	expect(report.failures).toEqual([
		{ day: "2026-01-01", seq: "1", reason: "no", say: expect.any(Function) },
	]);
	expect(report.filled).toBe(3);
	expect(days).toEqual([
		["2026-01-01", undefined],
		["2026-01-01", "1"],
		["2026-01-02", undefined],
		["2026-01-03", undefined],
	]);
	days.length = 0;
	await compare({ ...options, from: { day: "2026-01-02", seq: "5" } });
	expect(days).toEqual([
		["2026-01-02", "5"],
		["2026-01-03", undefined],
	]);
});

test("what is no answer of the history ends it all", async () => {
	const ask = () => Promise.reject(new Error("a mistake of ours"));
	const found = compare({ ask, ...storedOf(), window, token: TOKEN });
	await expect(found).rejects.toThrow("a mistake of ours");
});

describe("a queue or table that fails", () => {
	afterEach(() => void vi.useRealTimers());

	/** Of either, so many tries fail; the pauses between them take no time. */
	async function failing(times: number) {
		vi.useFakeTimers({ toFake: ["setTimeout"] }).setTimerTickMode("nextTimerAsync");
		const stored = storedOf();
		const tries = { isThere: 0, send: 0 };
		const ask = telling(textOf("m", 1));
		const found = compare({
			...{ ask, window, token: TOKEN },
			async isThere(row) {
				if (++tries.isThere <= times) throw new Error("not now");
				return stored.isThere(row);
			},
			async send(message) {
				if (++tries.send <= times) throw new Error("not now");
				await stored.send(message);
			},
		});
		return { tries, report: await found.catch((error: Error) => error.message) };
	}

	test("for a moment is asked again", async () => {
		const { tries, report } = await failing(5);
		expect(report).toMatchObject({ missing: 1, filled: 1, failures: [] });
		expect(tries).toEqual({ isThere: 6, send: 6 });
	});

	test("for longer ends it all, and says why", async () => {
		const { tries, report } = await failing(6);
		expect(report).toBe("not now");
		expect(tries).toEqual({ isThere: 6, send: 0 });
	});
});
