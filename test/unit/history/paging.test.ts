import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FIRST, PAGE_SIZE, type Page, pagesOf } from "../../../lib/history/paging.ts";

const page = (next: string | undefined, ...records: string[]): Page => ({
	kind: "page",
	records,
	next,
});

/** Answers one after another; the last one again and again. */
function answering(...answers: readonly Page[]) {
	const asked: (string | undefined)[] = [];
	const ask = async (seq: string | undefined): Promise<Page> => {
		const answer = answers[Math.min(asked.length, answers.length - 1)];
		asked.push(seq);
		if (answer === undefined) throw new Error("nothing to answer");
		return answer;
	};
	return { asked, ask };
}

async function recordsOf(ask: (seq: string | undefined) => Promise<Page>, from?: string) {
	const records: unknown[] = [];
	for await (const { records: some } of pagesOf(ask, from)) records.push(...some);
	return records;
}

const full = Array.from({ length: PAGE_SIZE }, (_, n) => `r${n}`);

describe("a day ends, and nothing is asked after its end", () => {
	test.each([
		["at a cursor that is absent", [page("1", "a"), page(undefined, "b"), page("9", "z")], 2],
		["at one that is unchanged", [page("1", "a"), page("1", "b"), page("9", "z")], 2],
		["at an empty page", [page("1", "a"), page("2", "b"), page("3"), page("9", "z")], 3],
		["at a last page that leads to the first", [page("1", "a"), page(FIRST, "b")], 2],
		["at a page that comes three times", [page("1", "a"), page("2", "b"), page("2", "b")], 5],
	])("%s", async (_, answers, calls) => {
		const { ask, asked } = answering(...answers);
		expect([...new Set(await recordsOf(ask))]).toEqual(["a", "b"]);
		expect(asked).toHaveLength(calls);
	});

	test.each([
		["has one more", ["a"], ["a", "b"]],
		["has one less", ["a", "b"], ["a"]],
		["has another one", ["a", "b"], ["a", "c"]],
	])("at an unchanged cursor of a page that %s than the one before", async (_, before, last) => {
		const { ask, asked } = answering(page("1", ...before), page("1", ...last), page("9", "z"));
		expect(await recordsOf(ask)).toEqual([...before, ...last]);
		expect(asked).toEqual([undefined, "1"]);
	});

	test("at once, where one goes on from its end", async () => {
		const { ask, asked } = answering(page("7", "a"), page("9", "z"));
		expect(await recordsOf(ask, "7")).toEqual(["a"]);
		expect(asked).toEqual(["7"]);
	});
});

test("the cursor of each page asks for the next, from where one goes on", async () => {
	const { ask, asked } = answering(page("8", "a"), page("9", "b"), page(undefined));
	await recordsOf(ask, "7");
	expect(asked).toEqual(["7", "8", "9"]);
});

describe("a page that cannot be right is asked for again", () => {
	test("the one before", async () => {
		const { ask, asked } = answering(
			...[page("1", "a"), page("1", "a"), page("2", "b"), page(undefined, "c")],
		);
		expect(await recordsOf(ask)).toEqual(["a", "b", "c"]);
		expect(asked).toEqual([undefined, "1", "1", "2"]);
	});

	test("one that leads back", async () => {
		const { ask, asked } = answering(
			...[page("1", "a"), page("2", "b"), page("1", "c"), page("3", "c"), page(undefined, "d")],
		);
		expect(await recordsOf(ask)).toEqual(["a", "b", "c", "d"]);
		expect(asked).toEqual([undefined, "1", "2", "2", "3"]);
	});
});

test.each([
	["to an earlier page", [page("1", "a"), page("2", "b"), page("1", "c")], [undefined, "1", "2"]],
	["to the first page", [page("1", "a"), page(FIRST, ...full)], [undefined, "1"]],
])(
	"a cursor that goes back %s three times is told, and not followed",
	async (_, answers, cursors) => {
		const { ask, asked } = answering(...answers);
		await expect(recordsOf(ask)).rejects.toThrow("circle");
		expect(asked).toEqual([...cursors, cursors.at(-1), cursors.at(-1)]);
	},
);

test("whatever is answered, it comes to an end", async () => {
	const cursor = fc.constantFrom(undefined, FIRST, "1", "2", "3", "4");
	const answer = fc.record({
		...{ kind: fc.constant("page" as const), next: cursor },
		records: fc.array(fc.constantFrom("a", "b", undefined), { maxLength: 2 }),
	});
	await fc.assert(
		fc.asyncProperty(fc.infiniteStream(answer), async (answers) => {
			let calls = 0;
			const ask = async (): Promise<Page> => {
				if (++calls > 100) throw new Error("it goes on and on");
				return answers.next().value;
			};
			await recordsOf(ask).catch((error: Error) => expect(error.message).toContain("circle"));
		}),
	);
});

test("a cursor that is always new has an end, too", { timeout: 20_000 }, async () => {
	let calls = 0;
	const ask = async (): Promise<Page> => page(String(++calls), "a");
	await expect(recordsOf(ask)).rejects.toThrow("pages");
	expect(calls).toBe(10_000);
});
