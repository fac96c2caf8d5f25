import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import { execa } from "execa";
import type { Reader } from "../lib/archive/reader.ts";
import { foldRevisions, type Revision, revisionOf } from "../lib/archive/revisions.ts";
import { projectRoot } from "./definitions.ts";
import { randomFrom } from "./ledger-mix.ts";
import type { FakePlatform, HistoryFault } from "./platform.ts";
import type { Stack } from "./stack.ts";
import { writeState } from "./state.ts";

/** A platform that has what it did not send, and the command that fetches it. */
export interface Off {
	readonly platform: FakePlatform;
	/** Whether the history fails, too. */
	readonly withFaults: boolean;
	/** Runs `npm run backfill`; it may be ended in the middle, or not. */
	backfill(options: readonly string[], cancelSignal?: AbortSignal): Promise<Ended>;
	/** From then on nothing is in the command's way. */
	calm?(): Promise<void>;
}

interface Ended {
	readonly exitCode?: number;
	readonly all?: string;
}

/** What the back-fills of a run came to. */
interface Filling {
	readonly backfills: number;
	readonly historyFaults: number;
}

/** When the first message of a run was written; each next one was a second later. */
export const BEGIN = Date.parse("2026-03-01T15:00:00.000Z");

/** Whether the URL is off at a callback: for 60 of 200, again and again. */
export function isOff(n: number): boolean {
	return n % 200 >= 140;
}

/** They are not to take the machine from what they are compared with. */
const BETWEEN_MS = 2_000;

const FAULTS: readonly (HistoryFault | undefined)[] = [
	...([undefined, undefined, undefined, undefined, undefined, undefined] as const),
	...(["slow", "error", "reset", "refusal", "odd", "repeated", "back", "shuffled"] as const),
];

/** The local stack's: the very command, with queue and table behind their faults. */
export async function offOf(stack: Stack, withFaults: boolean): Promise<Off> {
	const directory = dirname(stack.logFile);
	const { faults, environment } = stack;
	const behind = faults && {
		AWS_ENDPOINT_URL_SQS: faults.queue.endpoint,
		AWS_ENDPOINT_URL_DYNAMODB: faults.table.endpoint,
	};
	await writeState({ ...stack, environment: { ...environment, ...behind } }, directory);
	return {
		...{ platform: stack.platform, withFaults },
		calm: () => writeState(stack, directory),
		backfill: (options, cancelSignal) =>
			execa(process.execPath, ["cli/backfill.ts", ...options], {
				...{ cwd: projectRoot, env: { LOCAL_DIR: directory }, all: true, reject: false },
				...(cancelSignal && { cancelSignal, killSignal: "SIGKILL" }),
			}),
	};
}

/**
 * Lets back-fills run, two at once, one in each dialect, of which the first is killed in the middle.
 *
 * @returns how to end that, whatever is under way.
 */
export function fillMeanwhile(
	{ platform, withFaults, backfill, calm }: Off,
	messages: number,
	seed: number,
): { stop(): Promise<Filling> } {
	const random = randomFrom(seed + 2);
	if (withFaults) platform.fail(() => FAULTS[Math.floor(random() * FAULTS.length)]);
	const ended = new AbortController();
	let backfills = 0;
	const fill = async (): Promise<void> => {
		while (!ended.signal.aborted) {
			const killed = new AbortController();
			const one = backfill(optionsOf(messages, "published"), killed.signal);
			const other = backfill(optionsOf(messages, "resold"), ended.signal);
			backfills += 2;
			await setTimeout(500 + random() * 2_000);
			killed.abort();
			await Promise.all([one, other]);
			await setTimeout(BETWEEN_MS, undefined, { signal: ended.signal }).catch(() => {});
		}
	};
	const filled = fill();
	return {
		async stop() {
			ended.abort();
			await filled;
			const { failed: historyFaults } = platform;
			platform.fail();
			await calm?.();
			return { backfills, historyFaults };
		},
	};
}

/** Fills what is missing with nothing in the way. @throws when that does not succeed. */
export async function fillLast({ backfill }: Off, messages: number): Promise<void> {
	const { exitCode, all } = await backfill(optionsOf(messages, "published"));
	if (exitCode !== 0 && exitCode !== 3) throw new Error(`the back-fill failed: ${all}`);
}

function optionsOf(messages: number, dialect: string): string[] {
	const [since, until] = [BEGIN, BEGIN + messages * 1_000].map((at) => new Date(at).toISOString());
	return [`--since=${since}`, `--until=${until}`, `--dialect=${dialect}`, "--rate=50", "--json"];
}

/**
 * Compares what the platform has with what lies in the table: each message is there, the history has at
 * most one row of it, which is no revision and stands before no callback.
 */
export async function reconcileHistory({ platform }: Off, reader: Reader) {
	const rows: Revision[] = [];
	for await (const page of reader.allRows()) {
		for (const row of page) rows.push(revisionOf(reader, row));
	}
	const told = rows.filter(({ row }) => row.origin !== undefined);
	const nameOf = (row: { readonly botId?: string | undefined; readonly messageId?: string }) =>
		JSON.stringify([row.botId, row.messageId]);
	const there = new Set(rows.map(({ row }) => nameOf(row)));
	const counts = Map.groupBy(told, ({ row }) => nameOf(row));
	const messages = await foldRevisions(rows);
	const names = [...platform.messages.values()].map(nameOf);
	return {
		messagesOfPlatform: names.length,
		filled: told.length,
		differences: [
			...names
				.filter((name) => !there.has(name))
				.map((name) => `the platform has it, the table not: ${name}`),
			...[...counts]
				.filter(([, { length }]) => length > 1)
				.map(([name]) => `filled twice: ${name}`),
			...messages
				.filter(({ revisions }) => revisions.length > 1)
				.flatMap(({ revisions }) => revisions.filter(({ row }) => row.origin))
				.map(({ row }) => `a false revision: ${row.sk}`),
		],
	};
}
