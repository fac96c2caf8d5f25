import { readFile } from "node:fs/promises";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { expect, test, vi } from "vitest";
import { MAX_BODY_BYTES } from "../../lib/intake/body.ts";
import { readMessage } from "../../lib/message/shape.ts";
import type { Fault } from "../../local/fault-proxy.ts";
import { sampleBody } from "../../samples/samples.ts";
import { denseText, textMessage } from "../callbacks.ts";
import { metricKey, type NamedMetric, packageStage, watchedMetrics } from "../package/packaged.ts";
import { type Harness, useStack } from "./harness.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const DEADLINE = { timeout: 20_000, interval: 50 };
const HOSTILE_ID = "line\r\nbreak\u001b[31mred";
const SECRETS = [TOKEN, "a secret text", "示例客户甲", "media.example.invalid", "wx.qlogo.cn"];

const refusing = useStack({ CALLBACK_TOKENS: TOKEN, ON_UNRECOGNIZED: "refuse" });
// The last one, so that it is its table which the readers of this process read.
const keeping = useStack({ CALLBACK_TOKENS: TOKEN, LOG_LEVEL: "INFO" }, { withFaults: true });

const logOf = (harness: Harness): Promise<string> => readFile(harness.stack.logFile, "utf8");

/** The lines that the functions wrote, rather than the emulator around them. */
const jsonLines = (log: string): Record<string, unknown>[] =>
	log
		.split("\n")
		.filter((line) => line.startsWith("{"))
		.map((line) => JSON.parse(line));

/** A value of a metric as a function wrote it. */
interface Emitted extends NamedMetric {
	readonly value: number;
}

function emittedMetrics(lines: readonly Record<string, unknown>[]): Emitted[] {
	return lines.flatMap((line) => {
		const directives: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] =
			Object(line._aws).CloudWatchMetrics ?? [];
		return directives.flatMap(({ Namespace, Dimensions, Metrics }) =>
			Metrics.flatMap(({ Name }) => {
				const names = Dimensions[0] ?? [];
				const dimensions = Object.fromEntries(names.map((name) => [name, String(line[name])]));
				const metric = { namespace: Namespace, name: Name, dimensions };
				return [line[Name]].flat().map((value) => ({ ...metric, value: Number(value) }));
			}),
		);
	});
}

/** One line of the table: what is sent, what fails meanwhile, and all that has to be counted of it. */
interface Scenario {
	readonly what: string;
	/** Bodies, one after the other; to another path than that of messages with it before the body. */
	readonly sent: readonly (string | readonly [path: string, body: string])[];
	/** What lies in the queue without receive. */
	readonly queued?: string;
	readonly fails?: (faults: Faults) => void;
	/** Sums of counts and bytes, with the values of their dimensions. */
	readonly counts: Readonly<Record<string, number>>;
	/** From a message's own time to its arrival, known to the ms: of so many messages. */
	readonly timed?: number;
	/** The least that it may have taken until the last row, in ms. */
	readonly leastToRow?: number;
	readonly rows: number;
	readonly deadLetters?: number;
}

type Faults = NonNullable<Harness["stack"]["faults"]>;

/** Names nobody: an entry of the directory would be one more call of the table, which may fail first. */
const text = (messageId: string, fields: Readonly<Record<string, unknown>> = {}): string =>
	textMessage({
		...{ messageId, chatId: messageId, contactId: "", payload: { text: "a secret text" } },
		...fields,
	});
/** How long the text is that is kept of some bodies: the value of the token is not in it. */
const bytes = (...bodies: readonly string[]): number =>
	bodies.reduce((sum, body) => sum + Buffer.byteLength(body.replace(TOKEN, "")), 0);
