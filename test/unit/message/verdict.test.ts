import { expect, test } from "vitest";
import { unexpected } from "../../../lib/message/unexpected.ts";
import { judge } from "../../../lib/message/verdict.ts";
import { readViolation, violationSentence, violationText } from "../../../lib/message/violation.ts";
import { violationsOf } from "../../../lib/message/violations.ts";
import { expected, sampleBody, sampleNames } from "../../../samples/samples.ts";

const parsed = (name: string): object => JSON.parse(sampleBody(name));

test.each(sampleNames.filter((name) => name !== "b-truncated"))("%s", async (name) => {
	const { conformance, violations } = await judge(parsed(name));
	expect(conformance).toBe(expected[`${name}.json`]?.conformance);
	expect(violations.length > 0).toBe(conformance === "unrecognized");
});

const message = (type: unknown, payload: unknown, fields: object = {}): object => ({
	data: { messageId: "m", chatId: "c", timestamp: 1_767_225_602_000, type, payload, ...fields },
});

test.each([
	["a missing field", message(7, {}), ["/data/payload/text is required for type 7 (文字)"]],
	["a missing payload", message(7, undefined), ["/data/payload is required for type 7 (文字)"]],
	["a payload of another kind", message(7, "x"), ["/data/payload must be object"]],
	["a type without a rule", message(15, { content: "c" }), ["/data/type 15 has no known payload"]],
	[
		"a type that is none",
		message({ a: 1 }, {}),
		["/data/type must be number", "/data/type of this kind has no known payload"],
	],
	[
		"no identity",
		{ data: { type: 7, payload: { text: "t" } } },
		["/data/timestamp is required", "/data/messageId is required", "/data/chatId is required"],
	],
	[
		"a system message without its part",
		message(10_001, { wechatSystemPayloadType: 0 }),
		["/data/payload/subPayload is required for type 10001 (企业微信系统消息)"],
	],
	[
		"a time before the platform",
		message(7, { text: "t" }, { timestamp: 1 }),
		["/data/timestamp must be >= 1000000000"],
	],
	[
		"a time that has no form of four digits for its year",
		message(7, { text: "t" }, { timestamp: 9e20 }),
		["/data/timestamp must be <= 253402300799999"],
	],
	[
		"an empty id",
		message(7, { text: "t" }, { messageId: "" }),
		["/data/messageId does not fit the schema's pattern [^]"],
	],
	[
		"a value that is none of those listed",
		message(3, { name: "n", gender: 9 }),
		["/data/payload/gender must be equal to one of the allowed values"],
	],
	["a callback that holds nothing", { data: null }, ["/data must be object"]],
	["a callback that holds a number", { data: 7 }, ["/data must be object"]],
	["a flat body", parsed("x-enterprise-flat"), ["/data is required"]],
	[
		"several at once",
		message(7, { text: 5, mention: [1] }, { isSelf: "no" }),
		[
			"/data/payload/text must be string",
			"/data/payload/mention/0 must be string",
			"/data/isSelf must be boolean,null",
		],
	],
])("violations of %s", async (_, body, violations) => {
	const verdict = await judge(body);
	expect(verdict.conformance).toBe("unrecognized");
	expect(verdict.violations.map(violationSentence).toSorted()).toEqual(violations.toSorted());
});

test("of many violations the first three are told, of a message that fits none", async () => {
	expect(await violationsOf(message(7, { text: "t", mention: [1, 2, 3, 4] }))).toEqual(
		[0, 1, 2].map((n) => `type /data/payload/mention/${n} string`),
	);
	expect(await violationsOf(message(7, { text: "t" }))).toEqual([]);
	expect(await violationsOf(message(3, { name: "n", gender: 9 }))).toEqual([
		"enum /data/payload/gender",
	]);
});

test.each([
	["t07-text-verbatim-tabs", "7"],
	["t03-card-verbatim-tabs", 3],
	["t06-image-verbatim-dotted", 6],
	["t10000-verbatim-flat", "10000"],
])(
	"%s in the published spelling, but a timestamp as in the traffic, is corrected",
	async (name, type) => {
		const { data } = JSON.parse(sampleBody(name));
		expect(
			(await judge({ data: { ...data, type, timestamp: 1_767_225_602_000 } })).conformance,
		).toBe("corrected");
	},
);

test.each([{}, null, "", undefined])(
	"the first push of a picture, payload %j, is corrected",
	async (payload) => {
		expect((await judge(message(6, payload))).conformance).toBe("corrected");
	},
);

test.each([
	["required /data/payload/text 7", "required", "/data/payload/text", "7"],
	["required /data", "required", "/data", ""],
	["type /data/isSelf boolean,null", "type", "/data/isSelf", "boolean,null"],
	["pattern /data/timestamp a b", "pattern", "/data/timestamp", "a b"],
	["enum /data/payload/gender", "enum", "/data/payload/gender", ""],
	["unexpected RangeError", "unexpected", "", "RangeError"],
	["unexpected", "unexpected", "", ""],
])("the violation %j is kept as a value", (text, keyword, pointer, detail) => {
	expect(readViolation(text)).toEqual({ keyword, pointer, detail });
	expect(violationText({ keyword, pointer, detail })).toBe(text);
});

test("a fault of our own is told by its name, without its words", () => {
	expect(unexpected(new RangeError("secret"))).toBe("unexpected RangeError");
	expect(unexpected("secret")).toBe("unexpected error");
});

test("a violation that was kept as a sentence, or that nobody knows, is shown as it is", () => {
	for (const text of ["/data/x is required", "unexpected TypeError", "no violation is known", ""]) {
		expect(violationSentence(text)).toBe(text);
	}
});

test("what was kept without a detail, or by a keyword of another edition, is told as far as it goes", () => {
	const kept = ["enum /data/type", "required /data/payload/text", "const /data/x"];
	expect(kept.map(violationSentence)).toEqual([
		"/data/type of this kind has no known payload",
		"/data/payload/text is required",
		"/data/x does not fit the schema's const",
	]);
	expect(readViolation("/data/x is required")).toEqual({
		keyword: "",
		pointer: "",
		detail: "/data/x is required",
	});
});
