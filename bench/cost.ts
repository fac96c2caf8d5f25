import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { marshall } from "@aws-sdk/util-dynamodb";
import { execa } from "execa";
import { packEnvelope } from "../lib/storage/envelope.ts";
import { type Item, itemsOf } from "../lib/storage/record.ts";
import { type Row, storingPlace } from "../lib/storage/row.ts";
import { projectRoot, readDefinitions, serverlessCommand } from "../local/definitions.ts";
import { emulatorSettings, environmentWithoutAws } from "../local/environment.ts";
import { startQueueEmulator } from "../local/queue-emulator.ts";
import { expected, sampleBody, sampleNames } from "../local/samples.ts";
import { startTableEmulator } from "../local/table-emulator.ts";
import { envelopeOf } from "../test/callbacks.ts";
import { eventOf } from "./event.ts";
import { number, printMachine, printTable } from "./rounds.ts";

// Money for a million messages: prices, what the template says, and what the sample bodies measure.

const KILOBYTE = 1024;
/** Values of the metric UnrecognizedByType: 20 types, other, none (lib/metrics.ts). */
const MOST_TYPES = 22;
/** What CloudWatch Logs adds to each event before it bills it. */
const LOG_EVENT_OVERHEAD = 26;
/** Lambda's own lines for an invocation: START, END and REPORT. */
const PLATFORM_LINES = [68, 53, 152];
/** The network inside a region, which no emulator has: a call of SQS or DynamoDB. */
const NETWORK_MS = 6;
const ROUNDS = 20;

const names = sampleNames.filter(
	(name) => /^[tx]\d/.test(name) && expected[name]?.conformance !== "refused",
);
const texts = names.map(sampleBody);
const mean = (values: readonly number[]): number =>
	values.reduce((a, b) => a + b, 0) / values.length;

const { stdout } = await execa(
	process.execPath,
	[
		serverlessCommand,
		"print",
		"--format",
		"json",
		"--stage",
		"prod",
		"--param",
		"tokens=example-token-0001",
	],
	{ cwd: projectRoot },
);
const { provider, functions, resources } = JSON.parse(stdout);
const { Table } = resources.Resources;
const indexes: { keys: string[]; more: string[] }[] = Table.Properties.GlobalSecondaryIndexes.map(
	(index: {
		KeySchema: { AttributeName: string }[];
		Projection: { NonKeyAttributes?: string[] };
	}) => ({
		keys: index.KeySchema.map(({ AttributeName }) => AttributeName),
		more: index.Projection.NonKeyAttributes ?? [],
	}),
);
const gigabytes = provider.memorySize / KILOBYTE;
const batchSize: number = functions.store.events[0].sqs.batchSize;

const taken = (text: string) =>
	envelopeOf(text, { receivedAt: new Date(0).toISOString(), conformance: "corrected", blanked: 1 });
const itemOf = (text: string): Item => {
	const { row } = itemsOf(taken(text));
	return { ...row, ...storingPlace(row, 0) };
};
const rows = texts.map(itemOf);
/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html */
function itemBytes(row: object): number {
	return Object.entries(marshall(row, { removeUndefinedValues: true })).reduce(
		(sum, [name, value]) => {
			const [[kind, content] = ["NULL", ""]] = Object.entries(value);
			const bytes =
				kind === "N"
					? Math.ceil(String(content).length / 2) + 1
					: Buffer.byteLength(String(content));
			if (content instanceof Uint8Array) return sum + Buffer.byteLength(name) + content.length;
			return sum + Buffer.byteLength(name) + (kind === "BOOL" ? 1 : bytes);
		},
		0,
	);
}
/** A merged chat history is the longest that people send: here, all the sample bodies in one. */
const history = itemOf(JSON.stringify({ data: { payload: { content: texts.join("\n") } } }));
const writeUnits = (bytes: number): number => Math.ceil(bytes / KILOBYTE);
const has = (row: object, attribute: string): boolean => Reflect.get(row, attribute) !== undefined;

