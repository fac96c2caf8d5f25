import { parseArgs } from "node:util";
import {
	type CallbackItem,
	type MessageItem,
	type Reader,
	readTable,
} from "../lib/archive/reader.ts";
import { foldRevisions, type Message } from "../lib/archive/revisions.ts";
import { collect, type Place, reviewPlaces } from "../lib/archive/selection.ts";
import { withTexts } from "../lib/archive/texts.ts";
import { INCOMPLETE } from "../lib/message/preview.ts";
import { printable } from "../lib/message/printable.ts";
import { chatKey, chatOf, keyOf } from "../lib/storage/row.ts";
import { explanationOf } from "./explanation.ts";
import { lineOf } from "./preview.ts";
import { enterStage } from "./stage.ts";

const USAGE = `npm run --silent messages -- [--chat|--contact|--room|--message ID] [options]

  --callback NAME  instead of messages: the requests to that path, such as room/joined, or all of them
  --review         only what is unrecognized
  --since TIME     from this time on, such as 2026-01-31 or 2026-01-31T08:00:00+08:00
  --until TIME     up to this time
  --limit N        the newest N messages only
  --revisions      every revision of a message, not just the fullest
  --explain        why a message is documented, corrected or unrecognized
  --json           one JSON object a line, with every attribute
  --stage NAME     a deployed stage, with the usual AWS credentials (default: local)
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			chat: { type: "string" },
			contact: { type: "string" },
			room: { type: "string" },
			message: { type: "string" },
			callback: { type: "string" },
			review: { type: "boolean", default: false },
			since: { type: "string" },
			until: { type: "string" },
			limit: { type: "string" },
			revisions: { type: "boolean", default: false },
			explain: { type: "boolean", default: false },
			json: { type: "boolean", default: false },
			stage: { type: "string", default: "local" },
			help: { type: "boolean", default: false },
		},
	});
	if (values.help) {
		process.stdout.write(USAGE);
		return;
	}
	const period = {
		since: timeOf("since", values.since),
		until: timeOf("until", values.until),
	};
	const limit = limitOf(values.limit);
	const places = placesOf(values);
	const reader = readTable((await enterStage(values.stage)).tableName);
	if (values.callback !== undefined) {
		await printCallbacks(reader, values.callback, values.json);
		return;
	}
	const wanted = (row: MessageItem): boolean =>
		(!values.review || row.review !== undefined) &&
		(period.since ?? "") <= row.sentAt &&
		row.sentAt <= (period.until ?? "~");
	const rows = await collect(reader, places, period, wanted, limit);
	const messages = foldRevisions(await withTexts(reader, rows)).slice(-limit);
	for (const message of messages) await print(message, values);
	// Whoever asks for one message must not take a piece of it for the whole.
	const isIncomplete = messages.some(({ fullest }) => fullest.text === undefined);
	if (values.message !== undefined && isIncomplete) process.exitCode = 1;
}

/** @returns the keys to look under, or undefined for the whole table. */
function placesOf(values: {
	chat?: string;
	contact?: string;
	room?: string;
	message?: string;
	review: boolean;
}): readonly Place[] | undefined {
	const { chat, contact, room, message, review } = values;
	const places: Place[] = [];
	if (chat !== undefined) places.push({ key: chatKey(chat) });
	if (contact !== undefined) places.push({ index: "byContact", key: keyOf(contact) });
	if (room !== undefined) places.push({ index: "byRoom", key: keyOf(room) });
	if (message !== undefined) places.push({ index: "byMessage", key: keyOf(message) });
	if (places.length > 1)
		throw new Error("one of --chat, --contact, --room and --message at a time");
	if (places.length > 0) return places;
	return review ? reviewPlaces : undefined;
}

/** Other callbacks than messages, in the order of their arrival. */
async function printCallbacks(reader: Reader, name: string, json: boolean): Promise<void> {
	const rows: CallbackItem[] = [];
	const path = name.split("/").filter(Boolean).join("/");
	for await (const page of reader.callbackRows(path === "all" ? undefined : path))
		rows.push(...page);
	rows.sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
	for (const { row, text } of await withTexts(reader, rows)) {
		const { messageGzip: _, messageParts: __, ...attributes } = row;
		const request = `${row.method} /${row.path}${row.query && `?${row.query}`}`;
		console.log(
			json
				? JSON.stringify({ ...attributes, ...said(text) })
				: printable(`${row.receivedAt}  ${request}  ${text ?? INCOMPLETE}`),
		);
	}
}

async function print(
	{ fullest, revisions }: Message,
	options: { json: boolean; revisions: boolean; explain: boolean },
): Promise<void> {
	const shown = options.revisions ? revisions : [fullest];
	for (const revision of shown) {
		if (options.json) {
			const { messageGzip: _, messageParts: __, ...attributes } = revision.row;
			const counted = options.revisions ? {} : { revisions: revisions.length };
			const chatId = chatOf(attributes);
			console.log(JSON.stringify({ chatId, ...attributes, ...counted, ...said(revision.text) }));
		} else {
			console.log(lineOf(revision, options.revisions ? 1 : revisions.length));
		}
		if (options.explain) console.log(await explanationOf(revision));
	}
}

/** What a row's text is called in JSON. */
function said(text: string | undefined): object {
	return text === undefined ? { isIncomplete: true } : { message: text };
}

function timeOf(name: string, value: string | undefined): string | undefined {
	if (value === undefined) return undefined;
	const time = Date.parse(value);
	if (Number.isNaN(time))
		throw new Error(`--${name} "${value}" is no time; try 2026-01-31T08:00:00+08:00`);
	return new Date(time).toISOString();
}

function limitOf(value: string | undefined): number {
	const limit = Number(value ?? Number.POSITIVE_INFINITY);
	if (!(limit >= 1)) throw new Error(`--limit "${value}" must be a number from 1 on`);
	return limit;
}

// A reader such as `head` may close the pipe before the last line.
process.stdout.on("error", () => process.exit());

main().catch((error: Error) => {
	console.error(`messages: ${error.message}`);
	process.exit(1);
});
