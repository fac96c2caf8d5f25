import { expect, test } from "vitest";
import { normalize, readMessage } from "../../../lib/message/shape.ts";
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
