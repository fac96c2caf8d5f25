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
		["a number beside a text", `{"a":"${TOKEN}","b":${NUMBER}}`, '{"a":"*","b":0}'],
		["a number in a text before another", `{"a":"${NUMBER}","b":"${TOKEN}"}`, '{"a":"*","b":"*"}'],
		["a number in a text", `{"a":${NUMBER},"b":"it is ${NUMBER}"}`, '{"a":0,"b":"it is *"}'],
		[
			"a number after a quote in a text",
			String.raw`{"a":${NUMBER},"b":"say \"${NUMBER}"}`,
			String.raw`{"a":0,"b":"say \"*"}`,
		],
		["twice in a number", `[${NUMBER}${NUMBER}0,"${NUMBER}"]`, '[0,"*"]'],
		["beside an encoded %", `{"a":"99% or 7%25%6e${OTHER.slice(1)}"}`, '{"a":"99% or 7%25*"}'],
		[
			"after a backslash and a lone %",
			String.raw`{"a":"C:\\n%30${OTHER.slice(2)} 7%n%30${OTHER.slice(2)}"}`,
			String.raw`{"a":"C:\\* 7%*"}`,
		],
		["a URL in many", `{"a":"%25252525256e${OTHER.slice(1)}"}`, '{"a":"*"}'],
		["three layers", `{"a":"%5Cu00256e${OTHER.slice(1)}"}`, '{"a":"*"}'],
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
		expect(json(String.raw`{"text":"\u4e0${TOKEN}b"}`).text).toBe('{"text":"*b"}');
		expect(json(String.raw`{"text":"\u4e00${TOKEN}b"}`).text).toBe(String.raw`{"text":"\u4e00*b"}`);
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

	test.each([
		["a fourth layer, because each costs as much as the text", `\\u00255Cu00256e${OTHER.slice(1)}`],
		["what is no hex digit of a %", `%3é${NUMBER.slice(1)}`],
		["its halves", String.raw`${TOKEN.slice(0, 9)}\\${TOKEN.slice(9)}\u0041`],
		["Base64 with a space where it has zeros", btoa(OTHER).replace("A", " ")],
	])("not %s", (_, text) => {
		expect(json(`{"a":"${text}"}`)).toEqual({ text: `{"a":"${text}"}`, blanked: 0 });
	});

	test("each place is counted", () => {
		expect(json(`{"a":"${TOKEN} ${TOKEN}","${OTHER}":"${TOKEN.slice(1)}"}`).blanked).toBe(3);
		expect(json('{"a":1}')).toEqual({ text: '{"a":1}', blanked: 0 });
	});

	test.each([
		["", "*IGFuZCBtb3Jl"],
		["a", "Y*BhbmQgbW9yZQ=="],
		["ab", "YW*gYW5kIG1vcmU="],
		["abc", "YWJj*IGFuZCBtb3Jl"],
	])("Base64 of it, wherever in it the secret begins: after %j", (before, kept) => {
		const inside = btoa(`${before}${TOKEN} and more`);
		const { text, blanked } = json(`{"a":"data:;base64,${inside}"}`);
		expect(text).toBe(`{"a":"data:;base64,${kept}"}`);
		expect(blanked).toBe(1);
		expect(everyReading(text).some((reading) => reading.includes(TOKEN))).toBe(false);
	});

	test("Base64 that ends in a slash, which PHP escapes: an emoji follows", () => {
		const secret = TOKEN.replace(/4$/, "7");
		const inside = Buffer.from(`a${secret}\u{1f600}`).toString("base64").replace("/", "\\/");
		expect(inside).toContain("\\/");
		expect(blank(`{"a":"${inside}"}`, [sealedOf(secret)])).toEqual({
			text: '{"a":"Y*CfmIA="}',
			blanked: 1,
		});
	});

	test.each([TOKEN, OTHER, NUMBER])("Base64 of %s alone", (secret) => {
		expect(json(`{"a":"${btoa(secret).replaceAll("=", "")}"}`).text).toBe('{"a":"*"}');
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
		[`${NUMBER}5`, "*5"],
		[`${TOKEN.slice(0, 9)}\u0000${TOKEN.slice(9)}`, "*"],
	])("%s", (text, kept) => {
		expect(blank(text, secrets).text).toBe(kept);
	});

	test("a known place is replaced whatever stands there", () => {
		const known = [{ start: 6, end: 9, by: "-" }];
		expect(blank("token=abc&x=1", secrets, { known })).toEqual({ text: "token=-&x=1", blanked: 1 });
	});

	test("also after a secret", () => {
		const known = [{ start: 31, end: 34, by: "-" }];
		expect(blank(`${TOKEN}&token=abc`, secrets, { known }).text).toBe("*&token=-");
	});

	test("secrets that overlap go as one", () => {
		expect(blank(`x${"a".repeat(18)}x`, [sealedOf("a".repeat(16))])).toEqual({
			...{ text: "x*x", blanked: 1 },
		});
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
		expect(blankBytes(encode(`\u00ff${TOKEN}`), secrets).bytes).toEqual(encode("\u00ff*"));
		expect(blankBytes(encode("\u00ffabc"), secrets).bytes).toEqual(encode("\u00ffabc"));
	});
});
