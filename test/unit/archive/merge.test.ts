import { setImmediate } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inPages, merge } from "../../../lib/archive/merge.ts";

async function* sourceOf<One>(pages: readonly One[][]): AsyncGenerator<One[]> {
	for (const page of pages) yield page;
}

async function all<One>(ones: AsyncIterable<One>): Promise<One[]> {
	const found: One[] = [];
	for await (const one of ones) found.push(one);
	return found;
}

test("sources in order, whatever their pages, become one in order", async () => {
	const sorted = fc.array(fc.nat(50), { maxLength: 12 }).map((list) => list.sort((a, b) => a - b));
	const paged = fc.tuple(sorted, fc.integer({ min: 1, max: 5 })).map(([list, size]) => {
		const pages: number[][] = [[]];
		for (let at = 0; at < list.length; at += size) pages.push(list.slice(at, at + size), []);
		return { list, pages };
	});
	await fc.assert(
		fc.asyncProperty(fc.array(paged, { maxLength: 4 }), async (sources) => {
			const merged = await all(
				merge(
					sources.map(({ pages }) => sourceOf(pages)),
					(a, b) => a < b,
				),
			);
			expect(merged).toEqual(sources.flatMap(({ list }) => list).sort((a, b) => a - b));
		}),
	);
});

test("of two that are alike the first source's comes first, and no source is read further than needed", async () => {
	let read = 0;
	async function* counted(): AsyncGenerator<string[]> {
		for (const page of [["a2"], ["b2"], ["c2"]]) {
			read++;
			yield page;
		}
	}
	const merged = merge(
		[sourceOf([["a1", "b1"]]), counted()],
		(a, b) => a.slice(0, 1) < b.slice(0, 1),
	);
	expect([(await merged.next()).value, (await merged.next()).value]).toEqual(["a1", "a2"]);
	expect(read).toBeLessThanOrEqual(2);
	expect(await all(merged)).toEqual(["b1", "b2", "c2"]);
});

test.each([
	[5, 2, [[0, 1], [2, 3], [4]]],
	[
		4,
		2,
		[
			[0, 1],
			[2, 3],
		],
	],
	[1, 2, [[0]]],
	[0, 2, []],
])("%i in pages of %i", async (count, size, expected) => {
	const numbers = Array.from({ length: count }, (_, n) => n);
	expect(await all(inPages(sourceOf(numbers.map((n) => [n])), size))).toEqual(
		expected.map((page) => page.map((n) => [n])),
	);
});

test("of many sources no more are asked at once than the SDK has connections", async () => {
	let asked = 0;
	let most = 0;
	const sources = Array.from({ length: 200 }, async function* (_, n) {
		most = Math.max(most, ++asked);
		await setImmediate();
		asked--;
		yield [n];
	});
	expect(await all(merge(sources, (a, b) => a < b))).toHaveLength(200);
	expect(most).toBeGreaterThan(1);
	expect(most).toBeLessThanOrEqual(50);
});
