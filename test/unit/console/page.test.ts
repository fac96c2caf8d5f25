import { expect, test } from "vitest";
import { isOwn } from "../../../console/guard.ts";
import { changesOf } from "../../../console/page/changes.ts";
import { curlOf } from "../../../console/page/curl.ts";
import { firstLanguage } from "../../../console/page/language.ts";
import { linesOf } from "../../../console/page/layout.ts";
import { hashOf, readPlace, viewOf, withOpened } from "../../../console/page/place.ts";
import { nothing, reduce } from "../../../console/page/state.ts";
import { piecesOf } from "../../../console/page/visible.ts";
import type {
	MessageList,
	MessageSummary,
	RequestSummary,
	Update,
} from "../../../console/protocol.ts";
import { en } from "../../../lib/words/page/en.ts";
import { zh } from "../../../lib/words/page/zh.ts";
import { segmentsOf, violationWords } from "../../../lib/words/violation.ts";

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

test("as many members as a body may have are laid out, in time for who waits for them", () => {
	const text = JSON.stringify({ data: Array(140_000).fill(1) });
	const lines = linesOf(text);
	expect(lines).toHaveLength(1_000);
	expect(lines.slice(0, 4).map((line) => line.text)).toEqual([
		"{",
		'  "data": [',
		"    1,",
		"    1,",
	]);
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
	["required /data/payload/text 7", "缺少 data.payload.text，类型 7 (文字) 的消息应当有它"],
	["required /data", "缺少 data"],
	["enum /data/type 42", "类型 42 不是已知类型"],
	["enum /data/type 15", "类型 15 (语音/视频通话) 的消息里有什么，文档没有写"],
	["type /data/payload/size number", "data.payload.size 应为数字"],
	["type /data/isSelf boolean,null", "data.isSelf 应为布尔值, null"],
	["/data/x is required", "/data/x is required"],
	["something else", "something else"],
])("the violation %j is told in Chinese", (text, words) => {
	expect(violationWords(text, zh)).toBe(words);
});

test("a type that has a name is not called unknown", () => {
	expect(violationWords("enum /data/type 15", en)).toBe(
		"what a message of type 15 (Call) holds is described nowhere",
	);
});

test("an address says all that is shown, and is read as it was written", () => {
	const place = {
		...viewOf("messages", { search: "a&b %", type: "7", since: "2026-01-31", chat: "c#1" }),
		opened: { kind: "message", pk: "chat#a/b %", sk: "2026#m#x/y" },
	} as const;
	expect(readPlace(hashOf(place))).toEqual(place);
	expect(readPlace(hashOf(withOpened(place, undefined)))).toEqual(viewOf("messages", place.filter));
	expect(readPlace("#dashboard")).toEqual(viewOf("dashboard"));
	const refused = {
		...viewOf("requests"),
		isRefused: true,
		opened: { kind: "request", id: "r" },
	} as const;
	expect(readPlace(hashOf(refused))).toEqual(refused);
	expect(readPlace("#nonsense?message=&sk=%E0%A4%A")).toEqual(viewOf("messages"));
});

test("a request as curl: quoted for a shell, the token left to it", () => {
	const body = {
		text: `{"data":{"token":"","payload":{"text":"it's $HOME"}}}`,
		encoding: "utf8",
	} as const;
	expect(curlOf({ method: "POST", path: "message", body }, "http://h/k/message")).toBe(
		`curl -X POST -H 'content-type: application/json' --data-raw '{"data":{"token":"'"$CALLBACK_TOKEN"'","payload":{"text":"it'\\''s $HOME"}}}' 'http://h/k/message'`,
	);
});

