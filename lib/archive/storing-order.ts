import { STORING_SHARDS, timeOf } from "../storage/row.ts";
import type { CallbackItem, MessageItem } from "./item.ts";
import { inPages, merge } from "./merge.ts";
import type { Reader, StoredKey, StoredRange } from "./reader.ts";

type Asked = Pick<Reader, "storedKeys" | "rowsAt">;

/**
 * The keys of all rows in the order of their storing. The index follows its table a moment later, and
 * clocks differ: who reads on from where he stopped goes back a little, and knows what he had.
 */
export function storedKeys(
	reader: Pick<Reader, "storedKeys">,
	range: StoredRange,
): AsyncGenerator<StoredKey> {
	const { newestFirst = false } = range;
	return merge(
		STORING_SHARDS.map((shard) => reader.storedKeys(shard, range)),
		(a, b) => (newestFirst ? a.storedAt > b.storedAt : a.storedAt < b.storedAt),
	);
}

/** Some keys in the order of storing, and those of their rows that are still there. */
export interface StoredPage {
	readonly keys: readonly StoredKey[];
	readonly rows: readonly (MessageItem | CallbackItem)[];
}

/** The rows of both kinds in the order of their storing, page by page. */
export async function* storedRows(
	reader: Asked,
	range: StoredRange,
	pageSize = 100,
): AsyncGenerator<StoredPage> {
	for await (const keys of inPages(storedKeys(reader, range), pageSize)) {
		yield { keys, rows: await reader.rowsAt(keys) };
	}
}

/**
 * The moment that a row tells of itself, without reading it; when it arrived if it tells none, and when
 * it was stored if it tells a later one.
 */
export function momentOf(key: StoredKey): string {
	const said = timeOf(key) ?? key.receivedAt;
	return said < key.storedAt ? said : key.storedAt;
}
