import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { beginningOf, outlineOf } from "../../../lib/message/outline.ts";
import { lineOf, previewOf } from "../../../lib/message/preview.ts";
import { readMessage } from "../../../lib/message/shape.ts";
import { en } from "../../../lib/words/en.ts";
import { sampleBody, sampleNames } from "../../../samples/samples.ts";
import { textMessage } from "../../callbacks.ts";

const previewOfText = (text: string) => previewOf(readMessage(text));
const line = (text: string, longest = 120): string => lineOf(previewOfText(text), longest, en.line);

test.each([
	["t01-file-natural-size", "报价单.pdf 204800 bytes"],
	["t02-voice-natural", "3 s https://media.example.invalid/v.mp3"],
	["t06-image-push1-no-media", "(nothing in it)"],
	["t06-image-push3-artwork", "https://media.example.invalid/i-orig.jpg"],
	["t07-text-2025-private", "你好，请问今天几点开门？"],
	["t10001-topic", "新名 BotYiHao"],
	["t42-future-type", `{"newThing":{"x":1}}`],
])("%s in one line", (name, expected) => {
	expect(line(sampleBody(name))).toBe(expected);
});

test("every sample says something in its line", () => {
	const silent = sampleNames
		.filter((name) => name !== "b-truncated")
		.filter((name) => line(sampleBody(name)) === "");
	expect(silent).toEqual([]);
});

describe("what a sender wrote breaks nothing", () => {
	const deep = (brackets: number): string => `${"[".repeat(brackets)}1${"]".repeat(brackets)}`;
	const hostile: readonly (readonly [string, string])[] = [
		["a text of 50,000 nested arrays", `{"text":${deep(50_000)}}`],
		["100,000 nested objects", `{"text":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`],
		["440,000 numbers", `{"mention":[${"1,".repeat(440_000)}1]}`],
		["440,000 names", `{"subPayload":{"memberNames":[${'"x",'.repeat(220_000)}"x"]}}`],
		["50,000 keys", `{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":1`).join()}}`],
		["900,000 letters", `{"text":"${"长".repeat(900_000)}","content":"${"x".repeat(900)}"}`],
		["keys of the language", '{"__proto__":{"text":"x"},"constructor":1,"toString":{}}'],
	];
	const types = [0, 1, 2, 3, 6, 7, 8, 12, 14, 16, 42, 9999, 10_000, 10_001];

	test.each(hostile)("%s, of any type", (_, payload) => {
		for (const type of [1, 7, 10_000, 10_001, 42]) {
			const text = `{"data":{"type":${type},"payload":${payload}}}`;
			expect(JSON.stringify(previewOfText(text)).length).toBeLessThan(12_000);
			expect(line(text).length).toBeLessThanOrEqual(121);
		}
	});

	test("any JSON under any type", () => {
		fc.assert(
			fc.property(fc.constantFrom(...types), fc.jsonValue(), (type, payload) => {
				expect(line(textMessage({ type, payload }), 50).length).toBeLessThanOrEqual(51);
			}),
		);
	});
});

test("an outline is what JSON.stringify writes, as far as it goes", () => {
	fc.assert(
		fc.property(fc.jsonValue({ stringUnit: "binary" }), fc.nat(300), (value, longest) => {
			const whole = JSON.stringify(value);
			expect(outlineOf(value, { longest })).toBe(beginningOf(whole, longest));
		}),
	);
});

test("a beginning cuts no character in two", () => {
	expect(beginningOf("a😀b", 2)).toBe("a…");
	expect(beginningOf("a😀b", 3)).toBe("a😀…");
	expect(beginningOf("a😀", 3)).toBe("a😀");
});
