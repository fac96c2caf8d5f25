import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, onTestFinished, test, vi } from "vitest";
import {
	type Cursor,
	type Forwarding,
	forwardRows,
	repeatKey,
} from "../../../lib/archive/forwarding.ts";
import { growingTable, storedRow, time } from "./storing.ts";

const begun: Cursor = { begin: time(0), mark: time(0), delivered: {} };

type Deliver = Forwarding["deliver"];

/** One look, in which all goes well. */
const usual: Forwarding = {
	signal: new AbortController().signal,
	deliver: async () => {},
	wait: async () => false,
	onTrouble(error) {
		throw error;
	},
	onFailure() {},
	save: async () => {},
	patience: [1, 2],
};

/** Forwards through two looks; it ends when all is delivered or `stopping` is aborted. */
async function run(
	{ reader }: ReturnType<typeof growingTable>,
	cursor: Cursor,
	deliver: Deliver,
	stopping = new AbortController(),
): Promise<{ cursor: Cursor; failures: unknown[] }> {
	let kept = cursor;
	let looks = 2;
	const failures: unknown[] = [];
	await forwardRows(reader, cursor, {
		...usual,
		signal: stopping.signal,
		deliver,
		wait: async () => looks-- > 0 && !stopping.signal.aborted,
		onFailure: ({ pk }, error) => void failures.push([pk, error]),
		save: async (reached) => {
			kept = reached;
		},
	});
	return { cursor: kept, failures };
}

test("a chat keeps its order, though it was stored in another, and waits for what fails", async () => {
	const table = growingTable();
	for (const second of [3, 1, 2, 4]) {
		for (const chat of ["good", "bad"]) table.rows.push(storedRow(chat, second, time(9)));
	}
	let isMended = false;
	let failed = 0;
	const broken = new TypeError("fetch failed");
	const delivered: string[] = [];
	const { failures } = await run(table, begun, async ({ pk, sk }) => {
		const isBroken = pk === "chat#bad" && sk.includes("#m2#");
		if (isBroken && (!isMended || failed++ < 3)) throw broken;
		delivered.push(`${pk} ${sk.slice(0, time(0).length)}`);
		isMended = delivered.filter((one) => one.startsWith("chat#good")).length === 4;
	});
	for (const chat of ["good", "bad"]) {
		expect(delivered.filter((one) => one.startsWith(`chat#${chat}`))).toEqual(
			[1, 2, 3, 4].map((second) => `chat#${chat} ${time(second)}`),
		);
	}
	expect(failures).toEqual([["chat#bad", broken]]);
});

test("what was stored during a look waits for the next one, which may find what comes before it", async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(time(100)) });
	onTestFinished(() => void vi.useRealTimers());
	const table = growingTable();
	const [first, second] = [storedRow("c", 3, time(100.5)), storedRow("c", 5, time(101))];
	table.rows.push(second, storedRow("other", 1, time(110)));
	const delivered: string[] = [];
	let looks = 0;
	await forwardRows(table.reader, begun, {
		...usual,
		deliver: async ({ sk }) => void delivered.push(sk),
		async wait() {
			if (++looks === 1) table.rows.push(first);
			vi.setSystemTime(time(100 + 20 * looks));
			return looks < 3;
		},
	});
	expect(delivered).toHaveLength(3);
	expect(delivered.indexOf(first.sk)).toBeLessThan(delivered.indexOf(second.sk));
});

test("a cursor is kept while it goes on, and holds what a look may find again, no more", async () => {
	const table = growingTable();
	const rows = [0, 280, 400].map((second) => storedRow("c", second));
	table.rows.push(...rows);
	const kept: Cursor[] = [];
	await forwardRows(table.reader, begun, {
		...usual,
		save: async (cursor) => void kept.push(cursor),
		async wait() {
			await vi.waitFor(() => expect(kept.at(-1)?.mark).toBe(time(400)), 10_000);
			return false;
		},
	});
	const held = rows.slice(1).map((row) => [repeatKey(row), row.storedAt]);
	expect(kept.at(-1)).toEqual({ ...begun, mark: time(400), delivered: Object.fromEntries(held) });
});

