import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blank, blankBytes } from "../../../lib/intake/blanking.ts";
import { sealedOf } from "../../../lib/intake/secret.ts";
import { runs } from "../../seed.ts";
import { everyReading, spelled } from "./spellings.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const OTHER = "n0-Key_of~the.base-url";
const NUMBER = "1234567890123456789";
const secrets = [TOKEN, OTHER, NUMBER].map(sealedOf);

const json = (text: string) => blank(text, secrets, { isJson: true });

describe("in JSON a secret goes, and nothing else", () => {
	test.each([
		["a value", `{"a":"${TOKEN}"}`, '{"a":"*"}'],
		["a key", `{"${TOKEN}":1}`, '{"*":1}'],
		["a text", `{"a":"it is ${TOKEN}!"}`, '{"a":"it is *!"}'],
		["joined to other letters", `{"a":"x_${TOKEN}_"}`, '{"a":"x_*_"}'],
		["deep inside", `[[{"result":{"token":"${TOKEN}"}}]]`, '[[{"result":{"token":"*"}}]]'],
		["an escape", String.raw`{"a":"\u0039${TOKEN.slice(1)}"}`, '{"a":"*"}'],
		["after a backslash", String.raw`{"a":"C:\\${TOKEN}"}`, String.raw`{"a":"C:\\*"}`],
		[
			"after two backslashes, escaped",
			String.raw`{"a":"\\\\\u0039${TOKEN.slice(1)}"}`,
			String.raw`{"a":"\\\\*"}`,
		],
		["JSON in it", String.raw`{"a":"{\"t\":\"${TOKEN}\"}"}`, String.raw`{"a":"{\"t\":\"*\"}"}`],
		["JSON in it, escaped", String.raw`{"a":"\\u0039${TOKEN.slice(1)}"}`, '{"a":"*"}'],
		["a URL in it", `{"a":"https://x/?a=%39${TOKEN.slice(1)}&b"}`, '{"a":"https://x/?a=*&b"}'],
		["a number", `{"a":${NUMBER},"b":"${NUMBER}"}`, '{"a":0,"b":"*"}'],
		["part of a number", `[-${NUMBER}.5,0.${NUMBER},2e+${NUMBER},1]`, "[0,0,0,1]"],
		["twice in a number", `[${NUMBER}${NUMBER}0,"${NUMBER}"]`, '[0,"*"]'],
		["several, beside each other", `{"a":"${TOKEN}${OTHER}${TOKEN}"}`, '{"a":"***"}'],
		["the other one", `{"a":"${OTHER}"}`, '{"a":"*"}'],
		["inside of itself", `{"a":"9${TOKEN}${TOKEN.slice(1)}"}`, `{"a":"9*${TOKEN.slice(1)}"}`],
	])("%s", (_, text, kept) => {
		expect(json(text).text).toBe(kept);
		expect(JSON.parse(json(text).text)).toEqual(JSON.parse(kept));
	});

	test("half an escape goes with it: what is left is JSON", () => {
		// \u9f1e is a character, and the rest of the token follows.
		expect(json(String.raw`{"text":"a\u${TOKEN}b"}`).text).toBe('{"text":"a*b"}');
		expect(json(String.raw`{"text":"a\\\u${TOKEN}b"}`).text).toBe(String.raw`{"text":"a\\*b"}`);
		// \n is a line end, and the key begins with an n.
		expect(json(`{"text":"a\\${OTHER}b"}`).text).toBe('{"text":"a*b"}');
		expect(json(`{"text":"a\\\\${OTHER}b"}`).text).toBe(String.raw`{"text":"a\\*b"}`);
	});

	test("characters whose lower bytes spell it are not it", () => {
		const alike = [...TOKEN]
			.map((unit) => String.fromCharCode(unit.charCodeAt(0) + 0x4e00))
			.join("");
		expect(json(`{"a":"${alike}"}`).blanked).toBe(0);
	});

	test("each place is counted", () => {
		expect(json(`{"a":"${TOKEN} ${TOKEN}","${OTHER}":"${TOKEN.slice(1)}"}`).blanked).toBe(3);
		expect(json('{"a":1}')).toEqual({ text: '{"a":1}', blanked: 0 });
	});

	test("Base64 of it, wherever in it the secret begins", () => {
		for (const before of ["", "a", "ab", "abc"]) {
			const inside = Buffer.from(`${before}${TOKEN} and more`).toString("base64");
			const { text, blanked } = json(`{"a":"data:;base64,${inside}"}`);
			expect(blanked).toBe(1);
			expect(JSON.parse(text).a).toMatch(/^data:;base64,/);
			expect(everyReading(text).some((reading) => reading.includes(TOKEN))).toBe(false);
		}
	});

	test("however it is spelled and whatever surrounds it", () => {
		const around = fc.string({ unit: "binary" }).map((text) => JSON.stringify(text).slice(1, -1));
		const secret = fc.constantFrom(TOKEN, OTHER).chain(spelled);
		fc.assert(
			fc.property(secret, secret, around, around, (first, second, before, after) => {
				fc.pre(!/[\\%]$/.test(before));
				const { text } = json(`{"${before}${first}":["${before}${second}${after}",{"a":7}]}`);
				expect(JSON.parse(text)).toEqual(
					JSON.parse(`{"${before}*":["${before}*${after}",{"a":7}]}`),
				);
			}),
			{ numRuns: runs(2_000) },
		);
	});

	test("what is no secret stays as it is, to the letter", () => {
		fc.assert(
			fc.property(fc.json({ stringUnit: "binary" }), fc.constantFrom(" ", ""), (text, space) => {
				expect(json(`${space}${text}`)).toEqual({ text: `${space}${text}`, blanked: 0 });
			}),
		);
	});
});

describe("in another text", () => {
	test.each([
		[`token=${TOKEN}&x=1`, "token=*&x=1"],
		[`u=http%3A%2F%2Fx%3Ftoken%3D${TOKEN}`, "u=http%3A%2F%2Fx%3Ftoken%3D*"],
		[`u=%25${TOKEN.charCodeAt(0).toString(16)}${TOKEN.slice(1)}`, "u=*"],
		[`{"token" : "${TOKEN}","text":"b`, '{"token" : "*","text":"b'],
		[`\\${TOKEN}`, "*"],
	])("%s", (text, kept) => {
		expect(blank(text, secrets).text).toBe(kept);
	});

	test("a known place is replaced whatever stands there", () => {
		const known = [{ start: 6, end: 9, by: "-" }];
		expect(blank("token=abc&x=1", secrets, { known })).toEqual({ text: "token=-&x=1", blanked: 1 });
	});
});

describe("in bytes", () => {
	const utf16be = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();
	const utf32le = (text: string): Buffer =>
		Buffer.from(Uint32Array.from([...text].map((unit) => unit.codePointAt(0) ?? 0)).buffer);

	test.each([
		["of no encoding", (text: string) => Buffer.from(text, "latin1")],
		["of UTF-16", (text: string) => Buffer.from(text, "utf16le")],
		["of UTF-16, big end first", utf16be],
		["of UTF-32", utf32le],
	])("%s", (_, encode) => {
		const bytes = encode(`\u00ffa${TOKEN}b${OTHER}c`);
		expect(blankBytes(bytes, secrets)).toEqual({ bytes: encode("\u00ffa*b*c"), blanked: 2 });
		expect(blankBytes(encode("\u00ffabc"), secrets).bytes).toEqual(encode("\u00ffabc"));
	});
});
