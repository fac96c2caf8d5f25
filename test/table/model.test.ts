import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteMessageCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDeadLetters } from "../../lib/archive/dead-letters.ts";
import { countQueue } from "../../lib/archive/queue-counts.ts";
import { type Reader, readTable } from "../../lib/archive/reader.ts";
import { chatKey } from "../../lib/storage/row.ts";
import { readDefinitions } from "../../local/definitions.ts";
import { emulatorSettings } from "../../local/environment.ts";
import { type FaultProxy, startFaultProxy } from "../../local/fault-proxy.ts";
import { type QueueEmulator, startQueueEmulator } from "../../local/queue-emulator.ts";
import { startTableEmulator, type TableEmulator } from "../../local/table-emulator.ts";
import { textMessage } from "../callbacks.ts";
import * as seed from "../seed.ts";

// The interleavings that no list of faults holds: the real handlers and emulators, but every step of
// the event source is a command of its own, so that it can happen at any moment, twice, or halfway.

type Handler = (event: object, context: object) => Promise<unknown>;

let directory: string;
let queue: QueueEmulator;
let table: TableEmulator;
let proxy: FaultProxy;
let reader: Reader;
let receive: Handler;
let store: Handler;
let queueUrl: string;
let deadLetterQueueUrl: string;
let names: { readonly queue: string; readonly deadLetterQueue: string };

beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "model-"));
	const definitions = await readDefinitions();
	queue = await startQueueEmulator(join(directory, "queue"));
	table = await startTableEmulator(
		process.env.DYNAMODB === "amazon" ? "amazon" : "dynalite",
		join(directory, "table"),
	);
	proxy = await startFaultProxy(table.endpoint);
	deadLetterQueueUrl = await queue.create(definitions.deadLetterQueue);
	// Few tries, so that SQS itself gives messages up in the short life of a run.
	const impatient = { ...definitions.queue, maxReceiveCount: 5 };
	queueUrl = await queue.create(impatient, definitions.deadLetterQueue);
	names = { queue: definitions.queue.name, deadLetterQueue: definitions.deadLetterQueue.name };
	await table.create(definitions.table);
	Object.assign(
		process.env,
		emulatorSettings({ queueEndpoint: queue.endpoint, tableEndpoint: table.endpoint }),
	);
	reader = readTable(definitions.table.TableName ?? "");
	Object.assign(process.env, {
		AWS_ENDPOINT_URL_DYNAMODB: proxy.endpoint,
		QUEUE_URL: queueUrl,
		DEAD_LETTER_QUEUE_URL: deadLetterQueueUrl,
		CALLBACK_TOKEN_DIGESTS: "*",
		TABLE_NAME: definitions.table.TableName ?? "",
		POWERTOOLS_METRICS_DISABLED: "true",
		POWERTOOLS_LOG_LEVEL: "SILENT",
	});
	receive = (await import("../../functions/receive.ts")).handler as Handler;
	store = (await import("../../functions/store.ts")).handler as Handler;
});

afterAll(async () => {
	await proxy.stop();
	await Promise.all([queue.stop(), table.stop()]);
	await rm(directory, { recursive: true, force: true });
});

/** What has been acknowledged in this run. */
interface Model {
	readonly acknowledged: string[];
}

/** One run; its chat tells its rows from those of other runs. */
interface Run {
	readonly chatId: string;
}

async function post(body: string): Promise<void> {
	const http = { method: "POST" };
	const answer = await receive(
		{
			body,
			headers: {},
			rawPath: "/message",
			rawQueryString: "",
			requestContext: { timeEpoch: Date.now(), http },
		},
		{ functionName: "receive" },
	);
	expect(answer).toMatchObject({ statusCode: 200 });
}

/** What stays in sight is what another poller may get at the same time. */
async function take(visibleAgainAfter: number): Promise<Message[]> {
	const { Messages = [] } = await queue.client.send(
		new ReceiveMessageCommand({
			QueueUrl: queueUrl,
			MaxNumberOfMessages: 5,
			VisibilityTimeout: visibleAgainAfter,
			MessageAttributeNames: ["All"],
		}),
	);
	return Messages;
}

