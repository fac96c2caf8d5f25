import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { MessageList } from "../../../console/protocol.ts";
import { areaOf, readBack } from "../../../console/watch/area.ts";
import { followTable } from "../../../console/watch/arrivals.ts";
import { everything, type Filter } from "../../../console/watch/filter.ts";
import { openKnown } from "../../../console/watch/known.ts";
import { openPool, type Surroundings } from "../../../console/watch/pool.ts";
import { openPublisher } from "../../../console/watch/publisher.ts";
import { takePulse } from "../../../console/watch/pulse.ts";
import { openReports } from "../../../console/watch/reports.ts";
import { summaryOf } from "../../../console/watch/summary.ts";
import type { MessageItem } from "../../../lib/archive/item.ts";
import { callbackRow, storingPlace } from "../../../lib/storage/row.ts";
import { pulse, rowOf, tableOf, until } from "./stage.ts";

const DAY = 86_400;
const filter = (parts: Partial<Filter>): Filter => ({ ...everything, ...parts });
const around = (rows: readonly MessageItem[], asked?: string[]): Surroundings => ({
	reader: tableOf(rows, asked),
	...{ waysTo: () => [], show: () => {}, onCallback: () => {}, onChange: () => {} },
});
const idsOf = ({ messages }: MessageList) => messages.map(({ messageId }) => messageId);

/** Everything of an area, in its order. */
async function readAll(rows: readonly MessageItem[], parts: Partial<Filter>, asked?: string[]) {
	const ids: (string | undefined)[] = [];
	for await (const stretch of readBack(tableOf(rows, asked), areaOf(filter(parts)))) {
		for (const row of stretch.rows) ids.push("messageId" in row ? row.messageId : undefined);
	}
	return ids;
}

const old = rowOf(0, { chatId: "old", contactId: "c-old", roomId: "r-old", botId: "b-old" });
const odd = rowOf(1, { type: 42 }, { conformance: "unrecognized" });
const many = Array.from({ length: 3_000 }, (_, i) => rowOf(DAY + i, { chatId: "many" }));
const table = [old, odd, ...many];

test.each([
	[{ chat: "old" }, "partition chat#old"],
	[{ contact: "c-old" }, "contact c-old"],
	[{ room: "r-old", type: "7" }, "room r-old"],
])("%j is asked of its own index", async (parts, index) => {
	const asked: string[] = [];
	expect(await readAll(table, parts, asked)).toEqual([old.messageId]);
	expect(asked).toEqual([index]);
});

test("what is unrecognized is asked of the review, a bot and days of the order of storing", async () => {
	expect(await readAll(table, { conformance: "unrecognized" })).toEqual([odd.messageId]);
	expect(await readAll(table, { bot: "b-old" })).toEqual([old.messageId]);
	const day = { since: old.receivedAt, until: odd.receivedAt };
	expect(await readAll(table, day)).toEqual([odd.messageId, old.messageId]);
	const until = { until: many[0]?.receivedAt ?? "" };
	expect(await readAll(table, until)).toEqual([
		...[many[0]?.messageId, odd.messageId, old.messageId],
	]);
});

test("what waited for its storing for a week is found on the day of its arrival", async () => {
	const late = { ...rowOf(5), storedAt: rowOf(7 * DAY).storedAt ?? "" };
	expect(await readAll([late, ...many], { until: rowOf(10).receivedAt })).toEqual([late.messageId]);
});

test("a pool reads the newest first, no more than is asked for, and says how far", async () => {
	const pool = openPool(everything, around(table));
	await pool.readOn(everything, 50);
	const list = pool.list(everything, 50);
	expect(idsOf(list)).toEqual(
		many
			.slice(-50)
			.reverse()
			.map(({ messageId }) => messageId),
	);
	expect(list).toMatchObject({ known: 100, backTo: many[2_900]?.storedAt, isFull: false });
	await pool.readOn(everything, 50);
	expect(pool.list(everything, 0).known).toBe(100);
	await pool.readOn(everything, 150);
	expect(pool.list(everything, 0).known).toBe(200);
});

test("a search for what is rare goes on when it is told to, and ends with the table", async () => {
	const pool = openPool(everything, around(table));
	const rare = filter({ type: "42" });
	await pool.readOn(rare, 50);
	expect(pool.list(rare, 50)).toMatchObject({ matched: 0, known: 2_000 });
	await pool.readOn(rare, 50);
	const found = pool.list(rare, 50);
	expect(found).toMatchObject({ matched: 1, known: 3_002 });
	expect(found).not.toHaveProperty("backTo");
});

test("an id is found at once, however old, and words are not looked up", async () => {
	const asked: string[] = [];
	const pool = openPool(everything, around(table, asked));
	for (const search of ["message-0", "c-old", "r-old"]) {
		await pool.readOn(filter({ search: ` ${search} ` }), 1);
		expect(idsOf(pool.list(filter({ search }), 9))).toEqual([old.messageId]);
	}
	expect(asked.filter((one) => one === "message message-0")).toHaveLength(1);
	await pool.readOn(filter({ search: "two words" }), 1);
	expect(asked.filter((one) => one.includes("two"))).toEqual([]);
});

