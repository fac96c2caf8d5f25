import { inPages } from "./merge.ts";
import { idOf, type Reader, type StoredKey } from "./reader.ts";
import { storedKeys } from "./storing-order.ts";

/**
 * How far a follower goes back at each look: the index follows its table a moment later, two stores'
 * clocks differ, and a write that is tried again for 7 s has the time of its first try.
 */
export const OVERLAP_MS = 120_000;

/** How many keys are handed out together. */
const PAGE = 100;

/** When and how to look again. */
export interface Pace {
	/** Waits between two looks. @returns whether to go on. */
	wait(): Promise<boolean>;
	/** Is told that a look failed; the next one finds what it missed. The first may not fail. */
	onTrouble(error: unknown): void;
}

/**
 * Follows a table: the keys of all that was stored at or after a time once, then what is new at each
 * further look; in the order of storing, unless one comes late. A look costs a query for each of the
 * 64 shards, 32 read units if nothing is new.
 *
 * @param since ISO 8601 in ms.
 */
export async function* followKeys(
	reader: Pick<Reader, "storedKeys">,
	since: string,
	{ wait, onTrouble }: Pace,
): AsyncGenerator<readonly StoredKey[]> {
	/** When each was stored that a further look finds again. */
	const seen = new Map<string, string>();
	let newest = since;
	const look = async function* (): AsyncGenerator<StoredKey[]> {
		// A clock that was ahead once must not hide what comes after it.
		const now = new Date().toISOString();
		const from = later(since, before(newest < now ? newest : now, OVERLAP_MS));
		for (const [id, storedAt] of seen) if (storedAt < from) seen.delete(id);
		const keys = unseen(storedKeys(reader, { from, to: "~" }), seen);
		// Nothing of a page is seen before it is handed out: a look that fails in it finds it again.
		for await (const page of inPages(keys, PAGE)) {
			for (const key of page) {
				seen.set(idOf(key), key.storedAt);
				newest = later(newest, key.storedAt);
			}
			yield page;
		}
	};
	yield* look();
	while (await wait()) {
		try {
			yield* look();
		} catch (error) {
			onTrouble(error);
		}
	}
}

async function* unseen(
	keys: AsyncIterable<StoredKey>,
	seen: ReadonlyMap<string, string>,
): AsyncGenerator<StoredKey> {
	for await (const key of keys) if (!seen.has(idOf(key))) yield key;
}

/** A time some milliseconds before another; ISO 8601 in ms. */
export function before(iso: string, milliseconds: number): string {
	return new Date(Date.parse(iso) - milliseconds).toISOString();
}

/** The later one of two times in ISO 8601. */
export function later(a: string, b: string): string {
	return a < b ? b : a;
}
