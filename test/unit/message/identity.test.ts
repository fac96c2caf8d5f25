import { expect, test } from "vitest";
import { type Identity, identifies, identityOf as read } from "../../../lib/message/identity.ts";
import { membersOf } from "../../../lib/message/json-text.ts";
import { readTimestamp } from "../../../lib/message/timestamp.ts";
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
	expect(identityOf(odd)).toEqual({});
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

test.each([
	[1_767_225_602_000, 1_767_225_602_000],
	["1767225602000", 1_767_225_602_000],
	[1_767_225_602, 1_767_225_602_000],
	["1767225602", 1_767_225_602_000],
	[1_767_225_602_000.7, 1_767_225_602_000],
	[0, undefined],
	[-1, undefined],
	["", undefined],
	["soon", undefined],
	[null, undefined],
	[Number.NaN, undefined],
	[Number.POSITIVE_INFINITY, undefined],
	[253_402_300_800_000, undefined],
])("timestamp %s is %s", (value, milliseconds) => {
	expect(readTimestamp(value)).toBe(milliseconds);
});
