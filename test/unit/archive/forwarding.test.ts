import fc from "fast-check";
import { expect, test } from "vitest";
import {
	type Cursor,
	type Forwarding,
	forwardRows,
	repeatKey,
} from "../../../lib/archive/forwarding.ts";
import { growingTable, storedRow, time } from "./storing.ts";

const begun: Cursor = { begin: time(0), mark: time(0), delivered: {} };

type Deliver = Forwarding["deliver"];

/** Forwards through two looks; it ends when all is delivered or `stopping` is aborted. */
async function run(
	{ reader }: ReturnType<typeof growingTable>,
	cursor: Cursor,
	deliver: Deliver,
	stopping = new AbortController(),
): Promise<{ cursor: Cursor; failures: string[] }> {
	let kept = cursor;
	let looks = 2;
	const failures: string[] = [];
	await forwardRows(reader, cursor, {
		signal: stopping.signal,
		deliver,
		wait: async () => looks-- > 0 && !stopping.signal.aborted,
		onTrouble(error) {
			throw error;
		},
		onFailure: ({ pk }) => void failures.push(pk),
		save: async (reached) => {
			kept = reached;
		},
		patience: [1, 2],
	});
	return { cursor: kept, failures };
}

test("a chat keeps its order, though it was stored in another, and waits for what fails", async () => {
	const table = growingTable();
	for (const second of [3, 1, 2, 4]) {
		for (const chat of ["good", "bad"]) table.rows.push(storedRow(chat, second, time(9)));
	}
	let isMended = false;
	const delivered: string[] = [];
	const { failures } = await run(table, begun, async ({ pk, sk }) => {
		if (pk === "chat#bad" && sk.includes("#m2#") && !isMended) throw new TypeError("fetch failed");
		delivered.push(`${pk} ${sk.slice(0, time(0).length)}`);
		isMended = delivered.filter((one) => one.startsWith("chat#good")).length === 4;
	});
	for (const chat of ["good", "bad"]) {
		expect(delivered.filter((one) => one.startsWith(`chat#${chat}`))).toEqual(
			[1, 2, 3, 4].map((second) => `chat#${chat} ${time(second)}`),
		);
	}
	expect(failures).toEqual(["chat#bad"]);
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
