import { followKeys } from "../lib/archive/following.ts";
import type { MessageItem } from "../lib/archive/item.ts";
import { type Place, places, type Reader, readTable, reviewPlaces } from "../lib/archive/reader.ts";
import { type Message, type Revision, revisionOf } from "../lib/archive/revisions.ts";
import {
	findMessages,
	type Selection,
	selectCallbacks,
	selectMessages,
} from "../lib/archive/selection.ts";
import { beginningOf } from "../lib/message/outline.ts";
import { printable } from "../lib/message/printable.ts";
import { chatOf, isOfMessage, type RowKey } from "../lib/storage/row.ts";
import { countOf, runCommand, wrongUse } from "./command.ts";
import { explanationOf } from "./explanation.ts";
import { words } from "./language.ts";
import { paced } from "./pace.ts";
import { jsonOf, lineOf, shownTime } from "./preview.ts";
import { enterStage, stageOptions } from "./stage.ts";
import { inOrder, timeOf } from "./time.ts";

const LONGEST_BODY = 500;

const NAMES = ["chat", "contact", "room", "message"] as const satisfies (keyof typeof places)[];

interface Values extends Partial<Readonly<Record<(typeof NAMES)[number] | "callback", string>>> {
	readonly review: boolean;
	readonly revisions: boolean;
	readonly follow: boolean;
	readonly explain: boolean;
	readonly json: boolean;
	readonly stage: string;
}

await runCommand({
	name: "messages",
	usage: words.messagesCommand.usage + words.stage.usage,
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
		follow: { type: "boolean", default: false },
		explain: { type: "boolean", default: false },
		json: { type: "boolean", default: false },
		...stageOptions,
	},
	async run(values) {
		const selection = {
			...inOrder({ since: timeOf("since", values.since), until: timeOf("until", values.until) }),
			limit: values.limit === undefined ? undefined : countOf("limit", values.limit),
		};
		const selected = placesOf(values);
		if (values.follow && (values.callback ?? values.until ?? values.limit) !== undefined) {
			throw wrongUse(words.messagesCommand.followAlone);
		}
		const { tableName } = await enterStage(values);
		const reader = readTable(tableName, (key) => printOdd(key, values.json));
		if (values.follow) {
			await follow(reader, selection.since ?? new Date().toISOString(), values);
			return;
		}
		const shown =
			values.callback === undefined
				? await showMessages(reader, selected, selection, values)
				: await showCallbacks(reader, values.callback, selection, values);
		if (shown === 0) console.error(nothing(values));
	},
});

/** @returns the keys to look under, or undefined for the whole table. */
function placesOf(values: Values): readonly Place[] | undefined {
	const named = NAMES.flatMap((name) => {
		const id = values[name];
		if (id === "") throw wrongUse(words.messagesCommand.wantsId(`--${name}`));
		return id === undefined ? [] : [places[name](id)];
	});
	if (named.length > 1) throw wrongUse(words.messagesCommand.oneAtATime);
	const only = values.review || values.revisions || values.explain;
	if (values.callback !== undefined && (named.length > 0 || only)) {
		throw wrongUse(words.messagesCommand.callbackAlone);
	}
	if (named.length > 0) return named;
	return values.review ? reviewPlaces : undefined;
}

async function follow(reader: Reader, since: string, values: Values): Promise<void> {
	for await (const keys of followKeys(reader, since, paced("messages"))) {
		for (const row of await reader.rowsAt(keys)) {
			if (!isOfMessage(row) || !isWanted(row, values)) continue;
			await printRevision(revisionOf(reader, row), { ...values, revisions: true }, 1);
		}
	}
}

function isWanted(row: MessageItem, values: Values): boolean {
	const keys = { chat: row.pk, contact: row.contactId, room: row.roomId, message: row.messageId };
	const isNamed = NAMES.every((name) => {
		const id = values[name];
		return id === undefined || keys[name] === places[name](id).key;
	});
	return isNamed && (!values.review || row.review !== undefined);
}

async function showMessages(
	reader: Reader,
	selected: readonly Place[] | undefined,
	selection: Selection,
	values: Values,
): Promise<number> {
	const { review, message: id } = values;
	const messages =
		id === undefined
			? await selectMessages(reader, { ...selection, places: selected, review })
			: await findMessages(reader, id, { ...selection, review });
	for (const message of messages) {
		await print(message, values);
		// Whoever asks for one message must not take a piece of it for the whole.
		if (id !== undefined && (await message.fullest.text()) === undefined) process.exitCode = 1;
	}
	return messages.length;
}

/** Other callbacks than messages. */
async function showCallbacks(
	reader: Reader,
	name: string,
	selection: Selection,
	{ json }: Values,
): Promise<number> {
	const path = name.split("/").filter(Boolean).join("/");
	const callbacks = await selectCallbacks(reader, path === "all" ? undefined : path, selection);
	for (const callback of callbacks) {
		const { receivedAt, method, path: at, query } = callback.row;
		if (json) {
			console.log(jsonOf(callback.row, await callback.text()));
			continue;
		}
		const body = beginningOf((await callback.text()) ?? words.line.incomplete, LONGEST_BODY);
		const request = `${method} /${at}${query && `?${query}`}`;
		console.log(printable(`${shownTime(receivedAt)}  ${request}  ${body}`));
	}
	return callbacks.length;
}

async function print({ fullest, revisions }: Message, options: Values): Promise<void> {
	const shown = options.revisions ? revisions : [fullest];
	for (const revision of shown) await printRevision(revision, options, revisions.length);
}

/** @param count of the revisions of its message. */
async function printRevision(revision: Revision, options: Values, count: number): Promise<void> {
	if (options.json) {
		const counted = options.revisions ? {} : { revisions: count };
		const chatId = chatOf(revision.row);
		console.log(jsonOf({ chatId, ...revision.row, ...counted }, await revision.text()));
	} else {
		console.log(await lineOf(revision, options.revisions ? 1 : count));
	}
	if (!options.explain) return;
	for (const reason of await explanationOf(revision)) console.log(`  ${printable(reason)}`);
}

function printOdd({ pk, sk }: RowKey, json: boolean): void {
	const line = json
		? JSON.stringify({ pk, sk, isUnreadable: true })
		: `${words.line.unreadable}  ${words.line.oddRow(pk, sk)}`;
	console.log(printable(line));
}

function nothing({ stage, ...values }: Values): string {
	const isAsked = Object.entries(values).some(
		([name, value]) => !["json", "lang"].includes(name) && value,
	);
	const { noMatch, noneLocal, none } = words.messagesCommand;
	if (isAsked) return noMatch;
	return stage === "local" ? noneLocal : none;
}
