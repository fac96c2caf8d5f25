import { describe, expect, test } from "vitest";
import { readRoute } from "../../../lib/intake/route.ts";
import { sealedOf } from "../../../lib/intake/secret.ts";

const ONE = "key-one-0123456789";
const keys = [ONE, "key-two-0123456789"].map(sealedOf);

test.each([
	["/message", false, "message", 0],
	["/message/", false, "message", 0],
	["//room//joined", false, "room/joined", 0],
	["/", false, "", 0],
	[`/${ONE}/message`, true, "message", 1],
	["/key%2Done-0123456789/message", true, "message", 1],
	[`/${ONE}`, true, "", 1],
	[`/${ONE}/room/joined/`, true, "room/joined", 1],
	[`/${ONE}/something/new`, true, "something/new", 1],
])("%s", (rawPath, isKeyed, path, taken) => {
	expect(readRoute(rawPath, keys)).toEqual({ isKeyed, path, keys: taken });
});

describe("a key that is not accepted is no part of the path", () => {
	test.each([
		["old or wrong", "/oldkey/message", false, "message", 1],
		["the second one", `/${ONE}/key-two-0123456789/message`, true, "message", 2],
		["before an accepted one", `/oldkey/${ONE}/room/left`, false, "room/left", 2],
		["no UTF-8", "/%E0%A4%A/message", false, "message", 1],
		["before an unknown path", "/old-key-01234567/something", false, "something", 1],
	])("%s", (_, rawPath, isKeyed, path, taken) => {
		expect(readRoute(rawPath, keys)).toEqual({ isKeyed, path, keys: taken });
	});

	test.each([
		"/something/new",
		"/room2/new",
		"/group-chat-notifications/new",
		"/group-chat-notifications-2",
		"/room/message2",
	])("but %s is a path", (rawPath) => {
		expect(readRoute(rawPath, keys).path).toBe(rawPath.slice(1));
	});
});

test("without keys nothing is accepted", () => {
	expect(readRoute(`/${ONE}/message`, []).isKeyed).toBe(false);
});
