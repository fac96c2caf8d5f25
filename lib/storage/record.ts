import type { Envelope } from "./envelope.ts";
import { compress, decompress } from "./gzip.ts";
import { digestOf, isTextOf, partKey, type Row, type RowKey } from "./row.ts";

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

/** A row as it lies in the table, with its text or what tells where that is. */
export type Item = Row & Text;

/** What one envelope becomes. */
export interface Items {
	/** To be written before the row: the row is what makes the message visible. */
	readonly parts: readonly Part[];
	readonly row: Item;
}

/**
 * Every usual text stays readable in place; each KB of a longer one would be paid for as a write
 * (`npm run cost` in bench/), so it is compressed.
 */
const LONGEST_PLAIN_TEXT = 4 * 1024;

/** An item may have 400 KB, names and the other attributes included (at most some 20 KB here). */
const LONGEST_BINARY = 370_000;

/** More than the longest body has; a row that names more of them is none of ours. */
const MOST_PARTS = 16;

/** DynamoDB deletes what has expired within days, item by item and in no order. */
const PARTS_OUTLIVE_ROW_SECONDS = 30 * 86_400;

/**
 * Lays an envelope out for the table.
 *
 * @param retentionDays how long the row is kept after its message arrived; for ever by default.
 */
export function itemsOf({ row, text }: Envelope, retentionDays?: number): Items {
	const { body, parts } = layText(text, digestOf(row));
	if (retentionDays === undefined) return { row: { ...row, ...body }, parts };
	const expiresAt = Math.ceil(Date.parse(row.receivedAt) / 1_000) + retentionDays * 86_400;
	return {
		row: { ...row, ...body, expiresAt },
		parts: parts.map((part) => ({ ...part, expiresAt: expiresAt + PARTS_OUTLIVE_ROW_SECONDS })),
	};
}

function layText(text: string, digest: string): { body: Text; parts: Part[] } {
	if (Buffer.byteLength(text) <= LONGEST_PLAIN_TEXT) return { body: { message: text }, parts: [] };
	const gzip = compress(text);
	if (gzip.length <= LONGEST_BINARY) return { body: { messageGzip: gzip }, parts: [] };
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
	const isElsewhere = row.message === undefined && row.messageGzip === undefined;
	const length = isElsewhere ? Math.min(row.messageParts ?? 0, MOST_PARTS) : 0;
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
