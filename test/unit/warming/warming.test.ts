import { request as plainRequest } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { beforeEach, expect, test, vi } from "vitest";
import { ANYONE } from "../../../lib/intake/secret.ts";
import { logger } from "../../../lib/log.ts";
import { events } from "../../../lib/log-events.ts";
import { publishCounts } from "../../../lib/metrics.ts";
import type { Connection, Service } from "../../../lib/storage/connection.ts";
import { USUAL_PATIENCE } from "../../../lib/storage/patience.ts";
import { warmForBatches } from "../../../lib/warming/batch.ts";
import { warmForCallbacks } from "../../../lib/warming/callback.ts";
import { muted } from "../../../lib/warming/example.ts";
import { openPretence } from "../../../lib/warming/pretence.ts";

// That what was warmed answers faster is measured in bench/, and on the bundles in test/package/warming.

const places = {
	...{ queueUrl: "https://sqs.example.invalid:444/1/messages", tableName: "t" },
	aws: { region: "us-east-1", accessKeyId: "a", secretAccessKey: "b" },
	retentionDays: undefined,
};
const receive = { ...places, credentials: ANYONE, keys: [], onUnrecognized: "keep" } as const;
const store = { ...places, deadLetterQueueUrl: "d", patience: USUAL_PATIENCE };

beforeEach(() => {
	vi.stubEnv("AWS_REGION", "us-east-1");
	vi.stubEnv("AWS_ACCESS_KEY_ID", "a");
	vi.stubEnv("AWS_SECRET_ACCESS_KEY", "b");
	vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", "http://table.example.invalid:8000");
	return () => vi.unstubAllEnvs();
});

/** A connection that notes what is opened, and whose agents must not be used. */
function noted(): { connection: Connection; opened: Service[]; used: readonly Service[] } {
	const { connection, asked } = openPretence("{}");
	const opened: Service[] = [];
	const open = async ({ protocol, hostname, port }: Service) => {
		opened.push({ protocol, hostname, port });
	};
	return { connection: { ...connection, open }, opened, used: asked };
}

test.each([
	[
		"receive",
		(connection: Connection) => warmForCallbacks(receive, connection),
		{ protocol: "https:", hostname: "sqs.example.invalid", port: "444" },
		events.queued,
	],
	[
		"store",
		(connection: Connection) => warmForBatches(store, connection),
		{ protocol: "http:", hostname: "table.example.invalid", port: "8000" },
		events.stored,
	],
])(
	"%s connects to where it will send, sends nothing, and counts nothing",
	async (_, warm, service, said) => {
		const { connection, opened, used } = noted();
		const print = vi.spyOn(process.stdout, "write").mockReturnValue(true);
		const info = vi.spyOn(logger, "info");
		await warm(connection);
		publishCounts();
		expect(opened).toEqual([service]);
		expect(used).toEqual([]);
		expect(print.mock.calls).toEqual([]);
		// The example went all of the way.
		expect(info.mock.calls).toEqual([
			[said, expect.objectContaining({ type: 7, conformance: "corrected", sqsMessageId: "none" })],
		]);
		vi.restoreAllMocks();
	},
);

test("what goes wrong is no more than a slower start", async () => {
	const { connection } = noted();
	const open = () => Promise.reject(new Error("no"));
	await expect(warmForCallbacks(receive, { ...connection, open })).resolves.toBeUndefined();
	vi.stubEnv("AWS_ENDPOINT_URL_DYNAMODB", "no URL");
	await expect(warmForBatches(store, connection)).resolves.toBeUndefined();
});

test("a pretence answers by itself, and tells whom it was asked for", async () => {
	const { connection, asked } = openPretence('{"é":1}');
	for (const [ask, agent] of [
		[plainRequest, connection.agents.httpAgent],
		[request, connection.agents.httpsAgent],
	] as const) {
		const { promise, resolve, reject } = Promise.withResolvers<Promise<string>>();
		ask({ host: "nowhere.invalid", port: 81, agent, method: "POST" }, (response) => {
			expect(response.headers["content-type"]).toBe("application/x-amz-json-1.0");
			resolve(text(response));
		})
			.on("error", reject)
			.end("x".repeat(100_000));
		expect(await promise).toBe('{"é":1}');
	}
	const nowhere = { hostname: "nowhere.invalid", port: "81" };
	expect(asked).toEqual([
		{ protocol: "http:", ...nowhere },
		{ protocol: "https:", ...nowhere },
	]);
	expect(await connection.open({ protocol: "http:", ...nowhere })).toBeUndefined();
});

test("the standard output writes again after what was muted, also when that fails", () => {
	const { write } = process.stdout;
	const fail = () => {
		expect(process.stdout.write("nothing of this is seen")).toBe(true);
		throw new Error("no");
	};
	expect(() => muted(fail)).toThrow("no");
	expect(process.stdout.write).toBe(write);
});
