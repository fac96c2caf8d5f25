import { SHARDS } from "../storage/row.ts";
import type { CallbackItem, MessageItem, Reader, StoredKey, StoredRange } from "./reader.ts";

type Asked = Pick<Reader, "storedKeys" | "rowsAt">;

/**
 * The keys of all rows in the order of their storing. The index follows its table a moment later, and
 * clocks differ: who reads on from where he stopped goes back a little, and knows what he had.
 */
export async function* storedKeys(
	reader: Pick<Reader, "storedKeys">,
	range: StoredRange,
): AsyncGenerator<StoredKey> {
	const sources = SHARDS.map((shard) => reader.storedKeys(shard, range));
	const heads = await Promise.all(sources.map((source) => nextOf(source)));
	for (;;) {
		let first: Head | undefined;
		for (const head of heads) {
			if (head && (!first || comesFirst(head.key, first.key, range))) first = head;
		}
		if (!first) return;
		yield first.key;
		heads[heads.indexOf(first)] = await nextOf(first.source, first.rest);
	}
}

/** The next key of a shard, and what of its page is left, last first. */
interface Head {
	readonly key: StoredKey;
	readonly rest: StoredKey[];
	readonly source: AsyncGenerator<StoredKey[]>;
}

async function nextOf(
	source: AsyncGenerator<StoredKey[]>,
	left: StoredKey[] = [],
): Promise<Head | undefined> {
	let rest = left;
	while (rest.length === 0) {
		const { value, done } = await source.next();
		if (done) return undefined;
		rest = value.toReversed();
	}
	const key = rest.pop();
	return key && { key, rest, source };
}

function comesFirst(a: StoredKey, b: StoredKey, { newestFirst = false }: StoredRange): boolean {
	return newestFirst ? a.storedAt > b.storedAt : a.storedAt < b.storedAt;
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
	let keys: StoredKey[] = [];
	for await (const key of storedKeys(reader, range)) {
		keys.push(key);
		if (keys.length < pageSize) continue;
		yield { keys, rows: await reader.rowsAt(keys) };
		keys = [];
	}
	if (keys.length > 0) yield { keys, rows: await reader.rowsAt(keys) };
}
