import { expect, test } from "vitest";
import { receiveConfig, receiveProblems, storeConfig } from "../../lib/config.ts";
import { ANYONE, sealedOf, sealSecret } from "../../lib/intake/secret.ts";
import { readPatience, USUAL_PATIENCE } from "../../lib/storage/patience.ts";

test("all problems are told at once", () => {
	expect(() =>
		receiveConfig({ ON_UNRECOGNIZED: "drop", CALLBACK_TOKEN_DIGESTS: "secret" }),
	).toThrow(/QUEUE_URL is missing.*CALLBACK_TOKEN_DIGESTS must be.*ON_UNRECOGNIZED is "drop"/);
	expect(() => receiveConfig({ CALLBACK_KEY_DIGESTS: "secret" })).toThrow(
		"CALLBACK_KEY_DIGESTS must be",
	);
	expect(() => storeConfig({ RETENTION_DAYS: "soon", RETRY_SECONDS: "often" })).toThrow(
		/TABLE_NAME is missing; RETENTION_DAYS is "soon".*DEAD_LETTER_QUEUE_URL is missing; RETRY_SECONDS is "often"/,
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

const AWS = { AWS_REGION: "r", AWS_ACCESS_KEY_ID: "i", AWS_SECRET_ACCESS_KEY: "s" };

test("a function without the credentials that Lambda sets does not start", () => {
	const names =
		"AWS_REGION is missing; AWS_ACCESS_KEY_ID is missing; AWS_SECRET_ACCESS_KEY is missing";
	expect(() => receiveConfig({ QUEUE_URL: "q", TABLE_NAME: "t" })).toThrow(names);
});

test("packaging is told every problem, and nothing else", () => {
	const names = ["QUEUE_URL", "TABLE_NAME", "CALLBACK_TOKEN_DIGESTS"];
	expect(receiveProblems(AWS)).toEqual(names.map((variable) => ({ variable, says: "is missing" })));
});

test("store waits between its tries as it is told, or as usual", () => {
	const env = { ...AWS, QUEUE_URL: "q", TABLE_NAME: "t", DEAD_LETTER_QUEUE_URL: "d" };
	expect(storeConfig(env).patience).toEqual(USUAL_PATIENCE);
	expect(storeConfig({ ...env, RETRY_SECONDS: "7-77" }).patience).toEqual(readPatience("7-77"));
});

test("what is configured is what is read", () => {
	const tokens = ["0123456789abcdef", "key-of-the-base-url"];
	const env = {
		...AWS,
		AWS_SESSION_TOKEN: "t",
		QUEUE_URL: "q",
		TABLE_NAME: "t",
		CALLBACK_TOKEN_DIGESTS: tokens.map(sealSecret).join(","),
	};
	expect(receiveConfig(env)).toEqual({
		queueUrl: "q",
		aws: { region: "r", accessKeyId: "i", secretAccessKey: "s", sessionToken: "t" },
		credentials: tokens.map(sealedOf),
		onUnrecognized: "keep",
		keys: [],
		tableName: "t",
		retentionDays: undefined,
	});
	expect(receiveProblems(env)).toEqual([]);
	expect(receiveConfig({ ...env, CALLBACK_TOKEN_DIGESTS: ANYONE }).credentials).toBe(ANYONE);
});
