import { type FileHandle, open, rm } from "node:fs/promises";
import { stringify } from "csv-stringify/sync";
import { exportRows, type Reached } from "../lib/archive/exporting.ts";
import { before, OVERLAP_MS } from "../lib/archive/following.ts";
import { readTable } from "../lib/archive/reader.ts";
import { type Revision, revisionOf } from "../lib/archive/revisions.ts";
import { isObject } from "../lib/message/json-text.ts";
import { labelOf } from "../lib/message/labels.ts";
import { lineOf, previewOf } from "../lib/message/preview.ts";
import { printable } from "../lib/message/printable.ts";
import { chatOf } from "../lib/storage/row.ts";
import { isZone } from "../resources/quiet-hours.ts";
import { runCommand, wrongUse } from "./command.ts";
import { keep, readKept } from "./kept.ts";
import { words } from "./language.ts";
import { insteadOf, jsonOf } from "./preview.ts";
import { enterStage, placeOf, stageOptions } from "./stage.ts";
import { boundOf, inOrder, localTime, zoneHere } from "./time.ts";

/** What Excel holds in a cell. */
const LONGEST_CELL = 32_767;

/** Before and after all times. */
const [EVER, NEVER] = ["0", "~"];

await runCommand({
	name: "export",
	usage: words.exportCommand.usage + words.stage.usage,
	options: {
		since: { type: "string" },
		until: { type: "string" },
		zone: { type: "string", default: zoneHere() },
		format: { type: "string", default: "json" },
		out: { type: "string" },
		...stageOptions,
	},
	async run(values) {
		const { zone, format, since, until, out } = values;
		if (format !== "json" && format !== "csv") throw wrongUse(words.exportCommand.badFormat);
		if (!isZone(zone)) throw wrongUse(words.exportCommand.badZone(zone));
		const period = inOrder({
			since: since === undefined ? EVER : boundOf("since", since, zone, "begin"),
			until: until === undefined ? NEVER : boundOf("until", until, zone, "end"),
		});
		const { tableName } = await enterStage(values);
		const reader = readTable(tableName, ({ pk, sk }) =>
			console.error(printable(`export: ${words.line.oddRow(pk, sk)}`)),
		);
		const about = JSON.stringify([
			...(await placeOf(values.stage)),
			tableName,
			period,
			format,
			zone,
		]);
		const output = await openOutput(out, about, format === "csv" ? csvHead(zone) : "");
		const write = format === "csv" ? (one: Revision) => csvLine(one, zone) : jsonLine;
		const asOf = new Date().toISOString();
		// The index follows its table: what is younger is read again by an export that goes on.
		const settled = before(asOf, OVERLAP_MS);
		for await (const { rows, reached } of exportRows(reader, period, asOf, output.reached)) {
			const lines = await Promise.all(rows.map((row) => write(revisionOf(reader, row))));
			await output.write(lines.join(""), rows.length);
			if (reached.storedAt <= settled) await output.keep(reached);
			showProgress(words.exportCommand.written(output.rows, reached.storedAt));
		}
		await output.close();
		showProgress(words.exportCommand.done(output.rows, out), "\n");
	},
});

/** At a terminal one line that changes, elsewhere the last one only. */
function showProgress(words: string, end = ""): void {
	const { isTTY } = process.stderr;
	if (isTTY || end) process.stderr.write(`${isTTY ? "\r\u001b[K" : ""}export: ${words}${end}`);
}

async function jsonLine({ row, text }: Revision): Promise<string> {
	return `${jsonOf({ chatId: chatOf(row), ...row }, await text())}\n`;
}

function csvHead(zone: string): string {
	const names = [
		...[`time in ${zone}`, "chat", "room", "roomTopic", "contact", "contactName", "bot", "isSelf"],
		...["type", "typeName", "text", "conformance", "messageId", "storedAt"],
	];
	// Excel takes a text without it for one of the machine's own encoding.
	return `\uFEFF${csv(names)}`;
}

