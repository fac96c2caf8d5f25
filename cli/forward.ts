import { createHash } from "node:crypto";
import { join } from "node:path";
import { type Cursor, forwardRows } from "../lib/archive/forwarding.ts";
import type { MessageItem } from "../lib/archive/item.ts";
import { type Reader, readTable, type StoredKey } from "../lib/archive/reader.ts";
import { revisionOf } from "../lib/archive/revisions.ts";
import { readRow, type Stored } from "../lib/archive/stream.ts";
import { maySendTo } from "../lib/history/access.ts";
import { isObject } from "../lib/message/json-text.ts";
import { printable } from "../lib/message/printable.ts";
import { isOfMessage } from "../lib/storage/row.ts";
import { localDirectory } from "../local/state.ts";
import { runCommand, wrongUse } from "./command.ts";
import { keep, readKept } from "./kept.ts";
import { words } from "./language.ts";
import { paced } from "./pace.ts";
import { lineOf } from "./preview.ts";
import { enterStage, placeOf, stageOptions } from "./stage.ts";
import { timeOf } from "./time.ts";

const ANSWER_MS = 10_000;
/** In the second look, what the first one saw has settled. */
const ONCE = 2;
const PATIENCE = [500, 30_000] as const;

await runCommand({
	name: "forward",
	usage: words.forwardCommand.usage + words.stage.usage,
	options: {
		to: { type: "string" },
		since: { type: "string" },
		once: { type: "boolean", default: false },
		...stageOptions,
	},
	async run(values) {
		const to = targetOf(values.to);
		const since = timeOf("since", values.since);
		const { tableName } = await enterStage(values);
		const reader = readTable(tableName);
		const file = cursorFile([to, ...(await placeOf(values.stage)), tableName]);
		const { signal, ...pace } = paced("forward", values.once ? ONCE : undefined);
		await forwardRows(reader, await cursorOf(file, since), {
			...{ signal, ...pace, patience: PATIENCE },
			save: (cursor) => keep(file, { since, cursor }),
			async deliver(key, repeatKey) {
				const message = await messageAt(reader, key);
				if (message === undefined) return;
				await post(to, message.stored, repeatKey);
				console.log(await lineOf(revisionOf(reader, message.row), 1));
			},
			onFailure({ pk }, error) {
				const why = error instanceof Error ? (causeOf(error) ?? error.message) : String(error);
				console.error(printable(`forward: ${words.forwardCommand.waits(pk, why)}`));
			},
		});
	},
});

/** fetch tells what went wrong only there. */
function causeOf({ cause }: Error): string | undefined {
	return cause instanceof Error ? cause.message : undefined;
}

function targetOf(to: string | undefined): string {
	if (to === undefined || !URL.canParse(to)) throw wrongUse(words.forwardCommand.wantsUrl);
	if (!maySendTo(new URL(to))) throw wrongUse(words.forwardCommand.wantsHttps);
	return to;
}

/** @returns undefined when the row is gone, or is no message's. */
async function messageAt(
	reader: Reader,
	key: StoredKey,
): Promise<{ readonly row: MessageItem; readonly stored: Stored } | undefined> {
	const [row] = await reader.rowsAt([key]);
	if (row === undefined || !isOfMessage(row)) return undefined;
	const stored = readRow(row);
	if (stored.kind !== "incomplete") return { row, stored };
	return { row, stored: readRow(row, await reader.parts(stored.partKeys)) };
}

async function post(to: string, stored: Stored, repeatKey: string): Promise<void> {
	const response = await fetch(to, {
		method: "POST",
		headers: { "content-type": "application/json", "idempotency-key": repeatKey },
		body: bodyOf(stored),
		redirect: "manual",
		signal: AbortSignal.timeout(ANSWER_MS),
	});
	await response.body?.cancel();
	if (!response.ok) throw new Error(`HTTP ${response.status}`);
}

/** A text may nest deeper than JSON can be written; then it goes without what was read from it. */
function bodyOf(stored: Stored): string {
	try {
		return JSON.stringify(stored);
	} catch {
		if (stored.kind !== "message") throw new Error("no JSON can be made of this row");
		const { row, text } = stored;
		return JSON.stringify({ kind: "other", row, text });
	}
}

/** Another stage, table or target has another cursor. */
function cursorFile(about: readonly unknown[]): string {
	const name = createHash("sha256").update(JSON.stringify(about)).digest("hex").slice(0, 16);
	return join(localDirectory, "forward", `${name}.json`);
}

async function cursorOf(file: string, since: string | undefined): Promise<Cursor> {
	const kept = await readKept(file);
	if (isKept(kept) && (since === undefined || kept.since === since)) return kept.cursor;
	const begin = since ?? new Date().toISOString();
	const cursor = { begin, mark: begin, delivered: {} };
	// What comes before the first delivery is not to be missed after a kill, either.
	await keep(file, { since, cursor });
	return cursor;
}

/** It is our own file; an older version may have written it. */
function isKept(kept: unknown): kept is { readonly since?: string; readonly cursor: Cursor } {
	if (!isObject(kept) || !isObject(kept.cursor)) return false;
	const { begin, mark, delivered } = kept.cursor;
	return isObject(delivered) && [begin, mark, ...Object.values(delivered)].every(isText);
}

function isText(value: unknown): value is string {
	return typeof value === "string";
}
