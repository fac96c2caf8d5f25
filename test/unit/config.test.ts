import { expect, test } from "vitest";
import { receiveConfig, storeConfig } from "../../lib/config.ts";
import { ANYONE, digestOf } from "../../lib/credentials.ts";

test("all problems are told at once", () => {
	expect(() =>
		receiveConfig({ ON_UNRECOGNIZED: "drop", CALLBACK_TOKEN_DIGESTS: "secret" }),
	).toThrow(/QUEUE_URL is missing.*CALLBACK_TOKEN_DIGESTS must be.*ON_UNRECOGNIZED is "drop"/);
	expect(() => storeConfig({ RETENTION_DAYS: "soon" })).toThrow(
		/TABLE_NAME is missing; RETENTION_DAYS is "soon"/,
	);
});

test("a missing list of tokens lets nobody in", () => {
	expect(() => receiveConfig({ QUEUE_URL: "q", TABLE_NAME: "t" })).toThrow(
		"CALLBACK_TOKEN_DIGESTS is missing",
	);
	expect(() =>
		receiveConfig({ QUEUE_URL: "q", TABLE_NAME: "t", CALLBACK_TOKEN_DIGESTS: "" }),
	).toThrow();
});

test("what is configured is what is read", () => {
	const digests = [digestOf("a"), digestOf("b")];
	const env = { QUEUE_URL: "q", TABLE_NAME: "t", CALLBACK_TOKEN_DIGESTS: digests.join(",") };
	expect(receiveConfig(env)).toEqual({
		queueUrl: "q",
		credentials: digests.map((digest) => Buffer.from(digest, "hex")),
		onUnrecognized: "keep",
		keys: [],
		tableName: "t",
		retentionDays: undefined,
	});
	expect(receiveConfig({ ...env, CALLBACK_TOKEN_DIGESTS: ANYONE }).credentials).toBe(ANYONE);
});
