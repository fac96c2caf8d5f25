import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname } from "node:path";
import { text } from "node:stream/consumers";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { execa } from "execa";
import pMap from "p-map";
import { afterEach, expect, test, vi } from "vitest";
import { packEnvelope } from "../../lib/storage/envelope.ts";
import type { HistoryFault } from "../../local/platform.ts";
import { listenOn } from "../../local/port.ts";
import { envelopeOf, textMessage } from "../callbacks.ts";
import { type StoredRow, useStack } from "./harness.ts";

// What came while the URL was off is fetched from the platform's history, once.

const DEADLINE = { timeout: 30_000, interval: 100 };
const NOON = Date.parse("2026-01-01T12:00:00.000Z");
const SINCE = ["--since", "2026-01-01T12:00:00Z"];
const WINDOW = [...SINCE, "--until", "2026-01-01T14:00:00Z", "--rate", "100"];

const harness = useStack();

afterEach(() => harness.stack.platform.fail());

const backfill = (...options: string[]) => harness.command("backfill", ...WINDOW, ...options);

/** The message of that second. */
const body = (messageId: string, second: number, fields: object = {}): string =>
	textMessage({ messageId, chatId: "gap", timestamp: NOON + second * 1_000, ...fields });

const rowsOf = async (prefix: string): Promise<StoredRow[]> =>
	(await harness.rows()).filter(({ messageId }) => messageId?.startsWith(prefix));

async function whileOff(bodies: readonly string[]): Promise<void> {
	harness.stack.setUrl(false);
	const answers = await pMap(bodies, (one) => harness.post(one), { concurrency: 8 });
	expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
	harness.stack.setUrl(true);
}

test("what came while the URL was off is found, filled once, and gives way to its callback", async () => {
	expect(await harness.post(body("on", 1))).toMatchObject({ status: 200 });
	await whileOff([body("off-1", 2), body("off-2", 3_601, { botId: "other", type: 42 })]);
	await vi.waitFor(async () => expect(await rowsOf("o")).toHaveLength(1), DEADLINE);

	const dry = await backfill("--dry-run");
	expect([dry.exitCode, dry.stdout.split("\n").at(-1)]).toEqual([
		3,
		"2 missing, nothing filled (--dry-run)",
	]);
	const { exitCode, stdout } = await backfill();
	expect(exitCode).toBe(3);
	expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
		["hour", "bot", "platform", "there", "missing", "filled"],
		["2026-01-01 12:00 UTC", "aa11bb22cc33dd44ee55ff01", "2", "1", "1", "1"],
		["2026-01-01 13:00 UTC", "other", "1", "0", "1", "1"],
		["2 missing, 2 put on the queue"],
	]);
	await vi.waitFor(async () => expect(await rowsOf("off-")).toHaveLength(2), DEADLINE);
	expect((await rowsOf("off-")).map(({ origin, review }) => [origin, review])).toEqual([
		["history", undefined],
		["history", undefined],
	]);
	const shown = async () => (await harness.command("messages", "--chat", "gap")).stdout.split("\n");
	expect((await shown())[1]).toMatch(/off-1.*\(from the platform's history\)$/);

	const again = await backfill("--json");
	expect([again.exitCode, JSON.parse(again.stdout)]).toEqual([
		0,
		expect.objectContaining({ missing: 0, filled: 0, unusable: 0, failures: [] }),
	]);

	expect(await harness.post(body("off-1", 2))).toMatchObject({ status: 200 });
	await vi.waitFor(async () => expect(await rowsOf("off-1")).toHaveLength(2), DEADLINE);
	expect((await shown())[1]).toMatch(/off-1.*corrected$/);
	const all = await harness.command("messages", "--message", "off-1", "--revisions", "--json");
	expect(all.stdout.split("\n")).toHaveLength(1);
	expect(await backfill("--dialect", "resold")).toMatchObject({ exitCode: 0 });
});

test("two at once, and one that is killed, while the history fails: each message is one row", async () => {
	const bodies = Array.from({ length: 250 }, (_, n) => body(`many-${n}`, n));
	await whileOff(bodies);
	const faults: (HistoryFault | undefined)[] = [
		...([undefined, "repeated", "shuffled", "error", undefined, "back", "odd"] as const),
		...([undefined, "refusal", "reset", "slow"] as const),
	];
	let n = 0;
	harness.stack.platform.fail(() => faults[n++ % faults.length]);
	const env = { LOCAL_DIR: dirname(harness.stack.logFile) };
	const killed = execa("node", ["cli/backfill.ts", ...WINDOW], { env, reject: false });
	const others = Promise.all([backfill("--json"), backfill("--json", "--dialect", "resold")]);
	await vi.waitFor(async () => expect(await rowsOf("many-")).not.toEqual([]), DEADLINE);
	killed.kill("SIGKILL");
	await others;
	harness.stack.platform.fail();
	await backfill("--json");
	const isSettled = async () => expect(await harness.waiting(harness.stack.queueUrl)).toBe(0);
	await vi.waitFor(isSettled, DEADLINE);
	const ids = (await rowsOf("many-")).map(({ messageId }) => messageId);
	expect([ids.length, new Set(ids).size]).toEqual([250, 250]);
	expect(await backfill("--json")).toMatchObject({ exitCode: 0 });
});

