import fc from "fast-check";
import { expect, test } from "vitest";
import { beginningOf, outlineOf } from "../../../lib/message/outline.ts";

test("an outline is what JSON.stringify writes, as far as it goes", () => {
	fc.assert(
		fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.nat(300), (value, longest) => {
			const whole = JSON.stringify(value);
			expect(outlineOf(value, { longest })).toBe(beginningOf(whole, longest));
		}),
	);
});

test("an outline that just fits is whole", () => {
	expect(outlineOf([1, 2], { longest: 5 })).toBe("[1,2]");
	expect(outlineOf([1, 2], { longest: 4 })).toBe("[1,2…");
});

test("of each array stand so many items, and each leaf is what is put for it", () => {
	const value = { a: [1, [2, 3, 4], 5], b: null, c: { d: [], e: "x" } };
	const leaf = (one: unknown, key: string): unknown => `${key}=${one}`;
	expect(JSON.parse(outlineOf(value, { longest: 200, mostItems: 2, leaf }))).toEqual({
		a: ["0=1", ["0=2", "1=3"]],
		b: "b=null",
		c: { d: [], e: "e=x" },
	});
	expect(outlineOf("x", { longest: 9, leaf })).toBe('"=x"');
});

test("a beginning cuts no character in two", () => {
	expect(beginningOf("a😀b", 2)).toBe("a…");
	expect(beginningOf("a😀b", 3)).toBe("a😀…");
	expect(beginningOf("a😀", 3)).toBe("a😀");
	// The first and the last unit that begins a pair, and their neighbours, which do not.
	const cut = ["\ud7ff", "\ud800", "\udbff", "\udc00"].map((unit) => beginningOf(`${unit}bc`, 1));
	expect(cut).toEqual(["\ud7ff…", "…", "…", "\udc00…"]);
});