const pushes = ["1-no-media", "2-thumb", "3-artwork"].map((n) => sampleBody(`t06-image-push${n}`));
const joined = JSON.stringify({ token: TOKEN, room: "a secret text" });
const long = textMessage({ chatId: "long", payload: { text: denseText(900_000) } });
const of = (sent: string, counts: Scenario["counts"] = { Corrected: 1, Stored: 1 }) => ({
	...{ sent: [sent], timed: 1, rows: 1 },
	counts: { Received: 1, BodyBytes: bytes(sent), ...counts },
});
/** The first calls, in so many tries, and no others; of a row its id is the sign, in its key. */
const firstOnes = (count: number, sign: string, fault: Fault) => {
	let left = count;
	return (call: string): Fault | undefined =>
		call.includes(sign) && left-- > 0 ? fault : undefined;
};

const scenarios: readonly Scenario[] = [
	{
		what: "a message that the published schema accepts",
		...of(sampleBody("t07-text-verbatim-tabs"), { Documented: 1, Stored: 1 }),
	},
	{ what: "one that the corrected schema accepts", ...of(text("corrected")) },
	{
		what: "a type that nobody knows",
		...of(sampleBody("t42-future-type"), {
			...{ Unrecognized: 1, "UnrecognizedByType type=other": 1, Stored: 1 },
		}),
	},
	{
		what: "a type that is known by its name only",
		...of(sampleBody("t15-call"), {
			...{ Unrecognized: 1, "UnrecognizedByType type=15": 1, Stored: 1 },
		}),
	},
	{
		what: "no type",
		...of(text("typeless", { type: undefined }), {
			...{ Unrecognized: 1, "UnrecognizedByType type=none": 1, Stored: 1 },
		}),
	},
	{ what: "an id that would break a line", ...of(text(HOSTILE_ID)) },
	{
		what: "no usable time",
		...of(text("x".repeat(3_000), { timestamp: undefined }), {
			...{ Unrecognized: 1, "UnrecognizedByType type=7": 1, Stored: 1 },
		}),
		timed: 0,
	},
	{ what: "a text that is three parts and a row", ...of(long) },
	{
		what: "the same again",
		sent: [text("again"), text("again"), text("again")],
		counts: {
			...{ Received: 3, Corrected: 3, Stored: 1, Duplicates: 2 },
			BodyBytes: 3 * bytes(text("again")),
		},
		timed: 3,
		rows: 1,
	},
	{
		what: "three pushes of a picture",
		sent: pushes,
		counts: { Received: 3, Corrected: 3, Stored: 3, Revisions: 2, BodyBytes: bytes(...pushes) },
		timed: 3,
		rows: 3,
	},
	{
		what: "another callback",
		sent: [["room/joined", joined]],
		counts: { Received: 1, OtherCallbacks: 1, Stored: 1, BodyBytes: bytes(joined) },
		rows: 1,
	},
	{
		what: "what is refused",
		sent: ["", "{", "x".repeat(MAX_BODY_BYTES + 1), text("wrong", { token: "wrong" }), "[]"],
		counts: {
			...{ Refused: 5, "RefusedByReason reason=empty": 1, "RefusedByReason reason=notJson": 2 },
			...{ "RefusedByReason reason=tooLarge": 1, "RefusedByReason reason=token": 1 },
		},
		rows: 0,
	},
	{
		what: "the queue takes nothing",
		...of(text("direct"), { Corrected: 1, WrittenDirectly: 1 }),
		fails: ({ queue }) => queue.fail(firstOnes(2, "MessageBody", "refuse")),
	},
	{
		what: "the queue takes it, does not say so, and takes it again",
		...of(text("twice"), { Corrected: 1, Stored: 1, Duplicates: 1 }),
		fails: ({ queue }) => queue.fail(firstOnes(1, "MessageBody", "acceptThenReset")),
	},
	{
		what: "neither queue nor table takes it",
		sent: [text("lost")],
		fails({ queue, table }) {
			queue.fail(firstOnes(2, "MessageBody", "reset"));
			table.fail(firstOnes(3, "#lost#", "refuse"));
		},
		counts: { Refused: 1, "RefusedByReason reason=unavailable": 1 },
		rows: 0,
	},
	{
		what: "the table is away for a try",
		...of(text("late"), { Corrected: 1, FailedItems: 1, Stored: 1 }),
		fails: ({ table }) => table.fail(firstOnes(3, "#late#", "refuse")),
		// The first pause between two tries.
		leastToRow: 1_000,
	},
	{
		what: "the table never takes the row, but its text alone",
		...of(text("odd"), { Corrected: 1, Unexpected: 1, Stored: 1 }),
		fails: ({ table }) => table.fail(firstOnes(1, "#odd#", "invalid")),
	},
	{
		what: "what can never be stored",
		sent: [],
		queued: "a secret text",
		counts: { DeadLetters: 1 },
		rows: 0,
		deadLetters: 1,
	},
];

