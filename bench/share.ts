import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readDefinitions } from "../local/definitions.ts";
import { emulatorSettings, environmentWithoutAws } from "../local/environment.ts";
import { startQueueEmulator } from "../local/queue-emulator.ts";
import { startTableEmulator } from "../local/table-emulator.ts";
import { denseText, textMessage } from "../test/callbacks.ts";
import { eventOf } from "../test/event.ts";
import { batchOf } from "./batch.ts";
import prices from "./prices.json" with { type: "json" };
import { NO_QUOTA, openQuota, shareOf } from "./quota.ts";
import { median, number, printMachine, printTable, quantile } from "./rounds.ts";

// How long the functions take with the part of a CPU that their memory buys. Here a process starts
// unhindered, then the kernel's scheduler holds it to its share.

const quota = await openQuota();
if (quota === undefined) throw new Error(NO_QUOTA);
const { values } = parseArgs({
	options: {
		memory: { type: "string", default: "256,512,1024,1769" },
		runs: { type: "string", default: "7" },
		warm: { type: "string", default: "100" },
		/** How long the text of each message is; 921000 is about the longest that is taken. */
		bytes: { type: "string", default: "0" },
	},
});
const runs = Number(values.runs);
const warm = Number(values.warm);

const directory = await mkdtemp(join(tmpdir(), "share-"));
const [definitions, queue, table] = await Promise.all([
	readDefinitions(),
	startQueueEmulator(join(directory, "queue")),
	startTableEmulator("dynalite", join(directory, "table")),
]);
await table.create(definitions.table);
const env = {
	...environmentWithoutAws(),
	...emulatorSettings({ queueEndpoint: queue.endpoint, tableEndpoint: table.endpoint }),
	QUEUE_URL: await queue.create(definitions.queue),
	DEAD_LETTER_QUEUE_URL: await queue.create(definitions.deadLetterQueue),
	CALLBACK_TOKEN_DIGESTS: "*",
	TABLE_NAME: definitions.table.TableName ?? "",
	POWERTOOLS_LOG_LEVEL: "WARN",
	POWERTOOLS_SERVICE_NAME: "miaohui-receiver",
	POWERTOOLS_METRICS_NAMESPACE: "miaohui-receiver/prod",
};

let sent = 0;
const text = denseText(Number(values.bytes));
const body = (): string => {
	const n = sent++;
	const payload = text === "" ? {} : { payload: { text } };
	return textMessage({ messageId: `share-${n}`, chatId: `c${n % 50}`, ...payload });
};
// Lambda hands ten messages over at most, or 6 MB.
const batchSize = text === "" ? 10 : 5;
const eventsOf = {
	receive: () => eventOf(body()),
	store: () => batchOf(batchSize, body),
} as const;

interface Run {
	readonly initMs: number;
	readonly first: number;
	readonly warm: readonly number[];
}

async function run(key: keyof typeof eventsOf, memory: number): Promise<Run> {
	const script = fileURLToPath(new URL("share-function.ts", import.meta.url));
	const child = fork(script, [key], { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
	const [{ initMs }] = await once(child, "message");
	await quota?.hold(Number(child.pid), memory);
	child.send(Array.from({ length: 1 + warm }, (): object => eventsOf[key]()));
	const [{ times }] = await once(child, "message");
	const [first = 0, ...others] = times;
	child.kill("SIGKILL");
	await once(child, "exit");
	return { initMs, first, warm: others };
}

const rows: string[][] = [];
for (const key of ["receive", "store"] as const) {
	for (const memory of values.memory.split(",").map(Number)) {
		const all: Run[] = [];
		for (let n = 0; n < runs; n++) all.push(await run(key, memory));
		const times = all.flatMap((one) => one.warm);
		const billed = median(times);
		rows.push([
			key,
			String(memory),
			shareOf(memory).toFixed(2),
			number(median(all.map(({ initMs }) => initMs))),
			number(median(all.map(({ first }) => first))),
			number(billed),
			number(quantile(times, 0.99)),
			// Dollars for a million invocations, by the price of arm64 in us-east-1.
			(
				(memory / 1_024) *
				(billed / 1_000) *
				prices["us-east-1"].lambdaPerGbSecondArm *
				1e6
			).toFixed(2),
		]);
	}
}
printMachine();
console.log(`\n${runs} processes of each, ${warm} warm invocations in each\n`);
printTable(
	["", "MB", "CPU", "start ms", "first ms", "warm ms", "warm p99 ms", "$ for a million"],
	rows,
);
await quota.close();
await Promise.all([queue.stop(), table.stop()]);
await rm(directory, { recursive: true, force: true });
