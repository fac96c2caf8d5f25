import type { CallbackItem, MessageItem } from "../../lib/archive/item.ts";
import { inPages, merge } from "../../lib/archive/merge.ts";
import { type Place, places, type Reader, reviewPlaces } from "../../lib/archive/reader.ts";
import { storedKeys } from "../../lib/archive/storing-order.ts";
import { chatKey, isUntimed, keyOf } from "../../lib/storage/row.ts";
import { everything, type Filter } from "./filter.ts";

/** Some rows of an area, the next older ones than those before. */
export interface Stretch {
	readonly rows: readonly (MessageItem | CallbackItem)[];
	/** From where the area is read on. */
	readonly mark: string;
	/** All that came since then has been read; ISO 8601 in ms. */
	readonly backTo: string;
	/** Whether nothing is older. */
	readonly isLast: boolean;
}

const PAGE = 100;
/** There are 64 shards, so few of each are read ahead. */
const SHARD_PAGE = 25;
/** A page that holds nothing of the area ends after so many keys, so that its progress is seen. */
const LONGEST_LOOK = 2_000;
/** A message waits at most this long before it is stored: the queue's retention. */
const LONGEST_WAIT_MS = 14 * 86_400_000;

/**
 * The part of a filter that an index answers; the rest is looked for in what that finds. An area is a
 * filter, too: it lets through what lies in it.
 */
export function areaOf({ chat, contact, room, conformance, ...filter }: Filter): Filter {
	if (chat !== "") return { ...everything, chat };
	if (contact !== "") return { ...everything, contact };
	if (room !== "") return { ...everything, room };
	if (conformance === "unrecognized") return { ...everything, conformance };
	const { since, until, bot } = filter;
	return { ...everything, since, until, bot };
}

/** Reads an area, the newest rows first. @param mark from where, when it was read before. */
export function readBack(
	reader: Pick<Reader, "rowsOf" | "storedKeys" | "rowsAt">,
	area: Filter,
	mark?: string,
): AsyncGenerator<Stretch> {
	const found = placesOf(area);
	return found.length > 0 ? readPlaces(reader, found, mark) : readStored(reader, area, mark);
}

function placesOf({ chat, contact, room, conformance }: Filter): readonly Place[] {
	if (chat !== "") return partitionsOf(chat);
	if (contact !== "") return [{ by: "contact", key: idKey(contact) }];
	if (room !== "") return [{ by: "room", key: idKey(room) }];
	return conformance === "" ? [] : reviewPlaces;
}

/** Everywhere where an id may be a key. */
export function placesOfId(id: string): readonly Place[] {
	return [places.message(id), places.contact(id), places.room(id), ...partitionsOf(id)];
}

/** A message without a chat is listed under its partition. */
function partitionsOf(chat: string): readonly Place[] {
	return chat.startsWith("apart#") ? [{ key: chat }] : [{ key: chatKey("") + idKey(chat) }];
}

/** A row has the digest of a long id, and so has what is chosen from a list. */
function idKey(id: string): string {
	return /^sha256:[0-9a-f]{64}$/.test(id) ? id : keyOf(id);
}

async function* readPlaces(
	reader: Pick<Reader, "rowsOf">,
	some: readonly Place[],
	mark = "~",
): AsyncGenerator<Stretch> {
	const range = { from: "0", to: mark, newestFirst: true, pageSize: PAGE };
	const sources = some.map((place) => reader.rowsOf({ ...place, ...range }));
	for await (const rows of inPages(
		merge(sources, (one, other) => one.sk > other.sk),
		PAGE,
	)) {
		const last = rows.at(-1);
		// What tells no time sorts before all others: then these are still to come.
		const backTo = last && !isUntimed(last) ? last.sentAt : new Date().toISOString();
		yield { rows, mark: last?.sk ?? mark, backTo, isLast: rows.length < PAGE };
	}
}

async function* readStored(
	reader: Pick<Reader, "storedKeys" | "rowsAt">,
	{ since, until, bot }: Filter,
	mark = until === "" ? "~" : new Date(Date.parse(until) + LONGEST_WAIT_MS).toISOString(),
): AsyncGenerator<Stretch> {
	const range = { from: since || "0", to: mark, newestFirst: true, pageSize: SHARD_PAGE };
	let keys = [];
	let looked = 0;
	for await (const key of storedKeys(reader, range)) {
		const { receivedAt, storedAt, botId = "" } = key;
		const isWithin = since <= receivedAt && (until === "" || receivedAt <= until);
		if (isWithin && (bot === "" || bot === botId)) keys.push(key);
		if (++looked < LONGEST_LOOK && keys.length < PAGE) continue;
		yield { rows: await reader.rowsAt(keys), mark: storedAt, backTo: storedAt, isLast: false };
		keys = [];
		looked = 0;
	}
	yield { rows: await reader.rowsAt(keys), mark: "0", backTo: "", isLast: true };
}