test.each([
	["a terminal's own characters", "\u001b[201~\u0000\n"],
	["half a surrogate pair", "x\ud83dy"],
	["more than a command takes", "长".repeat(70_000)],
])("%s are not pasted: the bytes are", (_, text) => {
	const body = { text, encoding: "utf8" } as const;
	const command = curlOf({ method: "POST", path: "message", body }, "http://h/message");
	const [, bytes = ""] =
		/^printf %s '([\w+/=]+)' \| base64 -d \| curl .* --data-binary @- 'http:\/\/h\/message'$/.exec(
			command,
		) ?? [];
	expect(Buffer.from(bytes, "base64").toString()).toBe(text.toWellFormed());
});

test("what begins as curl names a file is a body all the same", () => {
	const body = { text: "@/etc/hostname", encoding: "utf8" } as const;
	expect(curlOf({ method: "POST", path: "message", body }, "http://h/")).toContain(
		" --data-raw '@/etc/hostname' ",
	);
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

const list = (messages: MessageSummary[], matched: number): MessageList => ({
	...{ messages, matched, known: matched, isReading: false, isPartial: false },
});
const after = (...updates: Update[]) =>
	updates.reduce((state, update) => reduce(state, { update }), nothing);
const ids = ({ list: shown }: ReturnType<typeof after>) => shown?.messages.map(({ id }) => id);

test("updates put new messages first and replace known ones; a whole one replaces everything", () => {
	const whole = { isWhole: true, list: list([summary("b", "2"), summary("a", "1")], 2) };
	expect(after(whole)).toMatchObject({ connection: "open", arrivals: 0 });
	const news = { list: list([summary("a", "3", 2), summary("c", "2")], 3) };
	expect(ids(after(whole, news))).toEqual(["a", "c", "b"]);
	expect(after(whole, news)).toMatchObject({ arrivals: 1, list: { matched: 3 } });
	expect(ids(after(whole, news, { isWhole: true, list: list([], 0) }))).toEqual([]);
	expect(ids(after(whole, { waiting: [] }))).toEqual(["b", "a"]);
});

test("while it is paused nothing moves, and what comes is counted", () => {
	const whole = { isWhole: true, list: list([summary("a", "1")], 1) };
	const paused = reduce(after(whole), "pause");
	const later = reduce(paused, { update: { list: list([summary("b", "2")], 2) } });
	expect(ids(later)).toEqual(["a"]);
	expect(later.arrivals).toBe(1);
});

test("what changes beyond the end of the page leaves no hole in it", () => {
	const whole = { isWhole: true, list: list([summary("c", "3"), summary("b", "2")], 3) };
	expect(ids(after(whole, { list: list([summary("a", "1", 2)], 3) }))).toEqual(
		["c", "b"].concat("a"),
	);
	const longer = { isWhole: true, list: list([summary("d", "4"), summary("c", "3")], 4) };
	expect(ids(after(longer, { list: list([summary("a", "1", 2)], 4) }))).toEqual(["d", "c"]);
});

test("when the server is gone, what was known stays, and is not called known", () => {
	const whole = { isWhole: true, list: list([summary("a", "1")], 1) };
	expect(reduce(after(whole), "gone")).toMatchObject({ connection: "gone", list: { matched: 1 } });
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

test.each([
	["same-origin", "cors", true],
	["none", "navigate", true],
	["cross-site", "navigate", true],
	["cross-site", "no-cors", false],
	["same-site", "no-cors", false],
])("a request that a browser calls %s, %s: %s", (site, mode, expected) => {
	expect(isOwn({ method: "GET", host: "127.0.0.1:3001", origin: undefined, site, mode })).toBe(
		expected,
	);
});

test("a request that the whole has told already is listed once", () => {
	const request = (id: string): RequestSummary => ({
		...{ id, at: "2026-01-01T00:00:00.000Z", method: "POST", url: "/message", status: 200 },
	});
	const whole = { isWhole: true, requests: [request("b"), request("a")] };
	const { requests } = after(whole, { requests: [request("c"), request("b")] });
	expect(requests.map(({ id }) => id)).toEqual(["c", "b", "a"]);
});
