import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findGaps, WEEKS_BEFORE } from "../../../lib/history/gaps.ts";

const MINUTE = 60_000;
const DAY = 1_440;
const WEEK = 7 * DAY;
const TEN = 10 * 60;
const START = Date.parse("2026-01-05T00:00:00.000Z");
const at = (minute: number): string => new Date(START + minute * MINUTE).toISOString();

interface Key {
	/** By default that of a chat. */
	readonly pk?: string;
	readonly receivedAt: string;
	readonly botId?: string;
	readonly origin?: string;
}

const isOffice = (minute: number): boolean => {
	const hour = (((minute % DAY) + DAY) % DAY) / 60;
	return hour >= 9 && hour < 18;
};

/** Every so many minutes of the office hours, from the weeks before until the end of the window. */
const office = (every: number, botId = "a"): Key[] =>
	Array.from({ length: ((WEEKS_BEFORE + 1) * WEEK) / every }, (_, n) => n * every)
		.map((minute) => minute - WEEKS_BEFORE * WEEK)
		.filter(isOffice)
		.map((minute) => ({ receivedAt: at(minute), botId }));

const without = (keys: readonly Key[], from: number, to: number, botId?: string): Key[] =>
	keys.filter(
		(key) =>
			key.receivedAt <= at(from) ||
			key.receivedAt >= at(to) ||
			(botId !== undefined && key.botId !== botId),
	);

async function* each(keys: readonly Key[]) {
	for (const key of keys) yield { pk: "chat#c1", ...key };
}

const window = { since: at(0), until: at(WEEK) };
const gapsOf = (keys: readonly Key[], minutes = 30) => findGaps(each(keys), window, minutes);

test("nights are no gap, and neither is a short pause", async () => {
	expect(await gapsOf(office(2))).toEqual([]);
	expect(await gapsOf(without(office(2), TEN, TEN + 28))).toEqual([]);
});

test("half an hour in which callbacks usually come is one, from the last to the first", async () => {
	const gaps = await gapsOf(without(office(2), TEN, TEN + 32));
	expect(gaps).toEqual([{ bot: undefined, since: at(TEN), until: at(TEN + 32), usual: 16 }]);
});

test("30 minutes are as long as is asked, and 7 callbacks as many as have to be missing", async () => {
	const usuals = async (every: number, minutes: number) =>
		(await gapsOf(without(office(every), TEN, TEN + minutes))).map(({ usual }) => usual);
	expect(await usuals(2, 30)).toEqual([15]);
	expect(await usuals(5, 30)).toEqual([]);
	expect(await usuals(5, 35)).toEqual([7]);
});

test("two minutes with callbacks, one after the other, have no gap between them", async () => {
	const busy = (week: number, minutes: number) =>
		Array.from({ length: 7 * minutes }, (_, n) => ({
			receivedAt: at(week * WEEK + TEN + (n % minutes)),
		}));
	expect(await gapsOf([...busy(-2, 4), ...busy(-1, 4), ...busy(0, 5)], 1)).toEqual([]);
});

test("what is usual is known from the very first callback on", async () => {
	const keys = [...Array(9).fill(-WEEK), 0].map((minute) => ({ receivedAt: at(minute) }));
	expect(await gapsOf(keys)).toEqual([{ bot: undefined, since: at(0), until: at(WEEK), usual: 9 }]);
});

test("one that lasts is told until now", async () => {
	const friday = 4 * DAY + TEN;
	const [gap, ...others] = await gapsOf(without(office(5), friday, WEEK + 1));
	expect([gap?.since, gap?.until, others]).toEqual([at(friday), at(WEEK), []]);
});

