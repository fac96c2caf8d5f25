import { readFile } from "node:fs/promises";
import { expect, test, vi } from "vitest";
import { MAX_BODY_BYTES } from "../../lib/intake/body.ts";
import { textMessage } from "../callbacks.ts";
import { useStack } from "./harness.ts";

const FIRST = "first-token-of-the-owner";
const SECOND = "second-token-of-the-owner";

const harness = useStack({ CALLBACK_TOKENS: `${FIRST},${SECOND}`, ON_UNRECOGNIZED: "refuse" });

const message = (fields: Readonly<Record<string, unknown>>): string =>
	textMessage({ payload: { text: "hi" }, ...fields });

const notUtf8 = (body: string): Uint8Array => Buffer.from(body.replace("hi", "\xff\xc0"), "latin1");

test.each<[string, string | Uint8Array, number, number]>([
	["an empty body", "", 400, 44_002],
	["bytes that are no UTF-8", Uint8Array.of(0xff, 0xc0), 400, 47_001],
	["such bytes inside a message", notUtf8(message({ token: FIRST })), 400, 47_001],
	["no JSON", "{", 400, 47_001],
	["no object", "[1]", 400, 47_001],
	["a wrong token", message({ token: "wrong" }), 401, 40_014],
	["no token", message({ token: undefined }), 401, 40_014],
	["a token that is no string", message({ token: [FIRST] }), 401, 40_014],
	["a body over the limit", message({ token: FIRST, x: "x".repeat(MAX_BODY_BYTES) }), 413, 45_002],
	["an unknown shape", message({ token: FIRST, messageId: "refused", type: 42 }), 400, 40_035],
	["the first token", message({ token: FIRST, messageId: "by first" }), 200, 0],
	["the second token", message({ token: SECOND, messageId: "by second" }), 200, 0],
])("%s", async (_, body, status, errcode) => {
	expect(await harness.post(body)).toMatchObject({ status, body: { errcode } });
});

test("a refusal says where the body is wrong, an acknowledgement says ok", async () => {
	const refused = await harness.post(message({ token: FIRST, payload: {} }));
	expect(refused.body).toEqual({
		errcode: 40_035,
		errmsg: "the body has no known shape: /data/payload/text is required for type 7 (文字)",
	});
	expect(await harness.post(message({ token: FIRST, messageId: "by first" }))).toEqual({
		status: 200,
		body: { errcode: 0, errmsg: "ok" },
	});
});

test("only what was acknowledged is kept, and no token anywhere", async () => {
	await vi.waitFor(async () => expect(await harness.rows()).toHaveLength(2), {
		timeout: 15_000,
		interval: 100,
	});
	const log = await readFile(harness.stack.logFile, "utf8");
	expect(log).toContain("Received");
	expect(log + JSON.stringify(await harness.rows())).not.toContain(FIRST);
});

test("without a queue the table takes it, without both the platform is asked to send again", async () => {
	await harness.stack.queue.stop();
	expect(await harness.post(message({ token: FIRST, messageId: "directly" }))).toMatchObject({
		status: 200,
	});
	expect((await harness.rows()).map(({ messageId }) => messageId)).toContain("directly");
	await harness.stack.table.stop();
	const started = performance.now();
	expect(await harness.post(message({ token: FIRST }))).toMatchObject({
		status: 503,
		body: { errcode: -1 },
	});
	// The contract's own limit, not a measure of speed.
	expect(performance.now() - started).toBeLessThan(3_000);
});
