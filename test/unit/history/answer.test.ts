import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnswer } from "../../../lib/history/answer.ts";
import { historyMessage } from "../../../lib/history/message.ts";
import { sealedOf } from "../../../lib/intake/secret.ts";
import { readMessage } from "../../../lib/message/shape.ts";

const AT = "2026-01-02T03:04:05.006Z";

/** As the platform's own pages print it (docs/platform.md "Back-fill"). */
const printed = `{"botId":"aa11bb22cc33dd44ee55ff01","messageId":"0123456789abcdef0123456789abcdef",
	"chatId":"65f0a1b2c3d4e5f60718293a","avatar":"https://x/1.png","roomTopic":"","roomId":"",
	"contactName":"林小满","contactId":"7881300000000001","payload":{"text":"你好","n":7200000000000000123},
	"type":7,"timestamp":"1767225602000","contactType":1,"coworker":false,"botWeixin":"bot","isSelf":false}`;

const pageOf = (text: string) => {
	const answer = readAnswer(text);
	if (answer.kind !== "page") throw new Error(`a page was expected: ${answer.kind}`);
	return answer;
};

const readings = (text: string) =>
	pageOf(text).records.map((record) => readMessage(record ?? "{}"));

test("the published form, with its values to the letter, one record or a list of them", () => {
	for (const data of [printed, `[${printed}]`, ` [ ${printed} ] `]) {
		const page = pageOf(`{"code":0,"data":${data},"seq":"s1"}`);
		expect(page.next).toBe("s1");
		expect(page.records).toHaveLength(1);
		expect(page.records[0]).toContain('"payload":{"text":"你好","n":7200000000000000123}');
	}
	expect(readings(`{"code":0,"data":[${printed}],"seq":12}`)).toEqual([
		expect.objectContaining({
			messageId: "0123456789abcdef0123456789abcdef",
			chatId: "65f0a1b2c3d4e5f60718293a",
			time: 1_767_225_602_000,
			contactName: "林小满",
			type: 7,
		}),
	]);
});

test("the resold form is the same message", () => {
	const record = {
		...{
			messageId: "m1",
			chatId: "c1",
			imContactId: "788",
			imRoomId: "R:1",
			timestamp: 1_767_225_602_000,
		},
		...{ type: 7, wecomChatId: "wr1", isSelf: false, Payload: { TextPayload: { text: "hi" } } },
	};
	const raw = { ...record, messageId: "m2", type: 6, Payload: { RawPayload: '{"imageUrl":"u"}' } };
	const words = { ...record, messageId: "m3", type: 0, Payload: { RawPayload: "no JSON" } };
	const Data = {
		botId: "b1",
		imBotId: "168",
		botWeixin: "w",
		messages: [record, raw, words],
		seq: "9",
	};
	const text = JSON.stringify({ Code: 0, Data, Msg: "success", RequestId: "r" });
	expect(pageOf(text).next).toBe("9");
	expect(JSON.parse(pageOf(text).records[0] ?? "")).toEqual({
		data: {
			...{ botId: "b1", botWeixin: "w", botWxid: "168", messageId: "m1", chatId: "c1", type: 7 },
			...{ contactId: "788", roomId: "R:1", roomWecomChatId: "wr1", timestamp: 1_767_225_602_000 },
			...{ isSelf: false, payload: { text: "hi" } },
		},
	});
	expect(readings(text).map(({ payload }) => payload)).toEqual([
		{ text: "hi" },
		{ imageUrl: "u" },
		{ content: "no JSON" },
	]);
});

test.each([
	['{"code":0,"data":[]}', undefined],
	['{"code":0,"data":null,"seq":""}', undefined],
	['{"errcode":"0","data":{},"seq":null}', undefined],
	['{"Code":0,"Data":{"messages":null,"seq":"7"}}', "7"],
])("a page without records: %s", (text, next) => {
	expect(readAnswer(text)).toEqual({ kind: "page", records: [], next });
});

test.each([
	['{"code":40014,"message":"no"}', "40014", "no"],
	['{"errcode":"-1","errmsg":"no"}', "-1", "no"],
	['{"Code":500,"Msg":"no","Data":{"messages":[]}}', "500", "no"],
	['{"code":7}', "7", ""],
])("a refusal: %s", (text, code, words) => {
	expect(readAnswer(text)).toEqual({ kind: "refusal", code, words });
});