test("a pool holds no more than it may; what is newer then replaces what is oldest, and it says so", async () => {
	const pool = openPool(everything, around(many), 200);
	await pool.readOn(everything, 5_000);
	expect(pool.list(everything, 0)).toMatchObject({ known: 200, isFull: true });
	const oldest = pool.list(everything, 500).messages.at(-1);
	const newest = pool.list(everything, 1).messages[0];
	if (!oldest || !newest) throw new Error("nothing is known");
	for (let i = 0; i < 21; i++) {
		pool.put({ ...newest, id: `new${i}`, arrivedAt: rowOf(9 * DAY + i).receivedAt });
	}
	const list = pool.list(everything, 500);
	expect(list).toMatchObject({ known: 200, isFull: true });
	expect(list.messages).not.toContain(oldest);
	expect((list.backTo ?? "") > oldest.arrivedAt).toBe(true);
});

test("a recall that is read is told with its message, also when that was told before", async () => {
	const said = rowOf(1, { chatId: "c" });
	const payload = { content: said.messageId };
	const recall = rowOf(2, { chatId: "c", type: 11, payload });
	const fullest = { row: said, text: said.message };
	const message = summaryOf({ fullest, revisions: [fullest] }, () => []);
	for (const isTold of [true, false]) {
		const pool = openPool(everything, around([recall]));
		pool.put(message);
		if (isTold) expect(pool.news()).toMatchObject([{ messageId: said.messageId }]);
		await pool.readOn(everything, 50);
		expect(pool.news()).toMatchObject([
			{ messageId: said.messageId, recalled: { pk: recall.pk, sk: recall.sk } },
		]);
		expect(pool.news()).toEqual([]);
	}
});

test("a table that is away is asked again where it stopped; of one that is broken it is said", async () => {
	const { reader, ...rest } = around(table);
	let calls = 0;
	const flaky: Surroundings["reader"] = {
		...reader,
		rowsAt(keys) {
			if (++calls === 2) throw Object.assign(new Error("away"), { $metadata: {} });
			return reader.rowsAt(keys);
		},
	};
	const pool = openPool(everything, { ...rest, reader: flaky });
	await pool.readOn(everything, 250);
	const list = pool.list(everything, 250);
	expect(idsOf(list)).toEqual(
		many
			.slice(-250)
			.reverse()
			.map(({ messageId }) => messageId),
	);
	expect(list.isPartial).toBe(false);
	const broken = openPool(everything, {
		...rest,
		reader: { ...reader, rowsAt: () => Promise.reject(new RangeError("too long")) },
	});
	await broken.readOn(everything, 50);
	expect(broken.list(everything, 0)).toMatchObject({ known: 0, isPartial: true });
});

test("of a message that has several revisions all are shown, whichever time they tell", async () => {
	const said = { chatId: "c", messageId: "grown" };
	const [first, same, other] = [
		rowOf(1, { ...said, payload: {} }),
		rowOf(1, { ...said, payload: { text: "same time" } }),
		rowOf(2, { ...said, payload: { text: "another", more: 1 } }),
	];
	const known = openKnown(
		tableOf([first, same, other]),
		() => [],
		() => {},
	);
	await until(() => {
		const [message] = known.table.list(everything, 9).messages;
		expect(message).toMatchObject({ revisions: 3, preview: { kind: "text", text: "another" } });
	});
	known.came(first);
	await until(() => expect(known.table.list(everything, 9).messages).toHaveLength(1));
	expect(known.table.list(everything, 9).messages[0]?.revisions).toBe(3);
	await known.stop();
});

test("other callbacks are met on the way, come as they come, and can be opened", async () => {
	const line = { method: "POST", path: "room/joined", query: "", encoding: "utf8" } as const;
	const rows = ["one", "two"].map((text, i) => {
		const { receivedAt } = rowOf(i);
		const row = callbackRow(text, line, { receivedAt, blanked: 0 });
		return { ...row, message: text, ...storingPlace(row, Date.parse(receivedAt)) };
	});
	const [one, two] = rows;
	if (!one || !two) throw new Error("no rows");
	const [late, all] = [tableOf([one]), tableOf(rows)];
	const known = openKnown(
		{ ...all, storedKeys: late.storedKeys },
		() => [],
		() => {},
	);
	await until(() => expect(known.callbacks().map(({ sk }) => sk)).toEqual([one.sk]));
	known.came(two);
	await until(() => expect(known.callbacks().map(({ sk }) => sk)).toEqual([two.sk, one.sk]));
	expect(await known.openCallback(two)).toMatchObject({
		path: "room/joined",
		body: { text: "two", encoding: "utf8" },
	});
	expect(await known.openCallback({ ...two, sk: "nothing" })).toBeUndefined();
	await known.stop();
});

