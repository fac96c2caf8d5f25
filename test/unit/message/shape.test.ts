import fc from "fast-check";
import { expect, test } from "vitest";
import { normalize, readMessage, readWhole } from "../../../lib/message/shape.ts";
import { sampleBody } from "../../../samples/samples.ts";

const payloadOf = (type: unknown, payload: object): unknown =>
	Reflect.get(Reflect.get(normalize({ data: { type, payload } }), "data"), "payload");

test.each([
	["an object that calls itself a string", { type: { toString: 1 }, "a.b": 1 }],
	["a list 50,000 deep", { type: JSON.parse("[".repeat(5e4) + "]".repeat(5e4)), "a.b": 1 }],
])("the type of a payload may be %s", (_, payload) => {
	expect(payloadOf(10_000, payload)).toEqual(payload);
});

test("of two dotted forms the first counts, and what is nested outranks both", () => {
	const dotted = { "artwork.url": 1, "artwork.url.x": 2, "artwork.width": 3 };
	expect(payloadOf(6, dotted)).toEqual({ artwork: { url: 1, width: 3 } });
	expect(payloadOf(6, { artwork: { url: 4 }, ...dotted })).toEqual({
		artwork: { url: 4, width: 3 },
	});
	expect(payloadOf(6, { artwork: "x", ...dotted })).toEqual({ artwork: { url: 1, width: 3 } });
});

test("an own __proto__ stays a key", () => {
	const payload = JSON.parse('{"__proto__":{"a":1},"artwork.__proto__":2,"x\\t":3}');
	expect(JSON.stringify(payloadOf(6, payload))).toBe(
		'{"__proto__":{"a":1},"x":3,"artwork":{"__proto__":2}}',
	);
});

test.each([
	["t07-text-verbatim-tabs", "t07-text-2025-private", ["text"]],
	["t03-card-verbatim-tabs", "t03-card-natural", ["coworker", "type"]],
	["t06-image-verbatim-dotted", "t06-image-push3-artwork", ["artwork"]],
])("%s reads like %s", (verbatim, natural, keys) => {
	const [one, other] = [verbatim, natural].map((name) => readMessage(sampleBody(name)).payload);
	for (const key of keys) {
		expect(typeof one?.[key]).toBe(typeof other?.[key]);
		expect(one?.[key]).toBeDefined();
	}
});

test("dotted keys become the object that the payload's type names, the others stay", () => {
	expect(readMessage(sampleBody("t10001-verbatim-flat")).payload).toMatchObject({
		subPayload: { timestamp: 1, inviteeList: ["a"], inviter: {} },
		"RoomTopicPayload.newTopic": "x",
	});
	expect(readMessage(sampleBody("t10000-verbatim-flat")).payload).toEqual({
		type: 6,
		subPayload: { memberNames: ["示例客户丙"], inviterName: "BotYiHao" },
	});
	expect(readMessage(sampleBody("t06-image-verbatim-dotted")).payload.artwork).toEqual({
		height: 2556,
		width: "1179",
	});
});

const anyBody = fc.record({
	code: fc.nat(),
	data: fc.dictionary(
		fc.constantFrom("type", "type\t", "payload", "a.b", "other "),
		fc.oneof(
			fc.jsonValue({ maxDepth: 2 }),
			fc.constantFrom<unknown>("6", "10000", 10_001),
			fc.dictionary(
				fc.constantFrom("type", "x ", "x", "artwork", "artwork.url", "RoomJoinPayload.inviter"),
				fc.jsonValue({ maxDepth: 1 }),
			),
		),
	),
});

test("what is in one shape stays in it, and what was given is not changed", () => {
	fc.assert(
		fc.property(anyBody, (body) => {
			const before = structuredClone(body);
			const normalized = normalize(body);
			expect(normalize(normalized)).toEqual(normalized);
			expect(body).toEqual(before);
		}),
	);
});

const plainKey = fc.string().filter((key) => key.trim() === key && !key.includes("."));
const around = fc.constantFrom("", " ", "\t", "\n ", "\u3000", "\ufeff");

test("white space around keys makes no difference, wherever it stands", () => {
	const payloads = fc.dictionary(plainKey, fc.jsonValue(), { minKeys: 1 });
	fc.assert(
		fc.property(payloads, around, around, (payload, before, after) => {
			const spaced = (fields: object): object =>
				Object.fromEntries(
					Object.entries(fields).map(([key, value]) => [before + key + after, value]),
				);
			const plain = { code: 0, data: { type: 7, payload, contactName: "n" } };
			const other = { code: 0, data: spaced({ ...plain.data, payload: spaced(payload) }) };
			expect(JSON.stringify(Object(normalize(other)).data.payload)).toBe(JSON.stringify(payload));
			expect(normalize(other)).toEqual(plain);
			expect(normalize(plain)).toBe(plain);
		}),
	);
});

