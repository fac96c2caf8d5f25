import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import pWaitFor from "p-wait-for";
import { readTable } from "../../../lib/archive/reader.ts";
import { sampleBody } from "../../../samples/samples.ts";
import { keptTexts } from "../../ledger.ts";
import type { Ended, RehearsedStage } from "../stage.ts";

/** How long anything may take that happens by itself. */
export const DEADLINE = { interval: 250, timeout: 90_000 };

/** @throws with all that a command said when it did not end with 0. */
export function succeeded({ exitCode, all }: Ended): void {
	assert.equal(exitCode, 0, all);
}

/** @returns the HTTP status. */
export async function post(
	{ callbackUrl }: RehearsedStage,
	body: string,
	path = "message",
): Promise<number> {
	const { status } = await fetch(new URL(path, callbackUrl), { method: "POST", body });
	return status;
}

/** As the platform does: sends it again, some times, while it gets a 5xx. @returns the last status. */
export async function deliver(stage: RehearsedStage, body: string): Promise<number> {
	for (let again = 0; ; again++) {
		const status = await post(stage, body);
		if (status < 500 || again === MOST_RETRIES) return status;
		await setTimeout(BETWEEN_TRIES_MS);
	}
}

/** docs/platform.md "Retry". */
const MOST_RETRIES = 5;
const BETWEEN_TRIES_MS = 500;

/** Asserts that whatever was sent was acknowledged. */
export function areAcknowledged(statuses: readonly number[]): void {
	assert.deepEqual([...new Set(statuses)], [200], "each is acknowledged");
}

/** The body of a text message; fields given replace those of `data`. */
export function textMessage(fields: Readonly<Record<string, unknown>>): string {
	const { data } = JSON.parse(sampleBody("t07-text-2025-private"));
	return JSON.stringify({ data: { ...data, ...fields } });
}

/** Waits until bodies are rows. @returns how many rows each is; what does not come is left out. */
export async function rowsOf(
	stage: RehearsedStage,
	bodies: readonly string[],
	tokens: readonly string[] = [stage.token],
): Promise<number[]> {
	const wanted = new Set(
		bodies.map((body) => tokens.reduce((text, token) => text.replaceAll(token, ""), body)),
	);
	let counts = new Map<string, number>();
	const areThere = async (): Promise<boolean> => {
		counts = new Map();
		for (const text of await keptTexts(readTable(stage.tableName))) {
			if (wanted.has(text)) counts.set(text, (counts.get(text) ?? 0) + 1);
		}
		return counts.size === wanted.size;
	};
	await pWaitFor(areThere, DEADLINE).catch(() => undefined);
	return [...wanted].map((text) => counts.get(text) ?? 0);
}

/** Asserts that each of the bodies becomes one row. */
export async function areOneRowEach(
	...[stage, bodies, tokens]: Parameters<typeof rowsOf>
): Promise<void> {
	const odd = (await rowsOf(stage, bodies, tokens)).filter((count) => count !== 1);
	assert.deepEqual(odd, [], "each acknowledged message is one row");
}

/** A row as `messages --json` prints it. */
export type PrintedRow = Readonly<Record<string, unknown>>;

/** @returns what `npm run messages` prints. */
export async function printedRows(
	stage: RehearsedStage,
	options: readonly string[],
): Promise<PrintedRow[]> {
	const ended = await stage.command("messages", ["--json", ...options]);
	succeeded(ended);
	return ended.stdout
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line));
}

/** What was sent without a pause, and what was answered. */
export interface Traffic {
	readonly answers: readonly { readonly body: string; readonly status: number }[];
	/** Signs what follows with another token. */
	signWith(token: string): void;
	stop(): Promise<void>;
}

/** Sends callbacks all the time, each with another text. */
export function sendAllTheTime(stage: RehearsedStage, name: string): Traffic {
	const answers: { body: string; status: number }[] = [];
	let { token } = stage;
	let isOn = true;
	const send = async (lane: number): Promise<void> => {
		for (let n = 0; isOn; n++) {
			const body = textMessage({ messageId: `${name}-${lane}-${n}`, chatId: name, token });
			answers.push({ body, status: await post(stage, body).catch(() => 0) });
			await setTimeout(BETWEEN_MS);
		}
	};
	const lanes = [0, 1].map(send);
	return {
		answers,
		signWith(other) {
			token = other;
		},
		async stop() {
			isOn = false;
			await Promise.all(lanes);
		},
	};
}

const BETWEEN_MS = 40;
