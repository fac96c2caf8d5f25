import { SendMessageCommand } from "@aws-sdk/client-sqs";
import pMap from "p-map";
import pWaitFor from "p-wait-for";
import { type DeadLetter, openDeadLetters } from "../lib/archive/dead-letters.ts";
import { countQueue } from "../lib/archive/queue-counts.ts";
import { readTable } from "../lib/archive/reader.ts";
import { events } from "../lib/log-events.ts";
import { parseObject, wordOf } from "../lib/message/json-text.ts";
import type { Stack } from "./stack.ts";

/** What an outage of the table came to. */
export interface OutageReport {
	readonly acknowledged: number;
	/** How long the table was away, in seconds. */
	readonly seconds: number;
	/** How often a message was tried in vain, at least and at most. */
	readonly fewestTries: number;
	readonly mostTries: number;
	/** After how many seconds the message that can never be stored was in the dead-letter queue. */
	readonly setAsideAfter: number;
	readonly deadLetters: readonly DeadLetter[];
	/** How many rows there are of each message that was sent: nothing but ones when all is well. */
	readonly rowsOfEach: Readonly<Record<number, number>>;
	/** How long after the table's return the last message was a row, in seconds. */
	readonly healedAfter: number;
}

const AT_ONCE = 10;
/** docs/platform.md "Retry". */
const MOST_RETRIES = 5;
/** Not for the outage, but for what has to follow from it. */
const DEADLINE_MS = 600_000;

/**
 * Takes the table away, sends messages and one that can never be stored, waits, brings the table back,
 * and looks what has become of everything. Nobody does anything else.
 *
 * @param bodyOf the callback's body of the message with an id.
 * @param triesOf how often store has tried each message in vain, by the log.
 */
export async function sufferOutage(
	stack: Stack,
	options: {
		readonly messages: number;
		/** When the table may come back. */
		readonly isLongEnough: (outage: Pick<OutageReport, "seconds" | "fewestTries">) => boolean;
		readonly bodyOf: (messageId: string) => string;
		readonly triesOf: () => Promise<ReadonlyMap<string, number>>;
	},
): Promise<OutageReport> {
	const { messages, isLongEnough, bodyOf, triesOf } = options;
	const ids = Array.from({ length: messages }, (_, n) => `outage-${n}`);
	await stack.table.stop();
	const began = performance.now();
	const { client } = stack.queue;
	const secondsSince = (start: number): number => (performance.now() - start) / 1_000;
	const answers = await pMap(ids, (id) => send(stack.callbackUrl, bodyOf(id)), {
		concurrency: AT_ONCE,
	});
	const poisoned = performance.now();
	await client.send(
		new SendMessageCommand({ QueueUrl: stack.queueUrl, MessageBody: "no envelope" }),
	);
	await pWaitFor(async () => (await countQueue(client, stack.deadLetterQueueUrl)).all > 0, {
		timeout: DEADLINE_MS,
	});
	const setAsideAfter = secondsSince(poisoned);
	let tries: number[] = [];
	let fewestTries = 0;
	let seconds = 0;
	await pWaitFor(
		async () => {
			tries = [...(await triesOf()).values()];
			fewestTries = tries.length < messages ? 0 : Math.min(...tries);
			seconds = secondsSince(began);
			return isLongEnough({ seconds, fewestTries });
		},
		{ interval: 500, timeout: DEADLINE_MS },
	);
	await stack.table.start();
	const back = performance.now();
	await pWaitFor(async () => (await countQueue(client, stack.queueUrl)).all === 0, {
		timeout: DEADLINE_MS,
	});
	const healedAfter = secondsSince(back);
	const { queue, deadLetterQueue } = stack.definitions;
	const letters = openDeadLetters(queue.name, deadLetterQueue.name);
	return {
		acknowledged: answers.filter((status) => status === 200).length,
		seconds,
		fewestTries,
		mostTries: Math.max(0, ...tries),
		setAsideAfter,
		deadLetters: (await letters.peek()).letters,
		rowsOfEach: await countRows(stack, ids),
		healedAfter,
	};
}

/** Sends a callback, and again when it is not acknowledged, as the platform does; @returns the last status. */
async function send(url: string, body: string): Promise<number> {
	for (let again = 0; ; again++) {
		const { status } = await fetch(url, { method: "POST", body });
		if (status === 200 || again === MOST_RETRIES) return status;
	}
}

async function countRows(stack: Stack, ids: readonly string[]): Promise<Record<number, number>> {
	const found = new Map<string | undefined, number>();
	for await (const page of readTable(stack.tableName).allRows()) {
		for (const { messageId } of page) found.set(messageId, (found.get(messageId) ?? 0) + 1);
	}
	const rowsOfEach: Record<number, number> = {};
	for (const id of ids) {
		const count = found.get(id) ?? 0;
		rowsOfEach[count] = (rowsOfEach[count] ?? 0) + 1;
	}
	return rowsOfEach;
}

/** How often the functions' log says that a message was not stored, by the message's own id. */
export function triesInLog(log: string): Map<string, number> {
	const tries = new Map<string, number>();
	for (const line of log.split("\n")) {
		const said = line.includes(events.notStored) ? parseObject(line) : undefined;
		const id = said?.message === events.notStored ? wordOf(said.messageId) : undefined;
		if (id !== undefined) tries.set(id, (tries.get(id) ?? 0) + 1);
	}
	return tries;
}
