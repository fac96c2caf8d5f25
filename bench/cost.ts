import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { packEnvelope } from "../lib/storage/envelope.ts";
import { type Item, itemBytes, itemsOf, writeUnits } from "../lib/storage/record.ts";
import { directoryKeys, storingPlace } from "../lib/storage/row.ts";
import { projectRoot, readDefinitions, serverlessCommand } from "../local/definitions.ts";
import { emulatorSettings, environmentWithoutAws } from "../local/environment.ts";
import { startQueueEmulator } from "../local/queue-emulator.ts";
import { startTableEmulator } from "../local/table-emulator.ts";
import { expected, sampleBody, sampleNames } from "../samples/samples.ts";
import { envelopeOf } from "../test/callbacks.ts";
import { eventOf } from "../test/event.ts";
import { number, printMachine, printTable } from "./rounds.ts";

// Money for a million messages: prices, what the template says, and what the sample bodies measure.
// `--prices FILE` puts prices in, such as an owner's own or those that were not found; a JSON file of the
// same form as prices.json, of which only what differs has to be there.

const KILOBYTE = 1024;
/** Values of the metric UnrecognizedByType: 20 types, other, none (lib/metrics.ts). */
const MOST_TYPES = 22;
/** What CloudWatch Logs adds to each event before it bills it. */
const LOG_EVENT_OVERHEAD = 26;
/** Lambda's own lines for an invocation, START, END and REPORT, unless the system log level is WARN. */
const PLATFORM_LINES = [68, 53, 152];
/** Texts among the messages of real traffic (docs/platform.md "Size and volume"). */
const TEXTS = 0.99;
/** Of so many messages one is of a chat, or a member of a room, that the directory does not have. */
const PER_ENTRY = 200;
/**
 * Of so many messages one meets a process that does not know its chat: with batches one lives long, else
 * a burst (docs/platform.md "Size and volume") may meet a new one.
 */
const PER_QUESTION = { busy: 20, quiet: 4 };
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

/** A text, what it becomes, and how much of the traffic it stands for. */
interface Sample {
	readonly text: string;
	readonly row: Item;
	readonly weight: number;
}
const equally: readonly Sample[] = texts.map((text) => ({ text, row: itemOf(text), weight: 1 }));
const isText = names.map((name) => name.startsWith("t07"));
const asTraffic: readonly Sample[] = equally.map((sample, index) => ({
	...sample,
	weight: isText[index]
		? TEXTS / isText.filter((is) => is).length
		: (1 - TEXTS) / isText.filter((is) => !is).length,
}));

function meanOf(samples: readonly Sample[], value: (sample: Sample) => number): number {
	const weights = samples.reduce((sum, { weight }) => sum + weight, 0);
	return samples.reduce((sum, sample) => sum + sample.weight * value(sample), 0) / weights;
}
/** A merged chat history is the longest that people send: here, all the sample bodies in one. */
const history = itemOf(JSON.stringify({ data: { payload: { content: texts.join("\n") } } }));
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