test("a history that does not answer is told with where to go on, in one line, without the token", async () => {
	harness.stack.platform.fail(() => "refusal");
	const { exitCode, stderr, all } = await backfill();
	expect(exitCode).toBe(1);
	expect(stderr).toBe(
		"backfill: of 2026-01-01 not all is known: it answers 40014 invalid token *; --from 2026-01-01",
	);
	expect(all).toContain("nothing is missing of what could be read");
});

test("a gap is told with the command that fills it", async () => {
	const receivedAt = new Date(Date.now() - 7_200_000).toISOString();
	const { body: MessageBody } = packEnvelope(envelopeOf(body("early", 5), { receivedAt }));
	const QueueUrl = harness.stack.queueUrl;
	await harness.stack.queue.client.send(new SendMessageCommand({ QueueUrl, MessageBody }));
	await vi.waitFor(async () => expect(await rowsOf("early")).toHaveLength(1), DEADLINE);
	const { exitCode, stdout } = await harness.command("gaps");
	const [sentence, command = "", ...others] = stdout.split("\n");
	expect([exitCode, others]).toEqual([0, []]);
	expect(sentence).toMatch(/minutes: no callback at all; there is no week before to compare with$/);
	const [, options = ""] = command.split(" backfill -- ");
	const filled = await harness.command("backfill", ...options.split(" "));
	expect(filled).toMatchObject({ exitCode: 0, stderr: "" });
});

test("the function compares the last hours, fills and counts what was missed, and tells what failed", async () => {
	const hoursAgo = (hours: number) => ({ timestamp: Date.now() - hours * 3_600_000 });
	await whileOff([body("missed", 0, hoursAgo(2)), body("new", 0, hoursAgo(0))]);
	const token = "the-token-that-lies-in-ssm";
	const parameters = createServer(async (incoming, outgoing) => {
		const { Name, WithDecryption } = JSON.parse(await text(incoming));
		const Value = Name === "/token" && WithDecryption ? token : "";
		outgoing.writeHead(200, { "content-type": "application/x-amz-json-1.1" });
		outgoing.end(JSON.stringify({ Parameter: { Name, Value } }));
	});
	const stop = await listenOn(parameters, 0);
	const { port } = parameters.address() as AddressInfo;
	const env = {
		...{ AWS_ENDPOINT_URL_SSM: `http://127.0.0.1:${port}`, QUEUE_URL: harness.stack.queueUrl },
		...{ TABLE_NAME: harness.stack.tableName, HISTORY_BASE: harness.stack.platform.historyBase },
		...{ HISTORY_DIALECT: "published", HISTORY_TOKEN_PARAMETER: "/token", HISTORY_HOURS: "3" },
		...{
			HISTORY_CALLS: "6",
			POWERTOOLS_METRICS_NAMESPACE: "test",
			POWERTOOLS_SERVICE_NAME: "test",
		},
	};
	const run = `require("./dist/compare/index.cjs").handler({}, { functionName: "compare" }).catch((error) => {
		console.error(error);
		process.exit(1);
	})`;
	const compared = () => execa("node", ["--eval", run], { env, reject: false, all: true });
	try {
		const first = await compared();
		expect([first.exitCode, first.stdout]).toEqual([0, expect.stringContaining('"Missed":1')]);
		await vi.waitFor(async () => expect(await rowsOf("missed")).toHaveLength(1), DEADLINE);
		const second = await compared();
		expect([second.exitCode, second.stdout]).toEqual([0, expect.stringContaining('"Missed":0')]);
		expect(await rowsOf("new")).toEqual([]);
		harness.stack.platform.fail(() => "refusal");
		const third = await compared();
		expect([third.exitCode, third.stderr]).toEqual([
			1,
			expect.stringContaining("not all is known: it answers 40014 invalid token *"),
		]);
		expect(first.all + second.all + third.all).not.toContain(token);
	} finally {
		await stop();
	}
});

test.each([
	[[], "--since is missing"],
	[[...SINCE, "--until", "2025-01-01"], "--until is before --since"],
	[[...SINCE, "--dialect", "none"], "--dialect"],
	[[...SINCE, "--base", "http://history.example.com/"], "must begin with https://"],
	[[...SINCE, "--from", "yesterday"], "--from"],
	[[...SINCE, "--rate", "0"], "--rate"],
])("backfill %j is told in words", async (options, words) => {
	const { exitCode, stderr } = await harness.command("backfill", ...options);
	expect([exitCode, stderr.split("\n")]).toEqual([2, [expect.stringContaining(words)]]);
});
