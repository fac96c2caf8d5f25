import { describe, expect, test } from "vitest";
import { MAX_BODY_BYTES, readBody as readGiven } from "../../../lib/intake/body.ts";
import { sampleBody } from "../../../samples/samples.ts";
import { textMessage } from "../../callbacks.ts";

const readBody = (body: string | undefined, isBase64Encoded: boolean, contentLength?: number) =>
	readGiven({ body, isBase64Encoded, ...(contentLength !== undefined && { contentLength }) });

test("Base64 and a byte order mark make no difference", () => {
	const body = textMessage({ payload: { text: "汉字 😀" } });
	const read = { kind: "json", text: body, value: JSON.parse(body) };
	expect(readBody(body, false)).toEqual(read);
	expect(readBody(`\uFEFF${body}`, false)).toEqual(read);
	expect(readBody(Buffer.from(`\uFEFF${body}`).toString("base64"), true)).toEqual(read);
});

test.each([
	["nothing", undefined, "empty"],
	["an empty body", "", "empty"],
	["white space", " \n", "empty"],
	["a truncated body", sampleBody("b-truncated"), "notJson"],
	["an array", "[]", "notJson"],
	["null", "null", "notJson"],
	["a number", "7", "notJson"],
])("%s is a text", (_, body, unreadable) => {
	expect(readBody(body, false)).toEqual({ kind: "text", text: body ?? "", unreadable });
});

test("what is no JSON stays as it came, with its byte order mark", () => {
	const text = "\uFEFF{";
	expect(readBody(btoa("\u00ef\u00bb\u00bf{"), true)).toEqual({
		...{ kind: "text", text, unreadable: "notJson" },
	});
	expect(readBody(text, false)).toEqual({ kind: "text", text, unreadable: "notJson" });
});

test("bytes that are not UTF-8 stay bytes, because they could not be kept as text", () => {
	const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')]);
	const read = readBody(bytes.toString("base64"), true);
	expect(read).toEqual({ kind: "bytes", bytes, unreadable: "notJson" });
	expect(readBody('{"a":"\ud83d"}', false)).toMatchObject({ kind: "bytes" });
});

test("a text with replacement characters is taken only when it has the bytes that were sent", () => {
	const text = '{"a":"\uFFFD"}';
	expect(readBody(text, false, 11)).toMatchObject({ kind: "json" });
	expect(readBody(text, false)).toMatchObject({ kind: "json" });
	expect(readBody(text, false, 9)).toEqual({ kind: "text", text, unreadable: "notJson" });
	expect(readBody('{"a":"x"}', false, 8)).toMatchObject({ kind: "json" });
});

describe("900 KiB is the limit, in bytes of UTF-8", () => {
	const frame = '{"a":""}';
	const body = `{"a":"${"é".repeat((MAX_BODY_BYTES - frame.length) / 2)}"}`;

	test("exactly", () => {
		expect(Buffer.byteLength(body)).toBe(MAX_BODY_BYTES);
		expect(readBody(body, false)).toMatchObject({ text: body });
	});

	test("one more", () => {
		expect(readBody(`${body} `, false)).toBe("tooLarge");
		expect(readBody(Buffer.from(`${body} `).toString("base64"), true)).toBe("tooLarge");
	});
});
