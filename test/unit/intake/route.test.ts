import { expect, test } from "vitest";
import { readRoute } from "../../../lib/intake/route.ts";
import { digestOf } from "../../../lib/intake/token.ts";

const keys = ["key one", "k2"].map((key) => Buffer.from(digestOf(key), "hex"));

test.each([
	["/message", false, "message"],
	["/message/", false, "message"],
	["//room//joined", false, "room/joined"],
	["/", false, ""],
	["/key%20one/message", true, "message"],
	["/k2", true, ""],
	["/k2/room/joined/", true, "room/joined"],
	["/%E0%A4%A/message", false, "%E0%A4%A/message"],
])("%s", (rawPath, isKeyed, path) => {
	expect(readRoute(rawPath, keys)).toEqual({ isKeyed, path });
});

test("without keys nothing is one", () => {
	expect(readRoute("/k2/message", [])).toEqual({ isKeyed: false, path: "k2/message" });
});