test("where the plain key stands beside one with white space, both stay", () => {
	const data = { type: 7, "type ": 8, payload: { text: "t", " text": "u" } };
	expect(normalize({ data })).toEqual({ data });
});

test.each([
	["7", 7],
	["x", "x"],
	[null, null],
	[{ a: 1 }, { a: 1 }],
])("the type %j is %j", (given, type) => {
	const payload = { text: "t" };
	const body = { code: 0, data: { type: given, payload, token: "t" } };
	expect(normalize(body)).toStrictEqual({ code: 0, data: { type, payload, token: "t" } });
});

test("no payload in any spelling is none, and a message without a type gets none", () => {
	for (const payload of [null, "", undefined]) {
		expect(normalize({ data: { chatId: "c", payload } })).toStrictEqual({ data: { chatId: "c" } });
	}
	expect(normalize({ data: { chatId: "c" } })).toStrictEqual({ data: { chatId: "c" } });
	for (const payload of [0, false, "x", [], {}]) {
		const body = { data: { type: 7, payload } };
		expect(normalize(body)).toBe(body);
	}
});

test.each([{}, { data: null }, { data: 7 }, { data: [{ "type ": "7" }] }, { "type ": "7" }])(
	"%j has no data to turn",
	(body) => {
		expect(normalize(body)).toBe(body);
	},
);

test.each([
	[
		10_000,
		{ type: 5, "RecallFailedPayload.messageId": 1 },
		{ type: 5, subPayload: { messageId: 1 } },
	],
	["10000", { type: "6", "RoomJoinMemberPayload.x": 1 }, { type: "6", subPayload: { x: 1 } }],
	[
		10_001,
		{ wechatSystemPayloadType: 1, "RoomLeavePayload.x": 1, subPayload: null },
		{ wechatSystemPayloadType: 1, subPayload: { x: 1 } },
	],
	[10_001, { type: 2, "RoomTopicPayload.x": 1 }, { type: 2, subPayload: { x: 1 } }],
	[10_001, { type: 0, "RoomJoinPayload.x": 1 }, { type: 0, subPayload: { x: 1 } }],
	[7, { "subPayload.x": 1, subPayload: { y: 2 } }, { subPayload: { x: 1, y: 2 } }],
	[6, { "artwork.url.more": 1, "artwork.": 2 }, { artwork: { url: 1, "": 2 } }],
])("of type %j, %j is %j", (type, given, payload) => {
	expect(payloadOf(type, given)).toEqual(payload);
});

test.each([
	[10_001, { type: 7, "undefined.x": 1 }],
	[10_000, { type: 0, "RoomJoinPayload.x": 1 }],
	[7, { ".text": 1, ".": 2, "text.": 3 }],
	[6, { artworks: 1, subPayloads: 2, "a.b": 3 }],
	[6, { "Artwork.url": 1, "x.artwork.url": 2 }],
])("of type %j, %j has no object that it belongs to", (type, payload) => {
	expect(payloadOf(type, payload)).toEqual(payload);
});

test("a message is read in either spelling, with who wrote it and where", () => {
	const names = { contactName: "n", roomTopic: "r", botWeixin: "b" };
	const said = { chatId: "c", ...names, payload: { text: "t" } };
	expect(readMessage(JSON.stringify({ data: { ...said, type: "7" } }))).toEqual({
		...said,
		type: 7,
	});
	expect(readMessage(JSON.stringify(said))).toEqual(said);
	const spaced = Object.entries(said).map(([key, value]) => [`${key}\t`, value]);
	expect(readMessage(JSON.stringify({ data: Object.fromEntries(spaced) }))).toEqual(said);
	expect(
		readMessage('{"data":{"contactName":"","roomTopic":7,"botWeixin":null,"payload":7}}'),
	).toEqual({ payload: {} });
	expect(readMessage('{"data":7,"payload":{"text":"t"}}')).toEqual({ payload: { text: "t" } });
});

test("what is no object says nothing, and what is no JSON is told", () => {
	for (const text of ["[1]", "7", "null", '"{}"']) {
		expect(readWhole(text)).toEqual({ reading: { payload: {} }, callback: {} });
	}
	expect(() => readMessage("{")).toThrow(SyntaxError);
});

test("the whole of a message is beside it, in the same shape", () => {
	const text = '{"code":1,"data":{"type":"7","payload\\t":{"text ":"t"},"token":"x"}}';
	expect(readWhole(text).callback).toEqual({
		code: 1,
		data: { type: 7, payload: { text: "t" }, token: "x" },
	});
});
