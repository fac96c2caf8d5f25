import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { membersOf, parseObject } from "../../../lib/message/json-text.ts";

const all = (): boolean => true;

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