async function csvLine(revision: Revision, zone: string): Promise<string> {
	const { row } = revision;
	const reading = await revision.reading();
	return csv([
		...[localTime(row.sentAt, zone), chatOf(row), row.roomId, reading?.roomTopic],
		...[row.contactId, reading?.contactName, row.botId, row.isSelf, row.type, labelOf(row.type)],
		reading ? lineOf(previewOf(reading), LONGEST_CELL, words.line) : await insteadOf(revision),
		...[row.conformance, row.messageId, row.storedAt],
	]);
}

/** Nothing that a sender wrote may be a formula, or hide itself. */
function csv(cells: readonly unknown[]): string {
	const texts = cells.map((cell) => printable(String(cell ?? "")).slice(0, LONGEST_CELL));
	return stringify([texts], { escape_formulas: true, record_delimiter: "windows" });
}

interface Output {
	/** How many there are, those of an earlier call included. */
	readonly rows: number;
	/** Where an earlier call stopped. */
	readonly reached: Reached | undefined;
	write(text: string, rows: number): Promise<void>;
	/** Goes on from here after a kill. */
	keep(reached: Reached): Promise<void>;
	close(): Promise<void>;
}

/** What an export that is not done keeps beside its file. */
interface Unfinished {
	readonly about: string;
	readonly bytes: number;
	readonly rows: number;
	readonly reached?: Reached;
}

async function openOutput(out: string | undefined, about: string, head: string): Promise<Output> {
	if (out === undefined) return toTerminal(head);
	const file = `${out}.unfinished`;
	const kept = await readKept(file);
	if (isUnfinished(kept)) {
		if (kept.about !== about) {
			throw wrongUse(words.exportCommand.otherOptions(out, file));
		}
		const handle = await open(out, "r+");
		await handle.truncate(kept.bytes);
		return toFile(handle, file, kept);
	}
	const handle = await open(out, "wx").catch(() => {
		throw wrongUse(words.exportCommand.isThere(out));
	});
	const { bytesWritten } = await handle.write(head);
	const begun = { about, bytes: bytesWritten, rows: 0 };
	await keep(file, begun);
	return toFile(handle, file, begun);
}

function isUnfinished(kept: unknown): kept is Unfinished {
	if (!isObject(kept) || typeof kept.about !== "string") return false;
	const areCounts = [kept.bytes, kept.rows].every((count) => Number.isSafeInteger(count));
	return areCounts && (kept.reached === undefined || isReached(kept.reached));
}

function isReached(reached: unknown): reached is Reached {
	return isObject(reached) && typeof reached.storedAt === "string" && Array.isArray(reached.ids);
}

function toFile(handle: FileHandle, file: string, begun: Unfinished): Output {
	let { bytes, rows } = begun;
	return {
		get rows() {
			return rows;
		},
		reached: begun.reached,
		async write(text, count) {
			const data = Buffer.from(text);
			for (let at = 0; at < data.length; ) {
				const { bytesWritten } = await handle.write(data, at, data.length - at, bytes);
				at += bytesWritten;
				bytes += bytesWritten;
			}
			rows += count;
		},
		keep: (reached) => keep(file, { ...begun, bytes, rows, reached }),
		async close() {
			await handle.close();
			await rm(file);
		},
	};
}

function toTerminal(head: string): Output {
	let rows = 0;
	const write = (text: string): Promise<void> =>
		// What cannot be written ends the command (cli/command.ts), and nothing more is read for it.
		new Promise((resolve) => process.stdout.write(text, (error) => error ?? resolve()));
	let begun: Promise<void> | undefined;
	return {
		get rows() {
			return rows;
		},
		reached: undefined,
		async write(text, count) {
			begun ??= write(head);
			await begun;
			rows += count;
			await write(text);
		},
		keep: async () => {},
		close: async () => {},
	};
}
