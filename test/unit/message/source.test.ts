import fc from "fast-check";
import { expect, test } from "vitest";
import { membersOf, stringsOf } from "../../../lib/message/source.ts";

test("the members of any JSON object, as written", () => {
	fc.assert(
		fc.property(
			fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()),
			fc.constantFrom("", " ", "\n\t", "  "),
			(object, indent) => {
				const text = JSON.stringify(object, null, indent);
				const members = membersOf(text).map(({ key, start, end }) => [
					key,
					JSON.parse(text.slice(start, end)),
				]);
				expect(members).toEqual(Object.entries(JSON.parse(text)));
			},
		),
	);
});

test("duplicates, escaped keys and numbers keep their writing", () => {
	const text = String.raw` { "a" : 7200000000000000123 , "a":1E400, "\u0061":"\\\"", "b":[{"a":1}] } `;
	expect(membersOf(text).map(({ key, start, end }) => [key, text.slice(start, end)])).toEqual([
		["a", "7200000000000000123"],
		["a", "1E400"],
		["a", String.raw`"\\\""`],
		["b", '[{"a":1}]'],
	]);
});

test.each(["[1]", "7", '"{}"', "null"])("%s has no members", (text) => {
	expect(membersOf(text)).toEqual([]);
});

test("nesting of 200,000 levels is no matter", () => {
	const deep = "[".repeat(200_000) + "]".repeat(200_000);
	expect(membersOf(`{"deep":${deep},"after":1}`).map(({ key }) => key)).toEqual(["deep", "after"]);
});

test("all string literals of any JSON", () => {
	fc.assert(
		fc.property(fc.array(fc.string({ unit: "binary" })), (strings) => {
			const text = JSON.stringify(strings.map((one) => ({ k: one })));
			const found = [...stringsOf(text)].map(({ start, end }) =>
				JSON.parse(text.slice(start, end)),
			);
			expect(found).toEqual(strings.flatMap((one) => ["k", JSON.parse(JSON.stringify(one))]));
		}),
	);
});