const keptBy = async (harness: Harness): Promise<number> =>
	(await harness.rows()).length + (await harness.callbacks()).length;

/** All that is counted is there when nothing is on its way any more, and the last invocation has ended. */
test.each(scenarios)("all counts: $what", async (scenario) => {
	const { sent, queued, fails, counts, timed = 0, leastToRow, rows, deadLetters = 0 } = scenario;
	const { stack } = keeping;
	const [start, before] = [(await logOf(keeping)).length, await keptBy(keeping)];
	const dead = await keeping.waiting(stack.deadLetterQueueUrl);
	if (stack.faults) fails?.(stack.faults);
	for (const one of sent) {
		const [path, body] = typeof one === "string" ? ["message", one] : one;
		await keeping.send(path, { method: "POST", body });
		// Of two that are written at the same moment neither may be the revision.
		await isStill();
	}
	if (queued !== undefined) {
		await stack.queue.client.send(
			new SendMessageCommand({ QueueUrl: stack.queueUrl, MessageBody: queued }),
		);
	}
	const measured = await vi.waitFor(async () => {
		await isStill();
		const lines = jsonLines((await logOf(keeping)).slice(start));
		const all = emittedMetrics(lines).filter(({ name }) => name !== "ColdStart");
		const sums: Record<string, number> = {};
		for (const { name, dimensions, value } of all) {
			if (TIMES.has(name)) continue;
			const words = Object.entries(dimensions).filter(([word]) => word !== "service");
			const key = [name, ...words.map((pair) => pair.join("="))].join(" ");
			sums[key] = (sums[key] ?? 0) + value;
		}
		expect(sums).toEqual(counts);
		return all;
	}, DEADLINE);
	stack.faults?.queue.fail();
	stack.faults?.table.fail();
	expect((await keptBy(keeping)) - before).toBe(rows);
	expect((await keeping.waiting(stack.deadLetterQueueUrl)) - dead).toBe(deadLetters);

	const values = (wanted: string): number[] =>
		measured.filter(({ name }) => name === wanted).map(({ value }) => value);
	const { Received = 0, Stored = 0, Duplicates = 0 } = counts;
	expect(values("EnqueueLatency")).toHaveLength(Received);
	expect(values("ReceiveToRow")).toHaveLength(Stored + Duplicates);
	expect(Math.max(0, ...values("ReceiveToRow"))).toBeGreaterThanOrEqual(leastToRow ?? 0);
	expect(values("PlatformDelay")).toHaveLength(timed);
	const delays = (await keeping.rows()).map(
		(row) => Date.parse(row.receivedAt) - (readMessage(row.text).time ?? Number.NaN),
	);
	// Of a redelivery no row tells when it came.
	const known = values("PlatformDelay").filter((delay) => delays.includes(delay));
	expect(known.length).toBeGreaterThanOrEqual(Math.min(timed, rows));
});

/** What is measured rather than counted, in ms. */
const TIMES: ReadonlySet<string> = new Set(["EnqueueLatency", "PlatformDelay", "ReceiveToRow"]);

async function isStill(): Promise<void> {
	await vi.waitFor(
		async () => expect(await keeping.waiting(keeping.stack.queueUrl)).toBe(0),
		DEADLINE,
	);
}

