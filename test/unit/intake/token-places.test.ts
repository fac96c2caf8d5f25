import { expect, test } from "vitest";
import { isToken, tokensOf, tokensOfQuery } from "../../../lib/intake/token-places.ts";
import { membersOf } from "../../../lib/message/json-text.ts";

/** A text with its places put in. */
function without(text: string, places: ReturnType<typeof tokensOf>): string {
	return places.reduceRight(
		(whole, { start, end, by }) => whole.slice(0, start) + by + whole.slice(end),
		text,
	);
}

test.each([
	['"9f1e"', '""'],
	['""', '""'],
	["123", "0"],
	["-1.5e3", "0"],
	['{"a":"9f1e"}', "{}"],
	['["9f1e"]', "[]"],
	["null", "null"],
	["true", "true"],
	["false", "false"],
])("the value %s of a token becomes %s, of the same JSON type", (value, by) => {
	const text = `{"token":${value},"data":{"other":${value}," token\\t":${value}},"x":{"token":${value}}}`;
	const places = tokensOf(
		text,
		membersOf(text, () => true),
	);
	expect(without(text, places)).toBe(
		`{"token":${by},"data":{"other":${value}," token\\t":${by}},"x":{"token":${value}}}`,
	);
});

test.each([
	["token=a&x=b", "token=&x=b"],
	["x=b&token=a", "x=b&token="],
	["token=a&token=b", "token=&token="],
	["tok%65n=a", "tok%65n="],
	["token=", "token="],
	["token", "token"],
	["x=token&y", "x=token&y"],
	["mytoken=a", "mytoken=a"],
	["", ""],
])("the query %j becomes %j", (query, expected) => {
	expect(without(query, tokensOfQuery(query))).toBe(expected);
});

test("where no token stands none is counted", () => {
	const text = '{"token":"","data":{"token":null}}';
	expect(tokensOf(text, membersOf(text, isToken))).toEqual([]);
	expect(tokensOfQuery("token=&x=1&token")).toEqual([]);
});

test("white space around a key is no part of it", () => {
	expect(["token", " token\t", "Token", "tokens"].map(isToken)).toEqual([true, true, false, false]);
});
