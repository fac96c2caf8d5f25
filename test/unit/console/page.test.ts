import { expect, test } from "vitest";
import { previewOf } from "../../../lib/message/preview.ts";
import { readMessage } from "../../../lib/message/shape.ts";
import { isOwn } from "../../../local/console/guard.ts";
import { changesOf } from "../../../local/console/page/changes.ts";
import { everything, passes } from "../../../local/console/page/filter.ts";
import { firstLanguage } from "../../../local/console/page/language.ts";
import { linesOf } from "../../../local/console/page/layout.ts";
import { hashOf, readPlace } from "../../../local/console/page/place.ts";
import { nothing, updated } from "../../../local/console/page/state.ts";
import { readViolation, segmentsOf } from "../../../local/console/page/violation.ts";
import { piecesOf } from "../../../local/console/page/visible.ts";
import type { MessageSummary } from "../../../local/console/protocol.ts";
import { textMessage } from "../../callbacks.ts";

const marked = (text: string, ...pointers: string[]): string[] =>
	linesOf(text, pointers.map(segmentsOf))
		.filter(({ isMarked }) => isMarked)
		.map((line) => line.text.trim());

test("a body is laid out with its literals as they are written", () => {
	const text = '{"data":{"messageId":7200000000000000123,"a":"\\u4f60","a":1.0}}';
	expect(linesOf(text).map((line) => line.text)).toEqual([
		"{",
		'  "data": {',
		'    "messageId": 7200000000000000123,',
		'    "a": "\\u4f60",',
		'    "a": 1.0',
		"  }",
		"}",
	]);
});

test("the place of a violation is marked, or what is around it when it is missing", () => {
	const text = '{"data":{"type":7,"payload":{"content":"x"},"text":"type"}}';
	expect(marked(text, "/data/type")).toEqual(['"type": 7,']);
	expect(marked(text, "/data/payload/text")).toEqual(['"payload": {']);
	expect(marked('{"data":{"payload":{"text\\t":1}}}', "/data/payload/text")).toEqual([
		'"text\\t": 1',
	]);
	expect(marked(text)).toEqual([]);
});

test("what is too long or too deep is not laid out, and breaks nothing", () => {
	expect(linesOf(`"${"x".repeat(400_000)}"`)).toEqual([]);
	expect(linesOf("[".repeat(100_000) + "]".repeat(100_000))).toEqual([]);
});

test("two revisions differ in what was added and what was removed", () => {
	const changes = changesOf('{"a":1,"b":{}}', '{"a":1,"b":{"c":2}}');
	expect(changes.map(({ text, change }) => [text.trim(), change])).toEqual([
		["{", "same"],
		['"a": 1', "same"],
		['"b": {}', "removed"],
		['"b": {', "added"],
		['"c": 2', "added"],
		["}", "added"],
		["}", "same"],
	]);
});

test("what cannot be seen is shown as an escape, and what is fine is not", () => {
	const shown = (text: string, isRaw?: boolean): string[] =>
		piecesOf(text, isRaw).map((piece) => (piece.isEscape ? `<${piece.text}>` : piece.text));
	expect(shown("a\u202eb\u0000\ud83d")).toEqual(["a", "<\\u202e>", "b", "<\\u0000>", "<\\ud83d>"]);
	expect(shown("一家人 👨\u200d👩 😀\n")).toEqual(["一家人 👨\u200d👩 😀", "\n"]);
	expect(shown("👨\u200d👩", true)).toEqual(["👨", "<\\u200d>", "👩"]);
});

test.each([
	[
		"/data/payload/text is required for type 7 (文字)",
		"/data/payload/text",
		"缺少 data.payload.text，类型 7 (文字) 的消息应当有它",
	],
	["/data/type 42 has no known payload", "/data/type", "类型 42 不是已知类型"],
	["/data/payload/size must be number", "/data/payload/size", "data.payload.size 应为数字"],
	["/data/x must be a miracle", "/data/x", "data.x must be a miracle"],
	["something else", "", " something else"],
])("the violation %j is told in Chinese", (sentence, pointer, words) => {
	expect(readViolation(sentence, "zh")).toMatchObject({ pointer, words });
});

test("a message's address is read as it was written", () => {
	const key = { pk: "callback#a/b %", sk: "2026#m#x/y" };
	expect(readPlace(hashOf(key))).toEqual({ view: "messages", message: key });
	expect(readPlace("#dashboard")).toEqual({ view: "dashboard" });
	expect(readPlace("#message/%E0%A4%A")).toEqual({ view: "messages" });
});

test.each([
	[null, ["zh-CN", "en"], "zh"],
	[null, ["fr", "en-GB", "zh"], "en"],
	[null, ["fr"], "en"],
	["en", ["zh-CN"], "en"],
	["nonsense", ["zh"], "zh"],
] as const)("remembered %j and preferred %j is %s", (remembered, preferred, language) => {
	expect(firstLanguage(remembered, preferred)).toBe(language);
});

const summary = (id: string, arrivedAt: string, revisions = 1): MessageSummary => ({
	...{
		id,
		pk: "chat#c",
		chatId: "c",
		sk: id,
		sentAt: arrivedAt,
		arrivedAt,
		conformance: "corrected",
	},
	...{ isSelf: false, revisions, duplicates: 0, preview: { kind: "empty" } },
});

test("the search finds the last word of a long text, in either case", () => {
	const body = textMessage({ payload: { text: `${"很长的话，".repeat(600)}Needle` } });
	const message = { ...summary("a", "1"), preview: previewOf(readMessage(body)) };
	expect(passes(message, { ...everything, search: " needle " })).toBe(true);
	expect(passes(message, { ...everything, search: "needles" })).toBe(false);
	expect(passes(message, { ...everything, search: "needle", conformance: "documented" })).toBe(
		false,
	);
});

test("updates put new messages first and replace known ones; a whole one replaces everything", () => {
	const whole = updated(nothing, {
		isWhole: true,
		messages: [summary("a", "1"), summary("b", "2")],
	});
	expect(whole).toMatchObject({ connection: "open", arrivals: 0 });
	expect(whole.messages.map(({ id }) => id)).toEqual(["b", "a"]);
	const more = updated(whole, { messages: [summary("a", "3", 2), summary("c", "2")] });
	expect(more.messages.map(({ id, revisions }) => [id, revisions])).toEqual([
		["a", 2],
		["c", 1],
		["b", 1],
	]);
	expect(more.arrivals).toBe(1);
	expect(updated(more, { isWhole: true }).messages).toEqual([]);
	expect(updated(more, { waiting: [] }).messages).toBe(more.messages);
});

test.each([
	["GET", "127.0.0.1:3001", undefined, true],
	["GET", "localhost:3001", undefined, true],
	["GET", "[::1]:3001", undefined, true],
	["GET", "rebound.example:3001", undefined, false],
	["GET", "127.0.0.1.rebound.example", undefined, false],
	["GET", undefined, undefined, false],
	["POST", "127.0.0.1:3001", "http://127.0.0.1:3001", true],
	["POST", "127.0.0.1:3001", "http://127.0.0.1:3000", false],
	["POST", "127.0.0.1:3001", "null", false],
	["POST", "127.0.0.1:3001", undefined, false],
])("%s to %s from %s: %s", (method, host, origin, expected) => {
	expect(isOwn({ method, host, origin })).toBe(expected);
});
