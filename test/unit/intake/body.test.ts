import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { blankQuery, MAX_BODY_BYTES, readCallback, readRawBody } from "../../../lib/intake/body.ts";
import { callbackBody, callbackNames, textMessage } from "../../callbacks.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";

function read(body: string | undefined, isBase64Encoded = false) {
	const callback = readCallback(body, isBase64Encoded);
	if (typeof callback === "string") throw new Error(`unreadable: ${callback}`);
	return callback;
}

describe("what is kept", () => {
	test.each(callbackNames.filter((name) => name !== "b-truncated"))("%s, token aside", (name) => {
		const body = callbackBody(name);
		const { text, token } = read(body);
		expect(text).toBe(body.replace(`"${TOKEN}"`, '""'));
		expect(token).toBe(body.includes(TOKEN) ? TOKEN : undefined);
	});

	test("any JSON object without a token, to the letter", () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue()), (object) => {
				fc.pre(
					JSON.stringify(object) !== "{}" &&
						!Object.keys(object).some((key) => key.trim() === "token"),
				);
				const body = JSON.stringify({ data: { payload: object } });
				expect(read(body).text).toBe(body);
			}),
		);
	});

	test("Base64 and a byte order mark make no difference", () => {
		const body = textMessage({ payload: { text: "汉字 😀" } });
		expect(read(Buffer.from(`\uFEFF${body}`).toString("base64"), true)).toEqual(read(body));
		expect(read(`\uFEFF${body}`)).toEqual(read(body));
	});
});

describe("the token does not reach what is kept", () => {
	test.each([
		["an escaped key", String.raw`{"data":{"\u0074oken":"${TOKEN}","x":1}}`],
		[
			"an escaped value",
			String.raw`{"data":{"token":"\u0039\u0066\u0031\u0065${TOKEN.slice(4)}"}}`,
		],
		["duplicates", `{"data":{"token":"${TOKEN}","token":"${TOKEN}"},"data":{"token":"${TOKEN}"}}`],
		["the top level", `{"token":"${TOKEN}","chatId":"c"}`],
		["a key with a TAB", String.raw`{"data":{"token\t":"${TOKEN}","token":"${TOKEN}"}}`],
		["a text", `{"data":{"token":"${TOKEN}","payload":{"text":"it is ${TOKEN}!"}}}`],
		[
			"a text with escapes",
			String.raw`{"data":{"token":"${TOKEN}","payload":{"text":"\\\u0039f1e2d3c4b5a69788796a5\u00624"}}}`,
		],
		["a key", `{"data":{"token":"${TOKEN}","payload":{"${TOKEN}":1}}}`],
	])("in %s", (_, body) => {
		const { text, token } = read(body);
		expect(token).toBe(TOKEN);
		expect(JSON.stringify(JSON.parse(text))).not.toContain(TOKEN);
		expect(text).not.toContain(TOKEN);
	});

	test("whatever surrounds it and however it is spelled", () => {
		const spelled = fc
			.array(fc.boolean(), { minLength: TOKEN.length, maxLength: TOKEN.length })
			.map((escapes) =>
				[...TOKEN]
					.map((unit, i) => (escapes[i] ? `\\u00${unit.charCodeAt(0).toString(16)}` : unit))
					.join(""),
			);
		const around = fc.string({ unit: "binary" }).map((text) => JSON.stringify(text).slice(1, -1));
		fc.assert(
			fc.property(spelled, spelled, around, around, (first, second, before, after) => {
				const body = `{"data":{"token":"${first}","payload":{"text":"${before}${second}${after}"}}}`;
				const { text } = read(body);
				expect(JSON.parse(text)).toEqual({
					data: { token: "", payload: { text: JSON.parse(`"${before}${after}"`) } },
				});
			}),
		);
	});

	test("a short token is only a token where a token stands", () => {
		const { text } = read('{"data":{"token":"a","payload":{"text":"a"}}}');
		expect(text).toBe('{"data":{"token":"","payload":{"text":"a"}}}');
	});

	test("odd values are blanked by their own type, so that the verdict stays", () => {
		const { text } = read('{"token":{"a":1},"data":{"token":[1],"token":12,"token":null}}');
		expect(text).toBe('{"token":{},"data":{"token":[],"token":0,"token":null}}');
	});
});

describe("what is not a callback", () => {
	test.each([
		["nothing", undefined, "empty"],
		["an empty body", "", "empty"],
		["white space", " \n", "empty"],
		["a truncated body", callbackBody("b-truncated"), "notJson"],
		["an array", "[]", "notJson"],
		["null", "null", "notJson"],
		["a number", "7", "notJson"],
		["half a surrogate pair, raw", '{"a":"\ud83d"}', "notJson"],
	])("%s", (_, body, reason) => {
		expect(readCallback(body, false)).toBe(reason);
	});

	test("bytes that are not UTF-8, because they could not be kept as they are", () => {
		const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
		expect(readCallback(bytes.toString("base64"), true)).toBe("notJson");
	});

	test("900 KiB is the limit, in bytes of UTF-8", () => {
		const frame = '{"a":""}';
		const fill = MAX_BODY_BYTES - frame.length;
		const body = `{"a":"${"é".repeat(fill / 2)}"}`;
		expect(Buffer.byteLength(body)).toBe(MAX_BODY_BYTES);
		expect(read(body).text).toBe(body);
		expect(readCallback(`${body} `, false)).toBe("tooLarge");
		expect(readCallback(Buffer.from(`${body} `).toString("base64"), true)).toBe("tooLarge");
	});
});

describe("a token in what cannot be parsed", () => {
	const isToken = (word: string): boolean => word === "b" || word === TOKEN;

	test.each([
		["token=b&x=b", "token=&x=b"],
		[`x=${TOKEN}&token=%62`, "x=&token="],
		["mytoken=b", "mytoken=b"],
	])("the query %s", (query, kept) => {
		expect(blankQuery(query, isToken)).toBe(kept);
	});

	test.each([
		['{"data":{"token" : "b","text":"b', '{"data":{"token" : "","text":"b'],
		['{"token":"other"', '{"token":"other"'],
		[`token ${TOKEN}`, "token "],
	])("the body %s", (body, text) => {
		expect(readRawBody(body, false, isToken)).toEqual({ text, encoding: "utf8" });
	});
});
