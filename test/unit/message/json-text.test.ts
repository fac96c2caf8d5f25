import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	elementsAt,
	isObject,
	type Member,
	membersAt,
	membersOf,
	numberOf,
	type Place,
	parseObject,
	wholeOf,
	wordOf,
} from "../../../lib/message/json-text.ts";

const all = (): boolean => true;

/** White space between all the signs of a JSON text, wherever the grammar allows it. */
function spaced(json: string, space: string): string {
	const signs = json.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? [];
	return `${space}${signs.join(space)}${space}`;
}

const anySpace = fc.string({ unit: fc.constantFrom(" ", "\t", "\n", "\r"), maxLength: 3 });

test("the members of any JSON object, as written", () => {
	const key = fc.string({ unit: "binary" }).filter((name) => name !== "data");
	fc.assert(
		fc.property(
			fc.dictionary(key, fc.jsonValue()),
			fc.dictionary(key, fc.jsonValue()),
			fc.constantFrom("", " ", "\n\t", "  "),
			(object, inner, indent) => {
				const text = JSON.stringify({ ...object, data: inner }, null, indent);
				const { top, data } = membersOf(text, all);
				const read = (members: typeof top) =>
					members.map(({ key, start, end }) => [key, JSON.parse(text.slice(start, end))]);
				expect(read(top)).toEqual(Object.entries(JSON.parse(JSON.stringify(object))));
				expect(data.map(read)).toEqual([Object.entries(JSON.parse(JSON.stringify(inner)))]);
			},
		),
	);
});

test("the places of a value's parts, in any white space, are those of the parts and no more", () => {
	const cut = (text: string, { start, end }: Place): string => text.slice(start, end);
	fc.assert(
		fc.property(fc.jsonValue({ stringUnit: "binary" }), anySpace, (value, space) => {
			const text = spaced(JSON.stringify(value), space);
			const whole: unknown = JSON.parse(text);
			const read = ({ key, ...place }: Member) => [key, cut(text, place)];
			const elements = elementsAt(text, wholeOf(text)).map((place) => cut(text, place));
			const members = membersAt(text, wholeOf(text));
			const spell = (one: unknown): string => spaced(JSON.stringify(one), space).trim();
			expect(elements).toEqual(Array.isArray(whole) ? whole.map(spell) : []);
			expect(members.map(read)).toEqual(
				isObject(whole) ? Object.entries(whole).map(([key, one]) => [key, spell(one)]) : [],
			);
			const { top, data } = membersOf(`{"data":${text},"x":${text}}`, all);
			expect(top.map(({ key }) => key)).toEqual(["x"]);
			expect(data).toHaveLength(1);
			expect(data[0]?.map(({ key }) => key)).toEqual(members.map(({ key }) => key));
			expect(membersOf(`${space}{${space}}`, all)).toEqual({ top: [], data: [] });
			if (isObject(whole) && !("data" in whole)) {
				expect(membersOf(text, all).top.map(read)).toEqual(members.map(read));
			}
		}),
	);
});

test("duplicates, escaped keys and numbers keep their writing", () => {
	const text = String.raw` { "a" : 7200000000000000123 , "a":1E400, "\u0061":"\\\"", "b":[{"a":1}] } `;
	const { top } = membersOf(text, all);
	expect(top.map(({ key, start, end }) => [key, text.slice(start, end)])).toEqual([
		["a", "7200000000000000123"],
		["a", "1E400"],
		["a", String.raw`"\\\""`],
		["b", '[{"a":1}]'],
	]);
});

test("every data of the text is told, in its order; one that is no object has no members", () => {
	const text = String.raw`{"data":{"a":1},"d\u0061ta":[{"b":1}],"data":{"c":{"data":{"d":1}}}}`;
	const keys = membersOf(text, all).data.map((members) => members.map(({ key }) => key));
	expect(keys).toEqual([["a"], [], ["c"]]);
});

test("only what is wanted is told", () => {
	const text = '{"a":1,"b":2,"data":{"a":3,"c":4}}';
	const { top, data } = membersOf(text, (key) => key === "a");
	expect([top, ...data].map((members) => members.map(({ key }) => key))).toEqual([["a"], ["a"]]);
});

test("nesting of 200,000 levels is no matter", () => {
	const deep = "[".repeat(200_000) + "]".repeat(200_000);
	const text = `{"deep":${deep},"after":1}`;
	expect(parseObject(text)).toHaveProperty("after", 1);
	expect(membersOf(text, all).top.map(({ key }) => key)).toEqual(["deep", "after"]);
});

describe("what is no object", () => {
	test.each(["[1]", "7", '"{}"', "null", "", "{", '{"a":1}}'])("%s", (text) => {
		expect(parseObject(text)).toBeUndefined();
	});
});

test.each([
	["word", "word", undefined],
	["", undefined, undefined],
	[" ", " ", undefined],
	["7", "7", 7],
	[" 1e2 ", " 1e2 ", 100],
	["1e999", "1e999", undefined],
	[7.5, undefined, 7.5],
	[0, undefined, 0],
	[Number.POSITIVE_INFINITY, undefined, undefined],
	[null, undefined, undefined],
	[true, undefined, undefined],
	[["7"], undefined, undefined],
])("%j as a word is %j, as a number %j", (value, word, number) => {
	expect(wordOf(value)).toBe(word);
	expect(numberOf(value)).toBe(number);
});
