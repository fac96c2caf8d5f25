import { expect, test } from "vitest";
import { describe, loggable } from "../../lib/log.ts";
import { callbackRow } from "../../lib/storage/row.ts";
import { envelopeOf, textMessage } from "../callbacks.ts";

test("of an error its name and words are logged, of a parser's not its words: they quote the text", () => {
	expect(describe(new TypeError("no such thing"))).toEqual({
		name: "TypeError",
		message: "no such thing",
	});
	let error: unknown;
	try {
		JSON.parse("a secret text");
	} catch (caught) {
		error = caught;
	}
	expect(error).toMatchObject({ message: expect.stringContaining("a secret") });
	expect(describe(error)).toEqual({ name: "SyntaxError", message: "" });
	expect(describe("a secret text")).toEqual({ name: "unknown", message: "" });
});

test("of a row its ids are logged, and no more of them than helps", () => {
	const long = "x".repeat(100);
	const { row } = envelopeOf(textMessage({ messageId: long, chatId: long, contactName: "secret" }));
	expect(loggable(row)).toEqual({
		messageId: "x".repeat(64),
		chatId: "x".repeat(64),
		type: 7,
		conformance: "documented",
	});
	const nameless = envelopeOf(textMessage({ messageId: "", chatId: "", type: null })).row;
	expect(loggable(nameless)).toEqual({ conformance: "documented" });
	const line = { method: "POST", path: "chat", query: "a=secret", encoding: "utf8" } as const;
	expect(loggable(callbackRow("secret", line, { receivedAt: "", blanked: 0 }))).toEqual({});
});