async function handOver(messages: Message[]): Promise<Set<string>> {
	// Lambda never calls a function for nothing.
	if (messages.length === 0) return new Set();
	const Records = messages.map(({ MessageId, Body }) => ({
		messageId: MessageId,
		body: Body,
		messageAttributes: {},
	}));
	const { batchItemFailures = [] } = Object(await store({ Records }, { functionName: "store" }));
	return new Set(
		batchItemFailures.map(({ itemIdentifier }: { itemIdentifier: string }) => itemIdentifier),
	);
}

async function remove(messages: Message[]): Promise<void> {
	for (const { ReceiptHandle } of messages) {
		await queue.client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
	}
}

/** @returns how many messages it took. */
async function deliver(): Promise<number> {
	const messages = await take(0);
	if (messages.length === 0) return 0;
	const failed = await handOver(messages);
	await remove(messages.filter(({ MessageId = "" }) => !failed.has(MessageId)));
	return messages.length;
}

const redrive = () => openDeadLetters(names.queue, names.deadLetterQueue).redrive();

const isEmpty = async (url: string): Promise<boolean> =>
	(await countQueue(queue.client, url)).all === 0;

type Command = fc.AsyncCommand<Model, Run>;

function command(
	name: string,
	run: (model: Model, real: Run) => Promise<unknown>,
	check = (_: Readonly<Model>) => true,
): Command {
	return {
		check,
		async run(model, real) {
			await run(model, real);
		},
		toString: () => name,
	};
}

const hasSome = ({ acknowledged }: Readonly<Model>): boolean => acknowledged.length > 0;

const commands: fc.Arbitrary<Command>[] = [
	fc.tuple(fc.nat(8), fc.nat(3)).map(([id, revision]) =>
		command(`post m${id} revision ${revision}`, async (model, { chatId }) => {
			const body = textMessage({
				chatId,
				messageId: `m${id}`,
				payload: { text: `revision ${revision}` },
				token: "",
			});
			await post(body);
			model.acknowledged.push(body);
		}),
	),
	fc
		.nat(30)
		.map((n) =>
			command(
				`send the ${n}th again`,
				({ acknowledged }) => post(acknowledged[n % acknowledged.length] ?? ""),
				hasSome,
			),
		),
	fc.constant(command("deliver", deliver)),
	fc.constant(command("crash after the write", async () => handOver(await take(0)))),
	fc.constant(command("crash before the write", () => take(0))),
	fc.constant(
		command("deliver the same batch to two at once", async () => {
			const messages = await take(0);
			await Promise.all([handOver(messages), handOver(messages)]);
			await remove(messages);
		}),
	),
	fc.constant(
		command("deliver while the table is away", async () => {
			proxy.fail("refuse");
			await deliver().finally(() => proxy.fail());
		}),
	),
	fc.constant(
		command("deliver while the table's answers are lost", async () => {
			proxy.fail("acceptThenReset");
			await deliver().finally(() => proxy.fail());
		}),
	),
	fc.constant(
		command("redrive", async () => {
			if (!(await isEmpty(deadLetterQueueUrl))) await redrive();
		}),
	),
];

test("in whatever order things happen, what was acknowledged is a row, once", {
	timeout: 120_000,
}, async () => {
	let runs = 0;
	await fc.assert(
		fc.asyncProperty(fc.commands(commands, { maxCommands: 30 }), async (some) => {
			const chatId = `run-${runs++}`;
			const model: Model = { acknowledged: [] };
			await fc.asyncModelRun(() => ({ model, real: { chatId } }), some);
			for (;;) {
				if ((await deliver()) > 0) continue;
				if (await isEmpty(deadLetterQueueUrl)) break;
				await redrive();
			}
			const texts: (string | undefined)[] = [];
			for await (const page of reader.rowsOf({ key: chatKey(chatId), from: "0", to: "~" })) {
				texts.push(...page.map(({ message }) => message));
			}
			expect(texts.toSorted()).toEqual([...new Set(model.acknowledged)].toSorted());
		}),
		{ numRuns: seed.runs(40) },
	);
});