/** What of a row lies in the indexes that hold it. */
function entriesOf(row: object, projectsAll: boolean): object[] {
	const holding = indexes.filter(({ keys }) => keys.every((key) => has(row, key)));
	return holding.map(({ keys, more }) => {
		const names = new Set([...keys, ...more, "pk", "sk"]);
		const kept = [...names].map((name) => [name, Reflect.get(row, name)]);
		return projectsAll ? row : Object.fromEntries(kept);
	});
}

function indexUnits(row: Row | object, projectsAll: boolean): number {
	return entriesOf(row, projectsAll).reduce((sum, entry) => sum + writeUnits(itemBytes(entry)), 0);
}

/** What CloudWatch bills by the month: custom metrics, and each metric that an alarm looks at. */
const watched = countWatched(Object.values(resources.Resources));

function countWatched(all: { Type: string; Properties: Record<string, unknown> }[]) {
	const custom = new Set<string>();
	const note = ({ Namespace, MetricName, Dimensions }: Record<string, unknown>): void => {
		if (!String(Namespace).startsWith("AWS/")) custom.add(JSON.stringify([MetricName, Dimensions]));
	};
	let alarmMetrics = 0;
	for (const { Type, Properties } of all) {
		if (Type !== "AWS::CloudWatch::Alarm") continue;
		const parts: unknown[] = Array.isArray(Properties.Metrics)
			? Properties.Metrics.flatMap((one) => Object(one).MetricStat?.Metric ?? [])
			: [Properties];
		alarmMetrics += parts.length;
		for (const part of parts) note(Object(part));
	}
	const { DashboardBody } = Object(all.find(({ Type }) => Type.endsWith("Dashboard"))?.Properties);
	for (const { properties } of JSON.parse(DashboardBody["Fn::Sub"]).widgets) {
		for (const metric of properties.metrics ?? []) {
			const [Namespace, MetricName, ...pairs] = metric.filter(
				(one: unknown) => typeof one === "string",
			);
			if (Namespace === undefined) continue;
			const Dimensions: object[] = [];
			for (let i = 0; i < pairs.length; i += 2) {
				Dimensions.push({ Name: pairs[i], Value: pairs[i + 1] });
			}
			note({ Namespace, MetricName, Dimensions: Dimensions.toSorted() });
		}
	}
	const composites = all.filter(({ Type }) => Type === "AWS::CloudWatch::CompositeAlarm").length;
	return { metrics: custom.size + MOST_TYPES, alarmMetrics, composites };
}

interface Run {
	readonly ms: number;
	readonly bytes: number;
	readonly lines: number;
}

async function runFunction(key: string, batch: readonly string[], env: object): Promise<Run> {
	const script = fileURLToPath(new URL("cost-function.ts", import.meta.url));
	const child = await execa(process.execPath, [script, key, String(ROUNDS), ...batch], {
		env: { ...env },
		extendEnv: false,
	});
	const { calls, ms } = JSON.parse(child.stderr.split("\n").at(-1) ?? "");
	const printed = child.stdout.split("\n").filter((line) => line !== "");
	const bytes = printed.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
	return { ms, bytes: bytes / calls, lines: printed.length / calls };
}

const directory = await mkdtemp(join(tmpdir(), "cost-"));
const [definitions, queue, table] = await Promise.all([
	readDefinitions(),
	startQueueEmulator(join(directory, "queue")),
	startTableEmulator("dynalite", join(directory, "table")),
]);
await table.create(definitions.table);
const env = {
	...environmentWithoutAws(),
	...emulatorSettings({ queueEndpoint: queue.endpoint, tableEndpoint: table.endpoint }),
	CALLBACK_TOKEN_DIGESTS: "*",
	...provider.environment,
	QUEUE_URL: await queue.create(definitions.queue),
	DEAD_LETTER_QUEUE_URL: await queue.create(definitions.deadLetterQueue),
	TABLE_NAME: definitions.table.TableName ?? "",
};
const receive = await runFunction("receive", names, env);
const storeOne = await runFunction("store", names.slice(0, 1), env);
const storeMany = await runFunction("store", names.slice(0, batchSize), env);
await queue.stop();
await table.stop();
await rm(directory, { recursive: true, force: true });

