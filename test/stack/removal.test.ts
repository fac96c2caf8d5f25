import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { execa } from "execa";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deleteEmptyQueues, lookAt, planOf } from "../../lib/archive/removal.ts";
import { en } from "../../lib/words/en.ts";
import { projectRoot } from "../../local/definitions.ts";
import { credentials, emulatorSettings, region } from "../../local/environment.ts";
import { type QueueEmulator, startQueueEmulator } from "../../local/queue-emulator.ts";
import { startTableEmulator, type TableEmulator } from "../../local/table-emulator.ts";

// The names of a deployed stage, on the emulators.
const names = {
	tableName: "miaohui-receiver-prod-messages",
	queueName: "miaohui-receiver-prod-messages",
	deadLetterQueueName: "miaohui-receiver-prod-dead-letters",
};

let queue: QueueEmulator;
let table: TableEmulator;
let directory: string;
let environment: Record<string, string>;

beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "removal-"));
	const engine = process.env.DYNAMODB === "amazon" ? "amazon" : "dynalite";
	[queue, table] = await Promise.all([
		startQueueEmulator(join(directory, "queue")),
		startTableEmulator(engine, join(directory, "table")),
	]);
	environment = emulatorSettings({
		queueEndpoint: queue.endpoint,
		tableEndpoint: table.endpoint,
	});
	Object.assign(process.env, environment);
	const client = new DynamoDBClient({ endpoint: table.endpoint, region, credentials });
	await client.send(
		new CreateTableCommand({
			TableName: names.tableName,
			BillingMode: "PAY_PER_REQUEST",
			AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
			KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
		}),
	);
});
afterAll(async () => {
	await Promise.all([queue.stop(), table.stop()]);
	await rm(directory, { recursive: true, force: true });
});

const remove = (...options: string[]) =>
	execa(process.execPath, ["cli/remove.ts", "--stage", "prod", ...options], {
		cwd: projectRoot,
		env: environment,
		input: "production\n",
		reject: false,
		all: true,
	});

/** One message waits, one is dead. */
beforeEach(async () => {
	await deleteEmptyQueues(names, true);
	for (const name of [names.queueName, names.deadLetterQueueName]) {
		const QueueUrl = await queue.create({ name, attributes: {} });
		await queue.client.send(new SendMessageCommand({ QueueUrl, MessageBody: "a" }));
	}
});

test("a stage whose queues hold messages is not removed, and nothing is asked", async () => {
	expect(await lookAt(names)).toMatchObject({ waiting: 1, deadLetters: 1 });
	const { exitCode, all } = await remove();
	expect(exitCode).toBe(1);
	expect(all).toContain("is lost 1 waiting and 1 dead, all of them acknowledged");
	expect(all).toContain("npm run redrive -- --stage prod");
	expect(all).not.toContain("Type the stage's name");
	expect(await deleteEmptyQueues(names, false)).toEqual([
		names.queueName,
		names.deadLetterQueueName,
	]);
});

test("told that they may be lost, it asks for the name; another one removes nothing", async () => {
	const { exitCode, all } = await remove("--lose-messages");
	expect(exitCode).toBe(1);
	expect(all).toContain("that is not its name; nothing was removed");
	expect(await lookAt(names)).toMatchObject({ waiting: 1, deadLetters: 1 });
});

test("queues go when they are empty, or when told", async () => {
	await queue.create({ name: "p-messages", attributes: {} });
	const empty = { ...names, queueName: "p-messages", deadLetterQueueName: "p-dead-letters" };
	expect(await deleteEmptyQueues(empty, false, 0)).toEqual([]);
	expect(await lookAt(empty)).toMatchObject({ waiting: undefined, deadLetters: undefined });
	expect(await deleteEmptyQueues(names, true)).toEqual([]);
	expect(await lookAt(names)).toMatchObject({ waiting: undefined, deadLetters: undefined });
});

test("a table that is not protected would be lost, and that is said", async () => {
	const { table: found } = await lookAt(names);
	expect(found).toEqual({ rows: 0, isProtected: false });
	const holdings = { table: found, waiting: undefined, deadLetters: undefined };
	expect(planOf({ stage: "prod", region }, names, holdings, false, en.removeCommand)).toEqual({
		refusal: undefined,
		text: expect.stringContaining(`is lost the table ${names.tableName} with about 0 rows`),
	});
});

test("a stage that uses a restored table is asked about that one", async () => {
	const { all } = await execa(process.execPath, ["cli/remove.ts", "--stage", "other"], {
		cwd: projectRoot,
		env: { ...environment, TABLE_NAME: names.tableName },
		input: "\n",
		reject: false,
		all: true,
	});
	expect(all).toContain(`is lost the table ${names.tableName} with`);
});

test("a protected table stays, and how to use it again is said", () => {
	const holdings = { table: { rows: 12, isProtected: true }, waiting: 0, deadLetters: 0 };
	expect(planOf({ stage: "prod", region }, names, holdings, false, en.removeCommand)).toEqual({
		refusal: undefined,
		text: expect.stringMatching(
			/stays {3}the table .* 12 rows.*\n.*tableName=miaohui-receiver-prod/,
		),
	});
});