test("a clock that was ahead once hides nothing that comes after a kill", async () => {
	vi.useFakeTimers({ toFake: ["Date"], now: Date.parse(time(500)) });
	onTestFinished(() => void vi.useRealTimers());
	const table = growingTable();
	const ahead = storedRow("c", 90_000);
	table.rows.push(ahead);
	const before: string[] = [];
	// What is stored up to a moment ago is settled, what is ahead is when its time comes.
	vi.setSystemTime(time(90_003));
	const { cursor } = await run(table, begun, async ({ sk }) => {
		vi.setSystemTime(time(500));
		before.push(sk);
	});
	expect(before).toEqual([ahead.sk]);
	expect(cursor.mark <= time(503)).toBe(true);
	const next = storedRow("c", 510);
	table.rows.push(next);
	vi.setSystemTime(time(600));
	const after: string[] = [];
	await run(table, cursor, async ({ sk }) => void after.push(sk));
	expect(after).toEqual([next.sk]);
});

test("also of nothing a cursor is kept before it ends", async () => {
	const kept: Cursor[] = [];
	await forwardRows(growingTable().reader, begun, {
		...usual,
		async save(cursor) {
			await setImmediate();
			kept.push(cursor);
		},
	});
	expect(kept).toEqual([begun]);
});

/** As many chats of a row each; tells how many were read. */
function longTable(count: number) {
	const rows = { read: 0 };
	const keyOf = (second: number) => ({
		...{ pk: `chat#${second}`, sk: `${time(second)}#m#` },
		...{ storedAt: time(second), receivedAt: time(second) },
	});
	async function* storedKeys(shard: string) {
		if (shard !== "00") return;
		for (let from = 0; from < count; from += 500) {
			rows.read += 500;
			yield Array.from({ length: 500 }, (_, n) => keyOf(from + n));
		}
	}
	return { rows, reader: { storedKeys } };
}

test("with many that wait nothing further is read, until some are delivered", async () => {
	const { rows, reader } = longTable(25_000);
	const gate = Promise.withResolvers<void>();
	let most = 0;
	let delivered = 0;
	// Reading needs no turn of the event loop, so it goes as far as it may first.
	void setImmediate()
		.then(() => setImmediate())
		.then(gate.resolve);
	await forwardRows(reader, begun, {
		...usual,
		async deliver() {
			await gate.promise;
			most = Math.max(most, rows.read - delivered++);
		},
		save: () => setImmediate(),
	});
	expect(delivered).toBe(25_000);
	expect(most).toBeGreaterThan(20_000);
	expect(most).toBeLessThanOrEqual(21_000);
});

test("with many that wait it ends when it is told, and reads no further", async () => {
	const { rows, reader } = longTable(25_000);
	const stopping = new AbortController();
	await forwardRows(reader, begun, {
		...usual,
		signal: stopping.signal,
		async deliver() {
			await setImmediate().then(() => setImmediate());
			stopping.abort();
			throw new Error("not delivered");
		},
	});
	expect(rows.read).toBeLessThanOrEqual(21_000);
});

test("a repeat has the key that the row had with an earlier version, and no other row", () => {
	const key = repeatKey({ pk: "chat#a", sk: "b" });
	expect(key).toBe("1YoB8dKALohofdDEIb9_VGOtbg2YCCX0CS7lgAaD2_s");
	expect(repeatKey({ pk: "chat#a", sk: "c" })).not.toBe(key);
});

test("whenever it is killed: nothing is lost, and what comes again has the same key", async () => {
	const rows = fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat({ max: 400 })), {
		minLength: 1,
		maxLength: 30,
	});
	const kills = fc.array(fc.nat({ max: 10 }), { maxLength: 4 });
	await fc.assert(
		fc.asyncProperty(rows, kills, fc.nat({ max: 5 }), async (spec, killsAfter, failEach) => {
			const table = growingTable();
			const all = new Map(
				spec.map(([chat, second]) => {
					const row = storedRow(chat, second);
					return [repeatKey(row), row];
				}),
			);
			table.rows.push(...all.values());
			const delivered: string[] = [];
			let attempts = 0;
			let cursor = begun;
			for (const killAfter of [...killsAfter, Number.POSITIVE_INFINITY]) {
				const stopping = new AbortController();
				let count = 0;
				const deliver: Deliver = async (key, repeat) => {
					if (stopping.signal.aborted) throw new Error("killed");
					if (failEach > 0 && ++attempts % (failEach + 1) === 0) throw new Error("HTTP 500");
					delivered.push(repeat);
					expect(repeat).toBe(repeatKey(key));
					if (++count > killAfter) stopping.abort();
				};
				const before = cursor;
				({ cursor } = await run(table, cursor, deliver, stopping));
				// A kill may come before the last cursor was kept.
				if (killAfter === 0) cursor = before;
			}
			expect(new Set(delivered)).toEqual(new Set(all.keys()));
			expect(await run(table, cursor, () => Promise.reject(new Error("again")))).toMatchObject({
				failures: [],
			});
		}),
		{ numRuns: 60 },
	);
});