function indexUnits(row: object, projectsAll: boolean): number {
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

const accessLine: string = provider.logs.httpApi.format
	.replace("$context.requestId", "JKJaXmPLvHcESHA=")
	.replace("$context.identity.sourceIp", "203.0.113.207")
	.replace("$context.status", "200")
	.replace("$context.integrationErrorMessage", "-");

const systemLogs: unknown = provider.logs.lambda?.systemLogLevel;
const platformLines = systemLogs === "WARN" ? [] : PLATFORM_LINES;

/** How much of everything a message takes. */
function quantities(samples: readonly Sample[], batch: number, store: Run, perQuestion: number) {
	const logEvents = [
		accessLine.length + LOG_EVENT_OVERHEAD,
		receive.bytes + receive.lines * LOG_EVENT_OVERHEAD,
		...platformLines.map((bytes) => bytes + LOG_EVENT_OVERHEAD),
		(store.bytes + store.lines * LOG_EVENT_OVERHEAD) / batch,
		...platformLines.map((bytes) => (bytes + LOG_EVENT_OVERHEAD) / batch),
	];
	const sqsUnits = meanOf(samples, ({ text }) => {
		const { body } = packEnvelope(taken(text));
		return Math.ceil(Buffer.byteLength(body) / (64 * KILOBYTE));
	});
	const entries = meanOf(samples, ({ text }) => directoryKeys(taken(text).row).length);
	return {
		requests: 1,
		invocations: 1 + 1 / batch,
		// A put and a query, one after the other, all messages of a batch at once; before them now and then
		// the directory.
		gbSeconds:
			(gigabytes *
				(receive.ms + NETWORK_MS + (store.ms + (2 + 1 / perQuestion) * NETWORK_MS) / batch)) /
			1_000,
		queueRequests: sqsUnits + 2 / batch,
		tableWrites: meanOf(samples, ({ row }) => writeUnits(itemBytes(row))),
		indexWrites: meanOf(samples, ({ row }) => indexUnits(row, false)),
		directoryWrites: entries / PER_ENTRY,
		// A read that need not be consistent is half a unit.
		directoryReads: entries / 2 / perQuestion,
		countReads: 1 / 2,
		logBytes: logEvents.reduce((a, b) => a + b, 0),
	};
}
type Quantities = ReturnType<typeof quantities>;

/**
 * The usual way: the same services, but each id has an index that holds whole items, each attribute is
 * beside the text, the event is logged by each function, as the first lines of every tutorial have it, and
 * so are Lambda's own lines; its time is taken as the same.
 */
function usually(ours: Quantities, batch: number): Quantities {
	const event = mean(texts.map((text) => Buffer.byteLength(JSON.stringify(eventOf(text)))));
	const records = mean(texts.map((text) => Buffer.byteLength(JSON.stringify(text)))) + 700;
	const items = texts.map((text) => ({ ...taken(text).row, message: text }));
	const units = mean(items.map((item) => writeUnits(itemBytes(item))));
	const ids = ["messageId", "contactId", "roomId"];
	const held = mean(items.map((item) => ids.filter((id) => has(item, id)).length));
	const lines = PLATFORM_LINES.reduce((sum, bytes) => sum + bytes + LOG_EVENT_OVERHEAD, 0);
	return {
		...ours,
		tableWrites: units,
		indexWrites: units * held,
		...{ countReads: 0, directoryReads: 0, directoryWrites: 0 },
		logBytes:
			ours.logBytes -
			receive.bytes -
			storeMany.bytes / batch +
			event +
			records +
			(platformLines.length > 0 ? 0 : lines * (1 + 1 / batch)),
	};
}

type Prices = Record<string, number | string | null>;
type AllPrices = Record<string, Prices>;
const { values: options } = parseArgs({ options: { prices: { type: "string" } } });
const known: AllPrices = JSON.parse(
	await readFile(new URL("prices.json", import.meta.url), "utf8"),
);
const given: AllPrices =
	options.prices === undefined ? {} : JSON.parse(await readFile(options.prices, "utf8"));
const regions = [...new Set([...Object.keys(known), ...Object.keys(given)])];

/** A line of a bill: the price that it needs, and how much of it. */
type Line = readonly [name: string, price: string, amount: number];

/** A million messages. */
function messageLines(q: Quantities): Line[] {
	const writes = "dynamodbPerMillionWriteUnits";
	const reads = "dynamodbPerMillionReadUnits";
	return [
		["DynamoDB, rows", writes, q.tableWrites],
		["DynamoDB, index", writes, q.indexWrites],
		["DynamoDB, directory written", writes, q.directoryWrites],
		["DynamoDB, directory read", reads, q.directoryReads],
		["DynamoDB, counting revisions", reads, q.countReads],
		["API Gateway", "httpApiPerMillion", q.requests],
		["SQS", "sqsPerMillionRequests", q.queueRequests],
		["Lambda, requests", "lambdaPerMillionRequests", q.invocations],
		["Lambda, time", "lambdaPerGbSecondArm", q.gbSeconds * 1e6],
		["CloudWatch Logs", "logsPerGb", (q.logBytes * 1e6) / KILOBYTE ** 3],
	];
}

/** DynamoDB adds this to each item, in the table and in each index, before it bills the space. */
const ITEM_OVERHEAD = 100;

/** What a month costs besides, for each million rows that lie in the table, and however few come. */
function monthLines(samples: readonly Sample[]): Line[] {
	const gigabytesOf = (bytes: (sample: Sample) => number): number =>
		(meanOf(samples, bytes) * 1e6) / KILOBYTE ** 3;
	const table = gigabytesOf(({ row }) => itemBytes(row) + ITEM_OVERHEAD);
	const index = gigabytesOf(({ row }) =>
		entriesOf(row, false).reduce((sum, entry) => sum + itemBytes(entry) + ITEM_OVERHEAD, 0),
	);
	const logs = (busy.logBytes * 1e6) / KILOBYTE ** 3;
	return [
		["space of the rows", "dynamodbPerGbMonth", table],
		["space of the index", "dynamodbPerGbMonth", index],
		["recovery to a point in time", "dynamodbRecoveryPerGbMonth", table],
		["space of the logs, 30 days", "logsPerGbMonth", logs * LOG_COMPRESSION],
		[`${watched.metrics} custom metrics at most`, "metricPerMonth", watched.metrics],
		[`alarms, on ${watched.alarmMetrics} metrics`, "alarmPerMonth", watched.alarmMetrics],
		["a composite alarm", "compositeAlarmPerMonth", watched.composites],
		["the dashboard", "dashboardPerMonth", 1],
	];
}

/** CloudWatch stores logs compressed to this much of what came in, as its page of prices says. */
const LOG_COMPRESSION = 0.15;

function amountOf(price: Prices, [, name, amount]: Line): number | undefined {
	const one = price[name];
	return typeof one === "number" ? one * amount : undefined;
}

const shown = (amount: number | undefined): string =>
	amount === undefined ? "?" : amount.toFixed(2);

/** @returns the sum of the first column, and whether all prices of it are known. */
function printBill(price: Prices, head: readonly string[], columns: readonly Line[][]) {
	const [first = []] = columns;
	const sums = columns.map((lines) =>
		lines.reduce((sum, line) => sum + (amountOf(price, line) ?? 0), 0),
	);
	const unknown = first.filter((line) => amountOf(price, line) === undefined);
	printTable(head, [
		...first.map(([name], row) => [
			name,
			...columns.map((lines) => shown(lines[row] && amountOf(price, lines[row]))),
		]),
		[unknown.length === 0 ? "together" : "what is known of it", ...sums.map(shown)],
	]);
	if (unknown.length > 0) {
		const lacking = unknown.map(([name, key]) => `${name} (${key})`);
		console.log(`\nWithout a price, so not in the sum: ${lacking.join(", ")}; see --prices.`);
	}
	return { sum: sums[0] ?? 0, isWhole: unknown.length === 0 };
}

const busy = quantities(equally, batchSize, storeMany, PER_QUESTION.busy);
const quiet = quantities(equally, 1, storeOne, PER_QUESTION.quiet);
const real = quantities(asTraffic, batchSize, storeMany, PER_QUESTION.busy);
const realQuiet = quantities(asTraffic, 1, storeOne, PER_QUESTION.quiet);
const bytesOf = (samples: readonly Sample[]): string =>
	`${Math.round(meanOf(samples, ({ text }) => Buffer.byteLength(text)))} bytes, a row ${Math.round(meanOf(samples, ({ row }) => itemBytes(row)))}, ${Math.round(100 * meanOf(samples, ({ row }) => Number(has(row, "message"))))} % of them with the text readable in place`;

/** What a client sends that prints no white space. */
const compact = equally.map(({ weight, text }, index) => {
	const printed = JSON.stringify(JSON.parse(text));
	return { text: printed, row: itemOf(printed), weight, isText: isText[index] };
});
printMachine();
console.log(`
${names.length} sample bodies of ${bytesOf(equally)};
weighed as traffic is, ${100 * TEXTS} % texts: ${bytesOf(asTraffic)};
printed without white space: ${bytesOf(compact)}, the texts alone ${bytesOf(compact.filter(({ isText: is }) => is))}.
receive takes ${number(receive.ms)} ms, store ${number(storeOne.ms)} ms for one message and ${number(storeMany.ms)} ms for ${batchSize}, each and ${NETWORK_MS} ms for a call that leaves the machine;
logs: ${Math.round(receive.bytes)} bytes from receive, ${Math.round(storeOne.bytes)} to ${Math.round(storeMany.bytes)} from store, ${accessLine.length} from the API.
A merged history of ${Math.round(texts.join("\n").length / KILOBYTE)} KB is a row of ${writeUnits(itemBytes(history))} write units.`);
for (const region of regions) {
	const price = { ...known[region], ...given[region] };
	console.log(`\n${price.currency} for a million messages in ${region}, prices of ${price.seen}\n`);
	const messages = printBill(
		price,
		[
			...["", `batches of ${batchSize}`, "one at a time"],
			...["batches, as traffic is", "one at a time, as traffic is"],
			`the usual way, batches of ${batchSize}`,
		],
		[busy, quiet, real, realQuiet, usually(busy, batchSize)].map(messageLines),
	);
	console.log(`\n${price.currency} a month besides, for a million rows in the table\n`);
	const month = printBill(price, ["", region], [monthLines(equally)]);
	const isWhole = messages.isWhole && month.isWhole;
	console.log(
		`\nA month in which a million come, in batches, and are kept: ${isWhole ? "" : "at least "}${shown(messages.sum + month.sum)}`,
	);
}
