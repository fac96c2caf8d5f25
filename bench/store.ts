import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BatchWriteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { SQSRecord } from "aws-lambda";
import { type Envelope, packEnvelope } from "../lib/storage/envelope.ts";
import { itemsOf } from "../lib/storage/record.ts";
import { readDefinitions } from "../local/definitions.ts";
import { emulatorSettings } from "../local/environment.ts";
import { startTableEmulator } from "../local/table-emulator.ts";
import { envelopeOf, textMessage } from "../test/callbacks.ts";
import { measureRounds, printMachine, printResults } from "./rounds.ts";

// What one store function writes, beside the ways that do not keep the promise.

const { values } = parseArgs({
	options: {
		runs: { type: "string", default: "15" },
		engine: { type: "string", default: "dynalite" },
	},
});
const engine = values.engine === "amazon" ? "amazon" : "dynalite";
const directory = await mkdtemp(join(tmpdir(), "store-"));
const [{ table: definition }, table] = await Promise.all([
	readDefinitions(),
	startTableEmulator(engine, directory),
]);
await table.create(definition);
const { TableName = "" } = definition;
Object.assign(process.env, emulatorSettings({ queueEndpoint: "", tableEndpoint: table.endpoint }), {
	TABLE_NAME: TableName,
	QUEUE_URL: "http://127.0.0.1/messages",
	DEAD_LETTER_QUEUE_URL: "http://127.0.0.1/dead-letters",
	POWERTOOLS_METRICS_DISABLED: "true",
	POWERTOOLS_LOG_LEVEL: "WARN",
});
const { handler } = createRequire(import.meta.url)("../dist/store/index.cjs");
const client = new DynamoDBClient({});

let count = 0;

function envelopes(size: number): Envelope[] {
	return Array.from({ length: size }, () =>
		envelopeOf(textMessage({ messageId: `m${count++}`, chatId: `c${count % 50}`, token: "" }), {
			receivedAt: new Date().toISOString(),
			conformance: "corrected",
			blanked: 1,
		}),
	);
}

function sqsRecordOf(envelope: Envelope, index: number): SQSRecord {
	const { body } = packEnvelope(envelope);
	const attributes = {
		ApproximateReceiveCount: "1",
		SentTimestamp: "0",
		SenderId: "",
		ApproximateFirstReceiveTimestamp: "0",
	};
	return {
		...{ messageId: String(index), receiptHandle: "", body, attributes, messageAttributes: {} },
		...{ md5OfBody: "", eventSource: "aws:sqs", eventSourceARN: "", awsRegion: "us-east-1" },
	};
}

const itemOf = (envelope: Envelope) =>
	marshall(itemsOf(envelope).row, { removeUndefinedValues: true });

async function ours(batch: readonly Envelope[]): Promise<void> {
	const { batchItemFailures } = await handler(
		{ Records: batch.map(sqsRecordOf) },
		{ functionName: "store", awsRequestId: "1" },
	);
	if (batchItemFailures.length > 0) throw new Error("some were not stored");
}

async function oneByOne(batch: readonly Envelope[]): Promise<void> {
	for (const envelope of batch) {
		const Item = itemOf(envelope);
		const ConditionExpression = "attribute_not_exists(pk)";
		await client.send(new PutItemCommand({ TableName, Item, ConditionExpression }));
	}
}

/** Takes 25 items at a time; without conditions, so that a redelivery overwrites the row. */
async function batchWrite(batch: readonly Envelope[]): Promise<void> {
	for (let at = 0; at < batch.length; at += 25) {
		const puts = batch.slice(at, at + 25).map((one) => ({ PutRequest: { Item: itemOf(one) } }));
		const { UnprocessedItems } = await client.send(
			new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }),
		);
		if (UnprocessedItems?.[TableName]) throw new Error("some were not written");
	}
}

const OURS = "ours: all at once, each on a condition, revisions counted";
const ways = {
	[OURS]: ours,
	"one conditional put after another": oneByOne,
	"BatchWriteItem, which overwrites": batchWrite,
};
printMachine();
for (const size of [10, 100]) {
	const columns = Object.entries(ways).map(([name, write]) => ({
		name,
		async measure() {
			const batch = envelopes(size);
			const start = performance.now();
			await write(batch);
			return (size / (performance.now() - start)) * 1_000;
		},
	}));
	const title = `Rows a second, batches of ${size}, ${engine}, ${values.runs} rounds`;
	printResults(title, "rows/s", OURS, await measureRounds(columns, Number(values.runs), OURS));
}
client.destroy();
await table.stop();
await rm(directory, { recursive: true, force: true });
