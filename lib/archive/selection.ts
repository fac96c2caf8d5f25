import pMap from "p-map";
import { DIGEST_LENGTH, isOfMessage, type RowKey, UNTIMED } from "../storage/row.ts";
import type { CallbackItem, MessageItem } from "./item.ts";
import { idOf, type Place, places, type Range, type Reader } from "./reader.ts";
import {
	foldRevisions,
	groupOf,
	type Message,
	revisionOf,
	type WithText,
	withText,
} from "./revisions.ts";
import { storedRows } from "./storing-order.ts";

/** Which messages, or other callbacks, are asked for. */
export interface Selection {
	/** Bounds of their time, ISO 8601 in ms, both included. */
	readonly since?: string | undefined;
	readonly until?: string | undefined;
	/** Only the newest of them. */
	readonly limit?: number | undefined;
}

/** Which messages. */
export interface MessageSelection extends Selection {
	/** Where they are; all of the table without. */
	readonly places?: readonly Place[] | undefined;
	/** Only those that want a look. */
	readonly review?: boolean | undefined;
}

/**
 * @returns the messages of a selection, oldest first. The newest of the whole table are those that were
 * stored last.
 */
export async function selectMessages(
	reader: Reader,
	selection: MessageSelection,
): Promise<Message[]> {
	const { limit = Number.POSITIVE_INFINITY, since } = selection;
	const wanted = (row: MessageItem): boolean => isWanted(row, selection);
	const isBounded = Number.isFinite(limit) || since !== undefined;
	const collected = selection.places
		? collectPlaces(reader, selection.places, selection, wanted, limit)
		: (isBounded ? collectLatest : collectAll)(reader, wanted, limit, selection);
	return newestOf(reader, await collected, limit);
}

/**
 * @param id a message's id, or its beginning: then the whole table is looked through.
 * @returns every message, of each bot, that is called so.
 */
export async function findMessages(
	reader: Reader,
	id: string,
	selection: Omit<MessageSelection, "places">,
): Promise<Message[]> {
	const exact = await selectMessages(reader, { ...selection, places: [places.message(id)] });
	if (exact.length > 0 || id === "") return exact;
	const { limit = Number.POSITIVE_INFINITY } = selection;
	const isCalled = (row: MessageItem): boolean =>
		row.messageId?.startsWith(id) === true && isWanted(row, selection);
	return newestOf(reader, await collectAll(reader, isCalled, limit), limit);
}

async function newestOf(
	reader: Reader,
	rows: readonly MessageItem[],
	limit: number,
): Promise<Message[]> {
	const messages = await foldRevisions(rows.map((row) => revisionOf(reader, row)));
	return messages.slice(-limit);
}

function isWanted(row: MessageItem, selection: MessageSelection): boolean {
	return (!selection.review || row.review !== undefined) && isWithin(row.sentAt, selection);
}

/**
 * @param isQuick whether only those revisions are wanted that tell the same time, as they usually do:
 * the others lie anywhere in a part of an index.
 * @returns the message that a row belongs to, if the row is there.
 */
export async function messageAt(
	reader: Asked,
	{ pk, sk }: RowKey,
	isQuick = false,
): Promise<Message | undefined> {
	for await (const [row] of reader.rowsOf({ key: pk, from: sk, to: sk })) {
		if (row === undefined) continue;
		const rows = [row, ...(await siblingsOf(reader, row, isQuick))];
		return (await foldRevisions(rows.map((one) => revisionOf(reader, one))))[0];
	}
	return undefined;
}

type Asked = Pick<Reader, "rowsOf" | "parts">;

async function siblingsOf(
	reader: Pick<Reader, "rowsOf">,
	row: MessageItem,
	isQuick: boolean,
): Promise<MessageItem[]> {
	const siblings: MessageItem[] = [];
	if (row.messageId === undefined) return siblings;
	const [moment, last] = [row.sk.slice(0, -DIGEST_LENGTH), "~"];
	const range: Range = isQuick
		? { key: row.pk, from: moment, to: moment + last }
		: { by: "message", key: row.messageId, from: "0", to: last };
	for await (const page of reader.rowsOf(range)) {
		for (const one of page) {
			if (groupOf(one) === groupOf(row) && one.sk !== row.sk) siblings.push(one);
		}
		if (siblings.length >= MOST_SIBLINGS) break;
	}
	return siblings;
}

/** A sender may make as many as it likes; who shows a message while it comes reads them each time. */
const MOST_SIBLINGS = 50;