test.each([
	...[
		"",
		"{",
		"[]",
		"null",
		'"x"',
		"{}",
		'{"code":0}',
		'{"code":0,"data":"x"}',
		'{"code":0,"data":7}',
	],
	...[
		'{"code":0,"data":{"list":[]}}',
		'{"code":0,"data":{"messages":{}}}',
		'{"data":{"messages":""}}',
	],
	`{"code":0,"data":[],"seq":"${"x".repeat(2_000)}"}`,
])("what must not be taken for a page without records: %.60s", (text) => {
	expect(readAnswer(text)).toEqual({ kind: "odd" });
});

describe("a record as it would be kept", () => {
	const kept = (record: string, token?: string) =>
		historyMessage(`{"data":${record}}`, token === undefined ? [] : [sealedOf(token)], AT);

	test("says that it is of the history, and is not put up for review", async () => {
		const known = await kept(printed);
		expect(known?.row).toMatchObject({
			origin: "history",
			conformance: "corrected",
			receivedAt: AT,
		});
		const odd = await kept('{"messageId":"m","type":42}');
		expect(odd?.row).toMatchObject({ origin: "history", conformance: "unrecognized" });
		expect(odd?.row.review).toBeUndefined();
	});

	test("holds no token, wherever one stood", async () => {
		const token = "9f1e2d3c4b5a69788796a5b4";
		const message = await kept(
			`{"messageId":"m","token":"any","payload":{"text":"x${token}x"}}`,
			token,
		);
		expect(message?.text).toBe('{"data":{"messageId":"m","token":"","payload":{"text":"x*x"}}}');
		expect(message?.row.blanked).toBe(2);
	});

	test.each(["{}", '{"messageId":""}', '{"messageId":null}', '{"messageId":{}}'])(
		"is none without an id: %s",
		async (record) => expect(await kept(record)).toBeUndefined(),
	);
});

test("an answer of any shape is read, in linear time, and never throws", async () => {
	const name = fc.constantFrom(
		...[
			"code",
			"errcode",
			"Code",
			"data",
			"Data",
			"messages",
			"seq",
			"message",
			"messageId",
			"payload",
		],
		...[
			"Payload",
			"TextPayload",
			"imBotId",
			"botId",
			"timestamp",
			"type",
			"__proto__",
			"",
			"constructor",
		],
	);
	const { shape } = fc.letrec<{ shape: unknown }>((tie) => ({
		shape: fc.oneof(
			{ depthSize: "small", withCrossShrink: true },
			fc.constantFrom(0, "0", null, "", true, 1e21, "9007199254740993", "\u0000"),
			fc.string({ unit: "binary" }),
			fc.array(tie("shape")),
			fc.dictionary(name, tie("shape")),
		),
	}));
	await fc.assert(
		fc.asyncProperty(fc.dictionary(name, shape), async (value) => {
			const answer = readAnswer(JSON.stringify({ ...value, ...("data" in value && { code: 0 }) }));
			if (answer.kind !== "page") return;
			for (const record of answer.records) {
				if (record === undefined) continue;
				expect(Object.keys(JSON.parse(record))).toEqual(["data"]);
				await historyMessage(record, [], AT);
			}
		}),
	);
	await fc.assert(
		fc.property(fc.string({ unit: "binary" }), (text) => {
			expect(readAnswer(text).kind).toBe("odd");
		}),
	);
});

test.each([
	["brackets", `{"code":0,"data":${"[".repeat(400_000)}${"]".repeat(400_000)}}`],
	["braces", `{"code":0,"data":[${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}]}`],
	[
		"a deep payload",
		`{"code":0,"data":[{"messageId":"m","payload":${"[".repeat(200_000)}${"]".repeat(200_000)}}]}`,
	],
	["many records", `{"code":0,"data":[${"{},".repeat(300_000)}{}]}`],
	["many members", `{"code":0,"data":[{${'"a":1,'.repeat(100_000)}"b":1}]}`],
	["backslashes", `{"code":0,"data":[{"payload":"${"\\\\".repeat(200_000)}"}]}`],
	[
		"a wrapped text of brackets",
		`{"code":0,"data":[{"messageId":"m","Payload":{"RawPayload":"${"[".repeat(400_000)}"}}]}`,
	],
])("%s are no matter", async (_, text) => {
	const { records } = pageOf(text);
	expect(records.length).toBeGreaterThan(0);
	for (const record of records.slice(0, 3)) if (record) await historyMessage(record, [], AT);
});
