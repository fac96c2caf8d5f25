import { expect, test } from "vitest";
import { ANYONE, digestOf, isAccepted } from "../../../lib/intake/token.ts";

const two = ["old", "new"].map((token) => Buffer.from(digestOf(token), "hex"));

test.each([
	["old", true],
	["new", true],
	["other", false],
	["", false],
	[undefined, false],
])("two tokens at once: %s is let in: %s", (token, accepted) => {
	expect(isAccepted(two, token)).toBe(accepted);
});

test("no token is let in when none is configured", () => {
	expect(isAccepted([], "x")).toBe(false);
});

test.each(["x", undefined])("anyone: %s", (token) => {
	expect(isAccepted(ANYONE, token)).toBe(true);
});
