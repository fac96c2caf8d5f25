import { expect, test } from "vitest";
import { followKeys, OVERLAP_MS } from "../../../lib/archive/following.ts";
import { growingTable, storedRow, time } from "./storing.ts";

/** Follows through some looks, before each of which something is done. */
async function follow(
	{ reader }: ReturnType<typeof growingTable>,
	since: string,
	...steps: (() => void)[]
): Promise<{ sks: string[]; troubles: unknown[] }> {
	const troubles: unknown[] = [];
	const pace = {
		wait: async () => {
			const step = steps.shift();
			step?.();
			return step !== undefined;
		},
		onTrouble: (error: unknown) => void troubles.push(error),
	};
	const sks: string[] = [];
	for await (const keys of followKeys(reader, since, pace)) sks.push(...keys.map(({ sk }) => sk));
	return { sks, troubles };
}

test("each row is handed out once, one that comes late too", async () => {
	const table = growingTable();
	const rows = [10, 11, 12, 200, 201].map((second) => storedRow("c", second));
	const [a, b, late, d, e] = rows;
	if (!(a && b && late && d && e)) throw new Error("five rows");
	table.rows.push(storedRow("c", 9), a, b);
	const nothing = (): void => {};
	const { sks } = await follow(
		table,
		time(10),
		() => void table.rows.push(d),
		nothing,
		// As late as the overlap allows.
		() => void table.rows.push({ ...late, storedAt: time(200 - OVERLAP_MS / 1_000) }),
		() => void table.rows.push(e),
	);
	expect(sks).toEqual([a, b, d, late, e].map(({ sk }) => sk));
});

test("a clock that was ahead once hides nothing", async () => {
	const table = growingTable();
	const ahead = storedRow("c", 1, "2999-01-01T00:00:00.000Z");
	const now = storedRow("c", 2, new Date().toISOString());
	table.rows.push(ahead);
	const { sks } = await follow(table, time(0), () => void table.rows.push(now));
	expect(sks).toEqual([ahead.sk, now.sk]);
});

test("a look that fails is made up for by the next; the first one may not fail", async () => {
	const table = growingTable();
	table.rows.push(storedRow("c", 1));
	const { storedKeys } = table.reader;
	const broken = new Error("away");
	const breakIt = (): void => {
		table.rows.push(storedRow("c", 2));
		table.reader.storedKeys = async function* () {
			yield await Promise.reject(broken);
		};
	};
	const mendIt = (): void => {
		table.reader.storedKeys = storedKeys;
	};
	const { sks, troubles } = await follow(table, time(0), breakIt, mendIt);
	expect(sks).toHaveLength(2);
	expect(troubles).toEqual([broken]);
	breakIt();
	await expect(follow(table, time(0))).rejects.toThrow(broken);
});
