import { setTimeout as wait } from "node:timers/promises";
import { OVERLAP_MS } from "../../lib/archive/following.ts";
import { idOf } from "../../lib/archive/reader.ts";
import { storedKeys } from "../../lib/archive/storing-order.ts";
import type { RowKey } from "../../lib/storage/row.ts";
import type { StageReader } from "../stage.ts";

/**
 * Asks the table again and again what has been stored since, and tells each row once.
 *
 * @param options.after when what there was before has been read.
 * @param options.isWatched whether there is anybody to be told; for nobody it is not asked.
 * @returns how to stop.
 */
export function followTable(
	reader: Pick<StageReader, "storedKeys">,
	onRow: (key: RowKey) => void,
	options: {
		readonly everyMs: number;
		readonly after: Promise<unknown>;
		readonly isWatched: () => boolean;
	},
): () => Promise<void> {
	const { everyMs, after, isWatched } = options;
	const stopping = new AbortController();
	const told = new Map<string, number>();
	let newest = Date.now();
	const ask = async (): Promise<void> => {
		// A clock that was ahead once must not hide what comes after it.
		const since = Math.min(newest, Date.now()) - OVERLAP_MS;
		for await (const { pk, sk, storedAt } of storedKeys(reader, { from: timeOf(since), to: "~" })) {
			const id = idOf({ pk, sk });
			if (!told.has(id)) onRow({ pk, sk });
			told.set(id, Date.parse(storedAt));
			newest = Math.max(newest, Date.parse(storedAt));
		}
		for (const [id, storedAt] of told) if (storedAt < since) told.delete(id);
	};
	const follow = async (): Promise<void> => {
		await after;
		while (!stopping.signal.aborted) {
			// What fails now is asked for again: the next question begins where this one did.
			if (isWatched()) await ask().catch(() => undefined);
			await wait(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
		}
	};
	const following = follow();
	return async () => {
		stopping.abort();
		await following;
	};
}

function timeOf(ms: number): string {
	return new Date(ms).toISOString();
}
