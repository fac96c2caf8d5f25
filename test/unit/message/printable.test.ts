import fc from "fast-check";
import { expect, test } from "vitest";
import { printable } from "../../../lib/message/printable.ts";

test.each([
	["\u009b31m", "\\u009b31m"],
	["\u009d0;title\u0007", "\\u009d0;title\\u0007"],
	["a\u007fb", "a\\u007fb"],
	["\u202egpj.exe\u202c", "\\u202egpj.exe\\u202c"],
	["\u061c\u2066x\u2069", "\\u061c\\u2066x\\u2069"],
	["two\nlines\u2028\u2029\u0085", "two\\nlines\\u2028\\u2029\\u0085"],
	["\u{e0041}", "\\udb40\\udc41"],
	["\ud83d", "\\ud83d"],
	["你好，😀 \\ é", "你好，😀 \\ é"],
])("%j is printed as %s", (text, expected) => {
	expect(printable(text)).toBe(expected);
});

/** Unicode's own word for it, from another side: by code point, not by one expression. */
const isUnseen = (character: string): boolean =>
	[/\p{C}/u, /\p{Zl}/u, /\p{Zp}/u, /\p{Bidi_Control}/u].some((set) => set.test(character)) &&
	!/[\p{Cn}\p{Co}]/u.test(character);

test("no character that is not seen comes through, of all of Unicode", () => {
	const passed: string[] = [];
	for (let point = 0; point <= 0x10ffff; point++) {
		const character = String.fromCodePoint(point);
		if (isUnseen(character) !== (printable(character) !== character)) passed.push(character);
	}
	expect(passed).toEqual([]);
});

test("JSON stays the same JSON, in one line", () => {
	fc.assert(
		fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
			const shown = printable(JSON.stringify(value));
			expect(JSON.parse(shown)).toEqual(JSON.parse(JSON.stringify(value)));
			expect([...shown].filter(isUnseen)).toEqual([]);
		}),
	);
});
