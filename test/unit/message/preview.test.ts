import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cut, lineOf, type Preview, previewOf, wordsOf } from "../../../lib/message/preview.ts";
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

const person = (displayName: string): object => ({ displayName, nickname: "N", wxid: "w" });
const WHERE = { name: "n", address: "a", latitude: "31.5", longitude: 121 };

const LINK = { title: "t", description: "d", url: "u" };

const shown: readonly (readonly [type: number, payload: object, preview: Preview])[] = [
	[1, { name: "n", fileUrl: "u", size: 12 }, { kind: "file", name: "n", bytes: 12 }],
	[1, { fileUrl: "u", size: "12" }, { kind: "file", name: "u", bytes: 12 }],
	[1, { size: "big" }, { kind: "file", name: "" }],
	[
		2,
		{ voiceUrl: "u", duration: 1.5, text: "t" },
		{ kind: "voice", seconds: 1.5, text: "t", url: "u" },
	],
	[3, { name: "n", nickname: "m", wxid: "w" }, { kind: "card", name: "n" }],
	[3, { name: "", nickname: "m", wxid: "w" }, { kind: "card", name: "m" }],
	[3, { wxid: "w" }, { kind: "card", name: "w" }],
	[4, { content: "c" }, { kind: "history", text: "c" }],
	[5, { imageUrl: "u" }, { kind: "emoticon", url: "u" }],
	[
		6,
		{
			...{ artwork: { url: "a", width: "3", height: 4 } },
			...{ imageUrl: "i", url: "u", width: 1, height: 2 },
		},
		{ kind: "image", url: "a", width: 3, height: 4 },
	],
	[
		6,
		{ artwork: "none", imageUrl: "i", url: "u", width: 1, height: 2 },
		{ kind: "image", url: "i", width: 1, height: 2 },
	],
	[6, { url: "u" }, { kind: "image", url: "u" }],
	[7, { text: "t", pureText: "p" }, { kind: "text", text: "t" }],
	[7, { pureText: "p", quoteMessage: "q" }, { kind: "text", text: "p" }],
	[
		7,
		{ text: "t", quoteMessage: { content: { text: "q", content: "c" } } },
		{ kind: "quote", text: "t", quoted: "q" },
	],
	[
		7,
		{ text: "t", quoteMessage: { content: { content: "c" } } },
		{ kind: "quote", text: "t", quoted: "c" },
	],
	[7, { text: "t", quoteMessage: { content: "c" } }, { kind: "text", text: "t" }],
	[8, WHERE, { kind: "location", title: "n", description: "a" }],
	[8, { ...WHERE, name: "" }, { kind: "location", title: "a", description: "a" }],
	[8, { ...WHERE, address: "" }, { kind: "location", title: "n", description: "31.5, 121" }],
	[8, { name: "n", longitude: 121 }, { kind: "location", title: "n", description: ", 121" }],
	[8, { content: "c" }, { kind: "location", title: "c", description: "" }],
	[
		9,
		{ title: "t", description: "d", url: "u" },
		{ kind: "miniProgram", title: "t", description: "d" },
	],
	[9, { description: "d" }, { kind: "miniProgram", title: "d", description: "d" }],
	[9, { username: "u", undefined: "x" }, { kind: "miniProgram", title: "" }],
	[10, { content: "c" }, { kind: "money", text: "c" }],
	[11, { content: "id" }, { kind: "recall", messageId: "id" }],
	[12, { title: "t", description: "d", url: "u" }, { ...LINK, kind: "link" }],
	[13, { videoUrl: "u", duration: "12" }, { kind: "video", seconds: 12, url: "u" }],
	[14, { nickname: "t", description: "d", url: "u" }, { ...LINK, kind: "channels" }],
	[15, { content: 83 }, { kind: "call", text: "83" }],
	[
		9999,
		{ roomTopic: "r", roomName: "n", invitaterName: "i" },
		{ kind: "invite", room: "r", by: "i" },
	],
	[9999, { roomName: "n", groupName: "g" }, { kind: "invite", room: "n", by: "" }],
	[9999, { groupName: "g" }, { kind: "invite", room: "g", by: "" }],
	[
		10_000,
		{ type: 6, subPayload: { memberNames: ["a", "", 7, null, person("b")], inviterName: "i" } },
		{ kind: "joined", names: ["a", "7", "b"], by: "i" },
	],
	[10_000, { type: 5, subPayload: { messageId: "id" } }, { kind: "recallFailed" }],
	[
		10_001,
		{ subPayload: { inviteeList: [person("a"), { nickname: "b" }, {}], inviter: person("i") } },
		{ kind: "joined", names: ["a", "b"], by: "i" },
	],
	[
		10_001,
		{ subPayload: { leaverList: ["a"], remover: "" } },
		{ kind: "left", names: ["a"], by: "" },
	],
	[
		10_001,
		{ subPayload: { newTopic: "r", changer: person("i") } },
		{ kind: "renamed", room: "r", by: "i" },
	],
];

test.each(shown)("of type %i and %j a chat shows %j", (type, payload, preview) => {
	expect(previewOfText(textMessage({ type, payload }))).toEqual(preview);
});

test("what does not say what its type says is shown as it is, or as nothing", () => {
	const payload = { odd: [1], text: "", content: "", title: "", subPayload: "none" };
	const text = JSON.stringify(payload);
	for (const type of [0, 4, 7, 8, 10, 12, 15, 16, 42, 10_000, 10_001, null]) {
		expect(previewOfText(textMessage({ type, payload })), `type ${type}`).toEqual({
			kind: "other",
			text,
		});
		expect(previewOfText(textMessage({ type, payload: {} }))).toEqual({ kind: "empty" });
	}
});

test("a line has all that is said, without the sides of a picture and what is empty", () => {
	expect(wordsOf({ kind: "image", url: "u", width: 1, height: 2 })).toEqual(["u"]);
	expect(wordsOf({ kind: "voice", seconds: 0, text: undefined, url: "u" })).toEqual(["0 s", "u"]);
	expect(wordsOf({ kind: "joined", names: ["a", "b"], by: "" })).toEqual(["a", "b"]);
	const empty = ["incomplete", "empty", "recallFailed"] as const;
	expect(empty.map((kind) => lineOf({ kind }, 1, en.line))).toEqual(
		empty.map((kind) => en.line[kind]),
	);
	expect(lineOf({ kind: "quote", text: "ab", quoted: "cd" }, 4, en.line)).toBe("ab c…");
});

test("of a long text and of many names stands the beginning", () => {
	const names = Array.from({ length: 51 }, (_, n) => `n${n}`);
	const joined = { type: 6, subPayload: { memberNames: names, inviterName: "i" } };
	expect(previewOfText(textMessage({ type: 10_000, payload: joined }))).toEqual({
		kind: "joined",
		names: names.slice(0, 50),
		by: "i",
	});
	expect(cut("x".repeat(5_000))).toBe("x".repeat(5_000));
	expect(cut("x".repeat(5_001))).toBe(`${"x".repeat(5_000)}…`);
	expect(cut("abc", 2)).toBe("ab…");
	expect(cut(0)).toBe("0");
	for (const value of ["", true, ["a"], undefined]) expect(cut(value)).toBeUndefined();
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
