import type { Envelope } from "./envelope.ts";
import { compress, decompress } from "./gzip.ts";
import {
	type CallbackRow,
	digestOf,
	directoryKeys,
	isOfMessage,
	isTextOf,
	type MessageRow,
	partKey,
	type RowKey,
} from "./row.ts";

/** How an item holds a text, wherever its length puts it. */
export interface Text {
	/** The text itself. */
	readonly message?: string;
	/** The same as gzip, when it is long. */
	readonly messageGzip?: Uint8Array;
	/** How many {@link Part} items hold the gzip, when one item cannot. */
	readonly messageParts?: number;
}

/** A piece of a text that is too long for one item even when compressed. */
export interface Part extends RowKey {
	readonly messageGzip: Uint8Array;
	readonly expiresAt?: number;
}

/** That a partition has messages of a contact or a room. */
export interface Entry extends RowKey {
	readonly expiresAt?: number;
}

/** What of a message its key or its text says, and what nearly every message is: that is not repeated. */
const REPEATED = [
	...(["messageId", "sentAt"] as const),
	...(["contactId", "externalUserId", "roomId", "source"] as const),
	"conformance",
] as const satisfies readonly (keyof MessageRow)[];

type Repeated = (typeof REPEATED)[number];

/** A message's row as it lies in the table. */
export type ShortRow = Omit<MessageRow, Repeated> & Partial<Pick<MessageRow, Repeated>>;

/** A row as it lies in the table, with its text or what tells where that is. */
export type Item = (ShortRow | CallbackRow) & Text;

/** What one envelope becomes. */
export interface Items {
	/** To be written before the row: the row is what makes the message visible. */
	readonly parts: readonly Part[];
	/** The same: no row may be there that its contact and its room do not find. */
	readonly entries: readonly Entry[];
	readonly row: Item;
}

/** What nearly every message is, so that no row says it (docs/platform.md "Schema"). */
export const USUAL_CONFORMANCE = "corrected";

/** DynamoDB bills a write for each begun KB of an item. */
const WRITE_UNIT = 1_024;

/** An item may have 400 KB, names and the other attributes included (at most some 20 KB here). */
const LONGEST_BINARY = 370_000;

/** More than the longest body has; a row that names more of them is none of ours. */
const MOST_PARTS = 16;

/**
 * DynamoDB deletes what has expired within days, item by item and in no order. An entry is there for many
 * rows, so it is renewed as seldom.
 */
const PARTS_OUTLIVE_ROW_SECONDS = 30 * 86_400;

/**
 * Lays an envelope out for the table.
 *
 * @param retentionDays how long the row is kept after its message arrived; for ever by default.
 */
export function itemsOf({ row, text }: Envelope, retentionDays?: number): Items {
	const expiresAt =
		retentionDays === undefined
			? undefined
			: Math.ceil(Date.parse(row.receivedAt) / 1_000) + retentionDays * 86_400;
	const expiring = expiresAt === undefined ? {} : { expiresAt };
	const short = { ...(isOfMessage(row) ? shortRow(row) : row), ...expiring };
	const { body, parts } = layText(text, digestOf(row), itemBytes(short) + PLACE_BYTES);
	const outlive = PARTS_OUTLIVE_ROW_SECONDS;
	const renewedAt = expiresAt && Math.ceil(expiresAt / outlive) * outlive;
	return {
		// Without its text in place a row has to say what a look-up asks for.
		row: body.messageParts === undefined ? { ...short, ...body } : { ...row, ...expiring, ...body },
		parts: expiresAt ? parts.map((part) => ({ ...part, expiresAt: expiresAt + outlive })) : parts,
		entries: (isOfMessage(row) ? directoryKeys(row) : []).map((key) =>
			renewedAt ? { ...key, expiresAt: renewedAt } : key,
		),
	};
}

function shortRow(row: MessageRow): ShortRow {
	const short: { -readonly [Name in keyof ShortRow]: ShortRow[Name] } = { ...row };
	for (const name of REPEATED) delete short[name];
	if (row.conformance !== USUAL_CONFORMANCE) short.conformance = row.conformance;
	return short;
}

/** Bytes of `storedAt` and `shard`, which a row gets when it is written. */
const PLACE_BYTES = itemBytes({ storedAt: "2026-01-02T03:04:05.006Z", shard: "00" });

/**
 * The bytes of an item, as DynamoDB bills them
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
 */
export function itemBytes(item: object): number {
	return Object.entries(item).reduce(
		(sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOf(value),
		0,
	);
}

function bytesOf(value: unknown): number {
	if (value instanceof Uint8Array) return value.length;
	if (Array.isArray(value)) return value.reduce((sum, one) => sum + 1 + bytesOf(one), 3);
	if (typeof value === "number") return Math.ceil(String(value).length / 2) + 1;
	return typeof value === "string" ? Buffer.byteLength(value) : 1;
}

/** @returns how many writes an item of so many bytes costs. */
export function writeUnits(bytes: number): number {
	return Math.ceil(bytes / WRITE_UNIT);
}

/**
 * A text stays readable in place, unless compression saves a write (`npm run cost` in bench/).
 *
 * @param others bytes of the row without its text.
 */
function layText(text: string, digest: string, others: number): { body: Text; parts: Part[] } {
	const plain: Text = { message: text };
	const plainBytes = others + itemBytes(plain);
	if (plainBytes <= WRITE_UNIT) return { body: plain, parts: [] };
	const gzip = compress(text);
	const body: Text = { messageGzip: gzip };
	if (gzip.length <= LONGEST_BINARY) {
		const isWorth = writeUnits(others + itemBytes(body)) < writeUnits(plainBytes);
		return { body: isWorth ? body : plain, parts: [] };
	}
	const bytes = Buffer.from(text);
	const parts: Part[] = [];
	for (let at = 0; at < bytes.length; at += LONGEST_BINARY) {
		// Each part is a gzip member of its own, so parts written by different zlib versions (a retry
		// after a runtime update) still make one text.
		const messageGzip = compress(bytes.subarray(at, at + LONGEST_BINARY));
		parts.push({ ...partKey(digest, parts.length), messageGzip });
	}
	return { body: { messageParts: parts.length }, parts };
}

/** The keys of the parts that hold the text of a row; none when the row holds it itself. */
export function partKeysOf(row: Item): RowKey[] {
	const digest = digestOf(row);
	const length = Math.min(row.messageParts ?? 0, MOST_PARTS);
	return Array.from({ length }, (_, index) => partKey(digest, index));
}

/**
 * The row's text, word for word as it is kept.
 *
 * @param parts those of {@link partKeysOf} that are there, in any order.
 * @returns undefined when some of it is missing or not what it was: its digest is in the row's key.
 */
export function textOf(row: Item, parts: readonly Part[]): string | undefined {
	const text = row.message ?? unzipped(row, parts);
	return text !== undefined && isTextOf(row, text) ? text : undefined;
}

function unzipped(row: Item, parts: readonly Part[]): string | undefined {
	const ordered = parts.toSorted((a, b) => Number(a.sk) - Number(b.sk));
	const gzip = row.messageGzip ?? Buffer.concat(ordered.map((part) => part.messageGzip));
	try {
		return decompress(gzip);
	} catch {
		return undefined;
	}
}