test("who looks at a chat is told what comes to it, and no one else's", async () => {
	const [a, b] = [rowOf(1, { chatId: "a" }), rowOf(2, { chatId: "b" })];
	const { storedKeys } = tableOf([]);
	const known = openKnown(
		{ ...tableOf([a, b]), storedKeys },
		() => [],
		() => {},
	);
	const chat = filter({ chat: "b" });
	const { pool, letGo } = known.hold(chat);
	// Others come and go.
	for (let i = 0; i < 9; i++) known.poolOf(filter({ chat: `other ${i}` }));
	expect([...known.pools()]).toContain(pool);
	known.came(a);
	known.came(b);
	await until(() => expect(known.table.list(everything, 9).messages).toHaveLength(2));
	expect(pool.passing(pool.news(), chat).map(({ chatId }) => chatId)).toEqual(["b"]);
	letGo();
	for (let i = 0; i < 9; i++) known.poolOf(filter({ chat: `other ${i}` }));
	expect([...known.pools()]).not.toContain(pool);
	expect([...known.pools()]).toContain(known.table);
	await known.stop();
});

test("what is stored from now on is told once each, also what the index shows late", async () => {
	const now = Date.now();
	const stored = (id: string, ago: number): MessageItem => ({
		...rowOf(1, { messageId: id }),
		storedAt: new Date(now - ago).toISOString(),
	});
	const rows = [stored("before", 600_000), stored("one", 0)];
	const told: string[] = [];
	let [isWatched, asked] = [true, 0];
	const stop = followTable(
		{
			storedKeys(shard, range) {
				asked++;
				return tableOf(rows).storedKeys(shard, range);
			},
		},
		({ sk }) => told.push(sk),
		{ everyMs: 5, after: Promise.resolve(), isWatched: () => isWatched },
	);
	await until(() => expect(told).toHaveLength(1));
	rows.push(stored("late", 60_000));
	await until(() => expect(told).toHaveLength(2));
	const again = asked;
	await until(() => expect(asked).toBeGreaterThan(again + 128));
	expect(told).toEqual([rows[1]?.sk, rows[2]?.sk]);
	// A clock that was ahead once hides nothing.
	rows.push(stored("ahead", -3_600_000));
	await until(() => expect(told).toHaveLength(3));
	rows.push(stored("after", 0));
	await until(() => expect(told).toHaveLength(4));
	isWatched = false;
	await stop();
});

test("the pulse is taken at even times for somebody, and at once when there is a reason", async () => {
	const felt: boolean[] = [];
	let isWatched = false;
	const taker = takePulse(
		{ feel: async () => pulse(0, 0), pulseMs: 5 },
		(_, isRegular) => felt.push(isRegular),
		() => isWatched,
	);
	await taker.feel();
	expect(felt).toEqual([false, false]);
	isWatched = true;
	await until(() => expect(felt).toContain(true));
	await taker.stop();
	const { length } = felt;
	await setImmediate();
	expect(felt).toHaveLength(length);
});

test("each listener is told what has changed as its view wants it, and now and then that all is well", async () => {
	const publisher = openPublisher<string>((parts) => (view) => ({
		facets: { ...NO_FACETS, chat: [...parts].map((part) => ({ value: view, name: part })) },
	}));
	const told: string[] = [];
	const unlisten = publisher.listen("mine", ({ facets }) =>
		told.push(facets?.chat.map(({ value, name }) => `${value} ${name}`).join() ?? ""),
	);
	expect(publisher.hasListeners()).toBe(true);
	publisher.changed("list", "path");
	publisher.changed("list");
	await until(() => expect(told).toEqual(["mine list,mine path"]));
	await until(() => expect(told).toEqual(["mine list,mine path", ""]));
	unlisten();
	expect(publisher.hasListeners()).toBe(false);
	publisher.stop();
});

const NO_FACETS = { chat: [], contact: [], room: [], bot: [], type: [] };

test("a report is asked for once a minute while somebody looks, and keeps the last when one fails", async () => {
	let [now, asked, changes] = [1_000_000, 0, 0];
	const reports = openReports(
		async (hours) => {
			asked++;
			if (asked === 2) throw new Error("not allowed");
			return { period: hours, times: [], rows: [], alarms: [] };
		},
		() => changes++,
		() => now,
	);
	expect(reports.of(24)).toBeUndefined();
	expect(reports.of(24)).toBeUndefined();
	await until(() => expect(changes).toBe(1));
	expect(reports.of(24)).toMatchObject({ period: 24 });
	now += 59_999;
	reports.of(24);
	expect(asked).toBe(1);
	now += 1;
	reports.of(24);
	await until(() => expect(changes).toBe(2));
	expect(reports.of(24)).toMatchObject({ period: 24, problem: "not allowed" });
	now += 60_000;
	reports.of(24);
	await until(() => expect(changes).toBe(3));
	expect(reports.of(24)).not.toHaveProperty("problem");
	expect(reports.of(1)).toBeUndefined();
	expect(asked).toBe(4);
});
