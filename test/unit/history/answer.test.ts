import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAnswer } from "../../../lib/history/answer.ts";
import { historyMessage } from "../../../lib/history/message.ts";
import { MAX_BODY_BYTES } from "../../../lib/intake/body.ts";
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

test("a record of the published form stays as it is, to the letter, whether in a list or not", () => {
	const record =
		'"imBot":1.0,"botId":"b","messageId":"m","payload":{"text":"x"},"Payload2":{"TextPayload":"{}"},' +
		'"botWeixin":"w","imBotId":"168","botWxid":"169","n":[1E2, "\\u00e9"]';
	for (const data of [`{ ${record} }`, `[{${record}}]`]) {
		expect(pageOf(`{"code":0,"data":${data}}`).records).toEqual([
			`{"data":{${record.replace("Payload2", "payload2")}}}`,
		]);
	}
});

test.each([
	['{"text":"hi"}', '{"text":"hi"}'],
	['{"TextPayload":{"text":"hi"}}', '{"text":"hi"}'],
	['{"TextPayload":{"text":"hi"},"n":1}', '{"TextPayload":{"text":"hi"},"n":1}'],
	['{"RawPayload":"{\\"a\\": 1.0}"}', '{"a": 1.0}'],
	['{"RawPayload":"[\\u0031]"}', '{"content":"[\\u0031]"}'],
	// Half of a surrogate pair would be another character where it is kept.
	[
		'{"RawPayload":"{\\"a\\":\\"x\\ud83d \\\\udc00 \\ud83d\\ude00\\"}"}',
		'{"a":"x\\ud83d \\udc00 \u{1f600}"}',
	],
	['{"RawPayload":""}', '{"content":""}'],
	['{"RawPayload":null}', "null"],
	["{}", "{}"],
	['"RawPayload"', '"RawPayload"'],
])("the payload %s is %s", (payload, kept) => {
	const page = pageOf(`{"Code":0,"Data":{"messages":[{"id":1,"Payload":${payload}}]}}`);
	expect(page.records).toEqual([`{"data":{"id":1,"payload":${kept}}}`]);
});

test("what stands once for all records of a page is each one's, but for what it says itself", () => {
	const messages = '[{"a":1},7,{"a":2,"BotId":"own"},{},"x",null,[],{"a":3,"botWxid":"169"}]';
	const page = pageOf(`{"Data":{"botId":"b","imBotId":"168","messages":${messages}}}`);
	const none = [undefined, undefined, undefined, undefined];
	expect(page.records).toEqual([
		'{"data":{"botId":"b","a":1,"botWxid":"168"}}',
		undefined,
		'{"data":{"botId":"own","a":2,"botWxid":"168"}}',
		...none,
		'{"data":{"botId":"b","imBotId":"168","a":3,"botWxid":"169"}}',
	]);
});

describe("a record may be as large as a callback", () => {
	const recordsOf = (...records: readonly string[]) =>
		pageOf(`{"code":0,"data":[${records.join(",")}]}`).records;

	test("in the bytes of the callback that it becomes", () => {
		const ofBytes = (bytes: number) => {
			const [before, after] = ['{"data":{"payload":"你', '"}}'];
			return before + "x".repeat(bytes - Buffer.byteLength(before + after)) + after;
		};
		const [most, tooMany] = [ofBytes(MAX_BODY_BYTES), ofBytes(MAX_BODY_BYTES + 1)];
		const some = [most, tooMany, ofBytes(100)].map((text) => text.slice('{"data":'.length, -1));
		const records = recordsOf(...some);
		expect(records.map((record) => record?.length)).toEqual([most.length, undefined, 98]);
		expect(records[0] === most).toBe(true);
	});

	test("and in the characters that it came in", () => {
		const spaced = (length: number) => `{"a":1${" ".repeat(length - '{"a":1}'.length)}}`;
		const some = [spaced(MAX_BODY_BYTES), spaced(MAX_BODY_BYTES + 1), spaced(9)];
		expect(recordsOf(...some)).toEqual(['{"data":{"a":1}}', undefined, '{"data":{"a":1}}']);
	});
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
	...['{"code":0,"data":[]', '{"code":0,"data":[],"seq":"1"', '{"code":0,"data":null}}'],
	`{"code":0,"data":[],"seq":"${"x".repeat(1_001)}"}`,
])("what must not be taken for a page without records: %.60s", (text) => {
	expect(readAnswer(text)).toEqual({ kind: "odd" });
});

test("a cursor may have 1,000 characters, and says nothing but itself", () => {
	const longest = "x".repeat(1_000);
	expect(pageOf(`{"code":0,"data":[],"seq":"${longest}"}`).next).toBe(longest);
	expect(pageOf('{"code":0,"data":[],"seq":"\\u0061\\"b"}').next).toBe('a"b');
	expect(pageOf('{"code":0,"data":[],"seq":["1"]}').next).toBeUndefined();
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

	test.each(["", "[]", '{"data":'])("is none when it is no object: %j", async (text) => {
		expect(await historyMessage(text, [], AT)).toBeUndefined();
	});

	test.each(["01", '"\\x"', '{"a"}'])(
		"is none when only without its secrets it would be JSON: a token of %s",
		async (odd) => {
			const token = "9f1e2d3c4b5a69788796a5b4";
			const record = `{"messageId":"m","token":${odd},"payload":{"text":"${token}"}}`;
			expect(await kept(record, token)).toBeUndefined();
		},
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
