import fc from "fast-check";
import { expect, test } from "vitest";
import { exportRows, type Period, type Reached } from "../../../lib/archive/exporting.ts";
import { callbackRow } from "../../../lib/storage/row.ts";
import { growingTable, storedRow, time } from "./storing.ts";

const AS_OF = time(10_000);

async function exported(
	{ reader }: ReturnType<typeof growingTable>,
	period: Period,
	from?: Reached,
) {
	const pages = [];
	for await (const page of exportRows(reader, period, AS_OF, from)) pages.push(page);
	return pages.map(({ rows, reached }) => ({ sks: rows.map(({ sk }) => sk), reached }));
}

test("a message is of the time that it tells, whenever it was stored", async () => {
	const table = growingTable();
	const waited = storedRow("c", 15, time(900));
	const ahead = storedRow("c", 500, time(16));
	const line = { method: "POST", path: "probe", query: "", encoding: "utf8" } as const;
	const probe = callbackRow("{}", line, { receivedAt: time(15), blanked: 0 });
	table.rows.push(storedRow("c", 9), waited, ahead, storedRow("c", 20));
	table.rows.push({ ...probe, storedAt: time(15), message: "{}" });
	const [page] = await exported(table, { since: time(10), until: time(20) });
	expect(page?.sks).toEqual([ahead.sk, waited.sk]);
});

test("a page has a hundred rows, and tells no more than how far it goes", async () => {
	const table = growingTable();
	for (let second = 0; second < 250; second++) table.rows.push(storedRow("c", second));
	const pages = await exported(table, { since: time(0), until: time(250) });
	expect(pages.map(({ sks }) => sks.length)).toEqual([100, 100, 50]);
	expect(pages.map(({ reached }) => reached.storedAt)).toEqual([99, 199, 249].map(time));
	expect(pages.map(({ reached }) => reached.ids.length)).toEqual([1, 1, 1]);
});

test("of a period in which nothing was stored the export has come to its beginning", async () => {
	const pages = await exported(growingTable(), { since: time(10), until: time(20) });
	expect(pages).toEqual([{ sks: [], reached: { storedAt: time(10), ids: [] } }]);
});

test("every message is in one of the periods that follow each other, and no stop loses or repeats one", async () => {
	// Many share a millisecond, and more than a page.
	const row = fc.tuple(fc.nat({ max: 999 }), fc.nat({ max: 9 }));
	await fc.assert(
		fc.asyncProperty(
			fc.array(row, { minLength: 150, maxLength: 250 }),
			fc.nat({ max: 30 }),
			async (rows, cut) => {
				const table = growingTable();
				const all = new Map(
					rows.map(([n, delay]) => {
						const stored = storedRow(`c${n}`, n % 30, time((n % 30) + delay));
						return [stored.pk + stored.sk, stored];
					}),
				);
				table.rows.push(...all.values());
				const sks: string[] = [];
				for (const [since, until] of [
					["0", time(cut)],
					[time(cut), "~"],
				] as const) {
					const pages = await exported(table, { since, until });
					const whole = pages.flatMap((page) => page.sks);
					sks.push(...whole);
					for (const [n, { reached }] of pages.entries()) {
						const rest = await exported(table, { since, until }, reached);
						const before = pages.slice(0, n + 1).flatMap((page) => page.sks);
						expect([...before, ...rest.flatMap((page) => page.sks)]).toEqual(whole);
					}
				}
				expect(sks.toSorted()).toEqual([...all.values()].map(({ sk }) => sk).toSorted());
			},
		),
		{ numRuns: 15 },
	);
});
