import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { judge } from "../../lib/verdict.ts";
import { callbackBody, callbackNames, expected } from "../callbacks.ts";

const judged = (name: string) => judge(JSON.parse(callbackBody(name)));

test("the schema is the published one, byte for byte", () => {
	const schema = readFileSync(new URL("../../lib/schema/message.schema.json", import.meta.url));
	expect(createHash("sha256").update(schema).digest("hex")).toBe(
		"531af4dbef5f379234f855ae32df4c8f62cd18dbff9f381faf59349449e62de1",
	);
});

test.each(callbackNames.filter((name) => name !== "b-truncated"))("%s", (name) => {
	const documented = expected[`${name}.json`]?.conformance === "documented";
	expect(judged(name).conformance).toBe(documented ? "documented" : "unrecognized");
});

test("a violation is that of the message's own type, and names its place", () => {
	expect(judged("t03-card-natural").violations).toEqual([
		"/data/payload must have required property 'coworker\\t'",
	]);
	expect(judged("t02-voice-natural").violations).toEqual(["/data/timestamp must be string"]);
	expect(judged("t42-future-type").violations).toEqual([
		"/data/payload must match a schema in anyOf",
	]);
});