const accessLine = provider.logs.httpApi.format
	.replace(/\$context\.requestId/g, "8476a536e9f411e")
	.replace(/\$context\.requestTime/g, "23/Nov/2026:04:00:00 +0000")
	.replace(/\$context\.identity\.sourceIp/g, "203.0.113.207")
	.replace(/\$context\.\w+/g, "POST");

/** How much of everything a million messages take. */
function quantities(batch: number, store: Run) {
	const logEvents = [
		accessLine.length + LOG_EVENT_OVERHEAD,
		receive.bytes + receive.lines * LOG_EVENT_OVERHEAD,
		...PLATFORM_LINES.map((bytes) => bytes + LOG_EVENT_OVERHEAD),
		(store.bytes + store.lines * LOG_EVENT_OVERHEAD) / batch,
		...PLATFORM_LINES.map((bytes) => (bytes + LOG_EVENT_OVERHEAD) / batch),
	];
	const sqsUnits = mean(
		texts.map((text) => {
			const { body } = packEnvelope(taken(text));
			return Math.ceil(Buffer.byteLength(body) / (64 * KILOBYTE));
		}),
	);
	return {
		requests: 1,
		invocations: 1 + 1 / batch,
		// A put and a query, one after the other, all messages of a batch at once.
		gbSeconds:
			(gigabytes * (receive.ms + NETWORK_MS + (store.ms + 2 * NETWORK_MS) / batch)) / 1_000,
		queueRequests: sqsUnits + 2 / batch,
		tableWrites: mean(rows.map((row) => writeUnits(itemBytes(row)))),
		indexWrites: mean(rows.map((row) => indexUnits(row, false))),
		reads: 1,
		logBytes: logEvents.reduce((a, b) => a + b, 0),
	};
}
type Quantities = ReturnType<typeof quantities>;

/**
 * The usual way: the same services, but the event is logged by each function, as the first lines of
 * every tutorial have it, and the indexes hold whole items; Lambda's time is taken as the same.
 */
function usually(ours: Quantities, batch: number): Quantities {
	const event = mean(texts.map((text) => Buffer.byteLength(JSON.stringify(eventOf(text)))));
	const records = mean(texts.map((text) => Buffer.byteLength(JSON.stringify(text)))) + 700;
	return {
		...ours,
		indexWrites: mean(rows.map((row) => indexUnits(row, true))),
		reads: 0,
		logBytes: ours.logBytes - receive.bytes - storeMany.bytes / batch + event + records,
	};
}

type Prices = Record<string, number | string | null>;
const prices: Record<string, Prices> = JSON.parse(
	await readFile(new URL("prices.json", import.meta.url), "utf8"),
);

type Bill = Record<string, number | undefined>;

function priced(price: Prices) {
	return (name: string, amount: number): number | undefined => {
		const one = price[name];
		return typeof one === "number" ? one * amount : undefined;
	};
}

/** @returns the price of each item, for a million messages; undefined where no price is known. */
function bill(price: Prices, q: Quantities): Bill {
	const times = priced(price);
	return {
		"DynamoDB, indexes": times("dynamodbPerMillionWriteUnits", q.indexWrites),
		"DynamoDB, rows": times("dynamodbPerMillionWriteUnits", q.tableWrites),
		"DynamoDB, counting revisions": times("dynamodbPerMillionReadUnits", q.reads),
		"API Gateway": times("httpApiPerMillion", q.requests),
		SQS: times("sqsPerMillionRequests", q.queueRequests),
		"Lambda, requests": times("lambdaPerMillionRequests", q.invocations),
		"Lambda, time": times("lambdaPerGbSecondArm", q.gbSeconds * 1e6),
		"CloudWatch Logs": times("logsPerGb", (q.logBytes * 1e6) / KILOBYTE ** 3),
	};
}

