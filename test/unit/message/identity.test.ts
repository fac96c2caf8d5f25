import { expect, test } from "vitest";
import {
	type Identity,
	identifies,
	identityOf as read,
	readType,
} from "../../../lib/message/identity.ts";
import { membersOf } from "../../../lib/message/json-text.ts";
import { sampleBody } from "../../../samples/samples.ts";

const identityOf = (text: string): Identity =>
	read(text, JSON.parse(text), membersOf(text, identifies));

test("a usual message", () => {
	expect(identityOf(sampleBody("dup-room-two-bots-a"))).toEqual({
		messageId: "0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0d",
		chatId: "65f0a1b2c3d4e5f60718293b",
		botId: "aa11bb22cc33dd44ee55ff01",
		contactId: "7881300000000002",
		externalUserId: "wmEXAMPLE0000000000000000000001",
		roomId: "R:10900000000000001",
		type: 7,
		isSelf: false,
		time: 1_767_226_300_000,
	});
});

test("a number keeps its digits", () => {
	expect(identityOf(sampleBody("b-bigint-messageid")).messageId).toBe("7200000000000000123");
	expect(identityOf('{"data":{"messageId":1e400}}').messageId).toBe("1e400");
});

test("empty, null and odd values are left out", () => {
	const odd =
		'{"data":{"messageId":"","chatId":null,"botId":{},"roomId":[],"type":1.5,"isSelf":"no"}}';
	expect(identityOf(odd)).toStrictEqual({});
	expect(identityOf('{"data":{"undefined":"x"}}')).toStrictEqual({});
});

test("the last duplicate counts, as for JSON.parse", () => {
	expect(identityOf('{"data":{"chatId":"a"},"data":{"chatId":"b","chatId":"c"}}').chatId).toBe("c");
});

test("an exact key outranks one with a TAB, in either order", () => {
	expect(identityOf('{"data":{"chatId\\t":"a","chatId":"b"}}').chatId).toBe("b");
	expect(identityOf('{"data":{"chatId":"b","chatId\\t":"a"}}').chatId).toBe("b");
	expect(identityOf('{"data":{"chatId\\t":"a"}}').chatId).toBe("a");
});

test("a flat body", () => {
	const { chatId, messageId, time } = identityOf(sampleBody("x-enterprise-flat"));
	expect({ chatId, messageId, time }).toEqual({
		chatId: "65f0a1b2c3d4e5f60718293a",
		messageId: "004a004a004a004a004a004a004a004a",
		time: 1_767_225_600_000,
	});
});

test("each field is read from its own name", () => {
	const names = ["messageId", "chatId", "botId", "contactId", "externalUserId", "roomId"];
	const ids = Object.fromEntries(names.map((name, n) => [name, `id${n}`]));
	const data = { ...ids, type: "7", isSelf: true, source: "0", timestamp: "1767225602" };
	const identity = { ...ids, type: 7, isSelf: true, source: 0, time: 1_767_225_602_000 };
	expect(identityOf(JSON.stringify({ data }))).toEqual(identity);
	expect(identityOf(JSON.stringify(data))).toEqual(identity);
	const spaced = Object.entries(data).map(([key, value]) => [`\t${key} `, value]);
	expect(identityOf(JSON.stringify({ data: Object.fromEntries(spaced) }))).toEqual(identity);
});

test("members that say nothing of an identity change nothing", () => {
	expect(["\ttype ", "timestamp", "payload", "types"].map(identifies)).toEqual([
		...[true, true, false, false],
	]);
	const text = '{"data":{"payload":7,"chatId":"c","toString":1}}';
	expect(
		read(
			text,
			JSON.parse(text),
			membersOf(text, () => true),
		),
	).toEqual({ chatId: "c" });
});

test.each(["7", "null", '"x"', "[]"])(
	"data that is %s says nothing, whatever is beside it",
	(data) => {
		expect(identityOf(`{"chatId":"beside","data":${data}}`)).toEqual({});
		expect(identityOf(`{"data":{"chatId":"before"},"data":${data}}`)).toEqual({});
	},
);

test("of keys with white space the last counts, as long as none is exact", () => {
	expect(identityOf('{"data":{"chatId\\t":"a"," chatId":"b","chatId ":3}}').chatId).toBe("3");
	expect(identityOf('{"data":{"chatId\\t":1,"chatId":2," chatId":3}}').chatId).toBe("2");
	// What is exact counts also where it says nothing.
	expect(identityOf('{"data":{"chatId":null," chatId":"b","roomId ":"r"}}')).toEqual({
		roomId: "r",
	});
});

test.each([
	["7", 7],
	[7, 7],
	[-1, -1],
	["10001", 10_001],
	["1234567890123456", 1_234_567_890_123_456],
	["00000000000000007", undefined],
	["9007199254740993", undefined],
	[9_007_199_254_740_992, undefined],
	[7.5, undefined],
	["", undefined],
	["x7", undefined],
	["7x", undefined],
	[" 7", undefined],
	[true, undefined],
	[null, undefined],
	[[7], undefined],
	[{}, undefined],
])("type %j is %s", (value, type) => {
	expect(readType(value)).toBe(type);
});