/**
 * @param path of the other callbacks, below the base URL; all of them without.
 * @returns those of a selection, in the order of their arrival.
 */
export async function selectCallbacks(
	reader: Reader,
	path: string | undefined,
	selection: Selection,
): Promise<WithText<CallbackItem>[]> {
	const { limit = Number.POSITIVE_INFINITY } = selection;
	let rows: CallbackItem[] = [];
	for await (const page of reader.callbackRows(path)) {
		rows = rows
			.concat(page.filter((row) => isWithin(row.receivedAt, selection)))
			.sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1))
			.slice(-limit);
	}
	return rows.map((row) => withText(reader, row));
}

function isWithin(time: string, { since = "", until = "~" }: Selection): boolean {
	return since <= time && time <= until;
}

/** The whole table, in no order; of a limit no more is held than it asks for, and a page or two. */
async function collectAll(
	reader: Reader,
	wanted: (row: MessageItem) => boolean,
	limit: number,
): Promise<MessageItem[]> {
	let rows: MessageItem[] = [];
	for await (const page of reader.allRows()) {
		for (const row of page) if (wanted(row)) rows.push(row);
		if (rows.length > 2 * limit) rows = newest(rows, limit);
	}
	return rows;
}

/**
 * Backwards in the order of storing: what is new in a table of any size costs what is new. A message
 * that says it is of a later hour than the one in which it was stored is not among those `since` then.
 */
async function collectLatest(
	reader: Reader,
	wanted: (row: MessageItem) => boolean,
	limit: number,
	{ since }: Selection,
): Promise<MessageItem[]> {
	const from = since === undefined ? "0" : new Date(Date.parse(since) - AHEAD_MS).toISOString();
	const isLimited = Number.isFinite(limit);
	/** Of each message the row that was stored last; without a limit all rows. */
	const found = new Map<string, MessageItem>();
	const pageSize = Math.min(limit, 1_000);
	for await (const page of storedRows(reader, { from, to: "~", newestFirst: true, pageSize })) {
		for (const row of page.rows) {
			if (!isOfMessage(row) || !wanted(row) || found.size >= limit) continue;
			const name = isLimited ? groupOf(row) : idOf(row);
			if (!found.has(name)) found.set(name, row);
		}
		if (found.size >= limit) break;
	}
	const rows = [...found.values()];
	if (!isLimited) return rows;
	// Earlier revisions of the last ones may have been stored before them.
	const siblings = (row: MessageItem): Promise<MessageItem[]> => siblingsOf(reader, row, true);
	return [...rows, ...(await pMap(rows, siblings, { concurrency: 8 })).flat()];
}

/** How far a clock of the platform may be ahead of ours. */
const AHEAD_MS = 3_600_000;

/** All rows of the newest messages. */
function newest(rows: readonly MessageItem[], limit: number): MessageItem[] {
	const groups = [...Map.groupBy(rows, groupOf).values()].map((group) => ({
		group,
		sentAt: group.reduce((latest, row) => (row.sentAt > latest ? row.sentAt : latest), ""),
	}));
	return groups
		.sort((a, b) => (a.sentAt < b.sentAt ? -1 : 1))
		.slice(-limit)
		.flatMap(({ group }) => group);
}

/** Backwards in time, and no further than the limit of messages asks for. */
async function collectPlaces(
	reader: Reader,
	selected: readonly Place[],
	{ since = "0", until }: Selection,
	wanted: (row: MessageItem) => boolean,
	limit: number,
): Promise<MessageItem[]> {
	// Sort keys are `<time>#…` or `untimed#…`; "$" comes right after "#", ":" right after the digits.
	const bounds = [
		{ from: since, to: until === undefined ? ":" : `${until}$` },
		{ from: `${UNTIMED}#`, to: `${UNTIMED}$` },
	];
	const ranges = selected.flatMap((place) => bounds.map((bound) => ({ ...place, ...bound })));
	const parts = await Promise.all(
		ranges.map((range) => collectRange(reader, range, wanted, limit)),
	);
	return parts.flat();
}

async function collectRange(
	reader: Reader,
	range: Range,
	wanted: (row: MessageItem) => boolean,
	limit: number,
): Promise<MessageItem[]> {
	const rows: MessageItem[] = [];
	const groups = new Set<string>();
	for await (const page of reader.rowsOf({ ...range, newestFirst: true })) {
		for (const row of page.filter(wanted)) {
			rows.push(row);
			groups.add(groupOf(row));
		}
		// One more than asked for: the last one may have revisions on the next page.
		if (groups.size > limit) break;
	}
	return rows;
}
