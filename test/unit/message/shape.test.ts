import { expect, test } from "vitest";
import { normalize } from "../../../lib/message/shape.ts";

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