test("with onUnrecognized: refuse an unknown shape is refused; with the queue away all else is kept", async () => {
	await refusing.post(sampleBody("t42-future-type"));
	await refusing.stack.queue.stop();
	await refusing.send("room/joined", { method: "POST", body: JSON.stringify({ token: TOKEN }) });
	await refusing.stack.table.stop();
	await refusing.post(sampleBody("t07-text-verbatim-tabs"));
	await vi.waitFor(async () => {
		const emitted = emittedMetrics(jsonLines(await logOf(refusing)));
		const reasons = emitted.flatMap(({ dimensions }) => dimensions.reason ?? []);
		expect(reasons.toSorted()).toEqual(["unavailable", "unrecognized"]);
	}, DEADLINE);
});

test("what is watched is emitted, and what is emitted is watched", async () => {
	const prod = await packageStage("prod", "tokens=example-token-0001");
	const inLocal = (text: string): string =>
		text.replace("receiver/prod", "receiver/local").replace("receiver-prod", "receiver-local");
	const watched = watchedMetrics(prod)
		.filter(({ namespace }) => !namespace.startsWith("AWS/"))
		.map((metric) => inLocal(metricKey(metric)));
	const emitted = emittedMetrics(jsonLines((await logOf(keeping)) + (await logOf(refusing)))).map(
		(metric) => {
			const { type, ...dimensions } = metric.dimensions;
			const searched = type === undefined ? metric.dimensions : { service: "*", type: "*" };
			return metricKey({
				...metric,
				dimensions: Object.keys(dimensions).length > 0 ? searched : {},
			});
		},
	);
	expect(new Set(watched).size).toBeGreaterThan(15);
	expect([...new Set(emitted)].toSorted()).toEqual([...new Set(watched)].toSorted());
});

test("a log line says which message, and nothing of what it says", async () => {
	const log = (await logOf(keeping)) + (await logOf(refusing));
	for (const secret of SECRETS) expect(log).not.toContain(secret);
	const queued = jsonLines(log).filter(({ message }) => message === "queued");
	// Each that was received, but for what receive wrote itself.
	const received = scenarios.reduce((sum, { counts }) => sum + (counts.Received ?? 0), 0);
	const written = scenarios.reduce((sum, { counts }) => sum + (counts.WrittenDirectly ?? 0), 0);
	expect(queued).toHaveLength(received - written);
	expect(queued).toContainEqual(
		expect.objectContaining({
			messageId: HOSTILE_ID,
			chatId: HOSTILE_ID,
			type: 7,
			conformance: "corrected",
			requestId: expect.any(String),
		}),
	);
	const stored = jsonLines(log).filter(({ message }) =>
		/^(stored|revision|duplicate)$/.test(String(message)),
	);
	// And one of which the queue did not say that it had taken it.
	expect(stored).toHaveLength(queued.length + 1);
	expect(stored.map(({ sqsMessageId }) => sqsMessageId)).toEqual(
		expect.arrayContaining(queued.map(({ sqsMessageId }) => sqsMessageId)),
	);
	expect(jsonLines(log)).toContainEqual(
		expect.objectContaining({ message: "refused", reason: "token", requestId: expect.any(String) }),
	);
	expect(log).not.toContain("\u001b");
	for (const line of log.split("\n")) expect(line.length).toBeLessThan(2_000);
	expect(jsonLines(log)).toContainEqual(
		expect.objectContaining({
			level: "ERROR",
			message: "the queue did not take a message",
			messageId: expect.any(String),
		}),
	);
	expect(jsonLines(log)).toContainEqual(
		expect.objectContaining({
			level: "ERROR",
			message: "a message was not stored",
			sqsMessageId: expect.any(String),
		}),
	);
});

test("at the usual log level a message that is taken leaves no line but its counts", async () => {
	const lines = jsonLines(await logOf(refusing));
	expect(lines.filter((line) => line._aws === undefined && line.level !== "ERROR")).toEqual([]);
});