/** DynamoDB adds this to each item, in the table and in each index, before it bills the space. */
const ITEM_OVERHEAD = 100;

/** Bytes of a row in the table, and of its entries in the indexes. */
const stored = {
	table: mean(rows.map((row) => itemBytes(row) + ITEM_OVERHEAD)),
	indexes: mean(
		rows.map((row) =>
			entriesOf(row, false).reduce((sum, entry) => sum + itemBytes(entry) + ITEM_OVERHEAD, 0),
		),
	),
};

/** What a month costs besides, for each million rows that lie in the table, and however few come. */
function monthlyBill(price: Prices): Bill {
	const times = priced(price);
	const gigabytesOf = (bytes: number): number => (bytes * 1e6) / KILOBYTE ** 3;
	return {
		"space of the rows": times("dynamodbPerGbMonth", gigabytesOf(stored.table)),
		"space of the indexes": times("dynamodbPerGbMonth", gigabytesOf(stored.indexes)),
		"recovery to a point in time": times("dynamodbRecoveryPerGbMonth", gigabytesOf(stored.table)),
		[`${watched.metrics} custom metrics at most`]: times("metricPerMonth", watched.metrics),
		[`alarms, on ${watched.alarmMetrics} metrics`]: times("alarmPerMonth", watched.alarmMetrics),
		"a composite alarm": times("compositeAlarmPerMonth", watched.composites),
		"the dashboard": times("dashboardPerMonth", 1),
	};
}

printMachine();
console.log(`
${names.length} sample bodies of ${Math.round(mean(texts.map((text) => Buffer.byteLength(text))))} bytes; a row has ${Math.round(mean(rows.map(itemBytes)))};
receive takes ${number(receive.ms)} ms, store ${number(storeOne.ms)} ms for one message and ${number(storeMany.ms)} ms for ${batchSize}, each and ${NETWORK_MS} ms for a call that leaves the machine;
logs: ${Math.round(receive.bytes)} bytes from receive, ${Math.round(storeOne.bytes)} to ${Math.round(storeMany.bytes)} from store, ${accessLine.length} from the API.
A merged history of ${Math.round(texts.join("\n").length / KILOBYTE)} KB is a row of ${writeUnits(itemBytes(history))} write units.`);
const busy = quantities(batchSize, storeMany);
const quiet = quantities(1, storeOne);
for (const [region, price] of Object.entries(prices)) {
	console.log(`\n${price.currency} for a million messages in ${region}, prices of ${price.seen}\n`);
	const columns = [bill(price, busy), bill(price, quiet), bill(price, usually(busy, batchSize))];
	const shown = (amount: number | undefined): string =>
		amount === undefined ? "?" : amount.toFixed(2);
	const items = Object.keys(columns[0] ?? {}).map((name) => [
		name,
		...columns.map((one) => shown(one[name])),
	]);
	const totals = columns.map((one) =>
		shown(Object.values(one).reduce<number>((a, b) => a + (b ?? 0), 0)),
	);
	const isWhole = Object.values(columns[0] ?? {}).every((amount) => amount !== undefined);
	printTable(
		["", `batches of ${batchSize}`, "one at a time", `the usual way, batches of ${batchSize}`],
		[...items, [isWhole ? "together" : "what is known of it", ...totals]],
	);
	const month = monthlyBill(price);
	console.log(`\n${price.currency} a month besides, for a million rows in the table\n`);
	printTable(
		["", region],
		Object.entries(month).map(([name, one]) => [name, shown(one)]),
	);
}