describe("of several bots", () => {
	const keys = [...office(2), ...office(3, "b")];

	test("one that falls silent is told by its name", async () => {
		const gaps = await gapsOf(without(keys, TEN, TEN + 60, "b"));
		expect(gaps).toEqual([{ bot: "b", since: at(TEN), until: at(TEN + 60), usual: 20 }]);
	});

	test("all at once are told once", async () => {
		const gaps = await gapsOf(without(keys, TEN, TEN + 60));
		expect(gaps.map(({ bot }) => bot)).toEqual([undefined]);
	});

	test("one that stays silent when the others come again is told after them", async () => {
		const all = without(keys, TEN, TEN + 60);
		expect(await gapsOf(without(all, TEN, TEN + 240, "b"))).toEqual([
			{ bot: undefined, since: at(TEN), until: at(TEN + 60), usual: 50 },
			{ bot: "b", since: at(TEN), until: at(TEN + 240), usual: 80 },
		]);
	});

	test("what has nothing in common is told in the order of time", async () => {
		const hours = [
			[2 * DAY, undefined],
			[0, "b"],
			[DAY, undefined],
			[3 * DAY, "b"],
		] as const;
		const gaps = hours.reduce<Key[]>(
			(left, [day, bot]) => without(left, day + TEN, day + TEN + 60, bot),
			keys,
		);
		expect((await gapsOf(gaps)).map(({ bot, since }) => [bot, since])).toEqual([
			...[
				["b", at(TEN)],
				[undefined, at(DAY + TEN)],
				[undefined, at(2 * DAY + TEN)],
				["b", at(3 * DAY + TEN)],
			],
		]);
	});

	test("one is told when as many as 7 of its own are missing", async () => {
		const some = [...office(2), ...office(10, "b")];
		const gaps = (minutes: number) => gapsOf(without(some, TEN, TEN + minutes, "b"));
		expect(await gaps(60)).toEqual([]);
		expect(await gaps(70)).toEqual([{ bot: "b", since: at(TEN), until: at(TEN + 70), usual: 7 }]);
	});

	test("what names no bot is not taken for one", async () => {
		const nameless = office(3).map(({ receivedAt }) => ({ receivedAt }));
		expect(await gapsOf([...office(2), ...without(nameless, TEN, TEN + 240)])).toEqual([]);
	});
});

test("what the history has told is no callback, neither of a bot nor of all", async () => {
	const told = Array.from({ length: 60 }, (_, n) => ({
		...{ receivedAt: at(TEN + n), botId: n % 2 === 0 ? "a" : "b" },
		origin: "history",
	}));
	expect(await gapsOf([...without(office(2), TEN, TEN + 60), ...told])).toEqual([
		{ bot: undefined, since: at(TEN), until: at(TEN + 60), usual: 30 },
	]);
});

test("a probe of the owner's is no callback: it does not end a gap", async () => {
	const probe = { pk: "callback#probe", receivedAt: at(TEN + 16) };
	const [gap] = await gapsOf(without(office(2), TEN, TEN + 32));
	expect(gap).toMatchObject({ since: at(TEN), until: at(TEN + 32) });
	expect(await gapsOf([...without(office(2), TEN, TEN + 32), probe])).toEqual([gap]);
	expect(
		await gapsOf([...without(office(2), TEN, TEN + 32), { ...probe, pk: "callback#" }]),
	).toEqual([]);
});

test("without a week before, all that is silent for long is told, from the first callback on", async () => {
	const keys = [100, 101, 300].map((minute) => ({ receivedAt: at(minute), botId: "a" }));
	expect(await gapsOf(keys, 60)).toEqual([
		{ bot: undefined, since: at(101), until: at(300), usual: undefined },
		{ bot: undefined, since: at(300), until: at(WEEK), usual: undefined },
	]);
	expect(await gapsOf([])).toEqual([]);
});

test("a bot that never wrote much is not told", async () => {
	const rare = [-WEEK - 5, -WEEK + 700, 3].map((minute) => ({
		receivedAt: at(minute),
		botId: "b",
	}));
	expect(await gapsOf([...office(2), ...rare])).toEqual([]);
});

test("whatever came whenever, gaps lie in the window and hold no callback", async () => {
	const keys = fc.array(
		fc.record(
			{
				receivedAt: fc.integer({ min: -3 * WEEK, max: 2 * WEEK }).map(at),
				botId: fc.constantFrom("a", "b"),
				origin: fc.constant("history"),
			},
			{ requiredKeys: ["receivedAt"] },
		),
	);
	await fc.assert(
		fc.asyncProperty(keys, async (some) => {
			for (const { since, until, bot } of await gapsOf(some)) {
				expect(since >= window.since && until <= window.until && since < until).toBe(true);
				const inside = some.filter(
					(key) =>
						key.origin === undefined &&
						(bot === undefined || key.botId === bot) &&
						key.receivedAt > since &&
						key.receivedAt < until,
				);
				expect(inside).toEqual([]);
			}
		}),
	);
});
