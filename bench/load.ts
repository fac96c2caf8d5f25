import { mkdtemp, open, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import getPort from "get-port";
import pMap from "p-map";
import pWaitFor from "p-wait-for";
import { itemsOf } from "../lib/storage/record.ts";
import { startStack } from "../local/stack.ts";
import { envelopeOf, textMessage } from "../test/callbacks.ts";
import { number, printMachine, printTable } from "./rounds.ts";

// The whole path through the local stack, from the callback to the row, while the table grows.

const { values } = parseArgs({
	options: {
		runs: { type: "string", default: "15" },
		engine: { type: "string", default: "dynalite" },
	},
});
const SIZES = [1_000, 10_000, 50_000];
const CALLBACKS_A_ROUND = 40;
const AT_ONCE = 8;
const rounds = Number(values.runs);

const at = (ordered: readonly number[], share: number): number =>
	ordered[Math.min(ordered.length - 1, Math.floor(ordered.length * share))] ?? 0;
const sorted = (times: readonly number[]): number[] => times.toSorted((a, b) => a - b);

async function measure(name: string, chatOf: (n: number) => string): Promise<string[][]> {
	const directory = await mkdtemp(join(tmpdir(), "load-"));
	const stack = await startStack({
		port: await getPort({ host: "127.0.0.1" }),
		engine: values.engine === "amazon" ? "amazon" : "dynalite",
		directory,
	});
	Object.assign(process.env, stack.environment);
	const client = new DynamoDBClient({});
	let count = 0;
	const next = (): string => {
		const n = count++;
		const timestamp = 1_767_225_602_000 + n * 1_000;
		return textMessage({ messageId: `load-${n}`, chatId: chatOf(n), timestamp });
	};

	/** Puts rows straight into the table, up to a number of them. */
	async function fill(size: number): Promise<void> {
		const receivedAt = new Date().toISOString();
		while (count < size) {
			const puts = Array.from({ length: Math.min(25, size - count) }, () => {
				const { row } = itemsOf(envelopeOf(next(), { receivedAt, conformance: "corrected" }));
				return { PutRequest: { Item: marshall(row, { removeUndefinedValues: true }) } };
			});
			await client.send(new BatchWriteItemCommand({ RequestItems: { [stack.tableName]: puts } }));
		}
	}

	/** @returns milliseconds to the acknowledgement. */
	async function post(): Promise<number> {
		const begin = performance.now();
		const response = await fetch(stack.callbackUrl, { method: "POST", body: next() });
		await response.text();
		if (response.status !== 200) throw new Error(`answered ${response.status}`);
		return performance.now() - begin;
	}

	/** Milliseconds from callback to row, as the store function counts them, from a place in the log on. */
	async function rowTimes(from: number): Promise<number[]> {
		const file = await open(stack.logFile);
		const { buffer, bytesRead } = await file.read({
			buffer: Buffer.alloc((await file.stat()).size - from),
			position: from,
		});
		await file.close();
		const lines = buffer.subarray(0, bytesRead).toString("utf8").split("\n");
		return lines
			.filter((line) => line.startsWith("{") && line.endsWith("}") && line.includes("ReceiveToRow"))
			.flatMap((line) => JSON.parse(line).ReceiveToRow);
	}

	const rows: string[][] = [];
	let first = 0;
	for (const size of SIZES) {
		await fill(size);
		const rates: number[] = [];
		const acknowledged: number[] = [];
		const toRow: number[] = [];
		for (let round = -1; round < rounds; round++) {
			const from = (await stat(stack.logFile)).size;
			const begin = performance.now();
			const times = await pMap(Array(CALLBACKS_A_ROUND).fill(0), post, { concurrency: AT_ONCE });
			const seconds = (performance.now() - begin) / 1_000;
			await pWaitFor(async () => (await rowTimes(from)).length >= CALLBACKS_A_ROUND, {
				interval: 20,
				timeout: 60_000,
			});
			if (round < 0) continue;
			rates.push(CALLBACKS_A_ROUND / seconds);
			acknowledged.push(...times);
			toRow.push(...(await rowTimes(from)));
		}
		const [rate, waits, delays] = [sorted(rates), sorted(acknowledged), sorted(toRow)];
		first ||= at(rate, 0.5);
		rows.push([
			`${name}, ${size.toLocaleString("en")} rows`,
			...[at(rate, 0), at(rate, 0.5), at(rate, 0.5) / first].map(number),
			...[at(waits, 0.5), at(waits, 0.99), at(delays, 0.5), at(delays, 0.99)].map(number),
		]);
	}
	client.destroy();
	await stack.stop();
	await rm(directory, { recursive: true, force: true });
	return rows;
}

printMachine();
console.log(
	`\n${rounds} rounds of ${CALLBACKS_A_ROUND} callbacks, ${AT_ONCE} at once, ${values.engine}\n`,
);
printTable(
	[
		...["", "min ack/s", "median ack/s", "× first", "ack p50 ms", "ack p99 ms"],
		...["row p50 ms", "row p99 ms"],
	],
	[
		...(await measure("one chat", () => "load")),
		...(await measure("1,000 chats", (n) => `load-${n % 1_000}`)),
	],
);
