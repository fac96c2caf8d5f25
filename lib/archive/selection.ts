import { SHARDS, UNTIMED } from "../storage/row.ts";
import type { MessageItem, Range, Reader } from "./reader.ts";
import { groupOf } from "./revisions.ts";

/** A key of the table or of one of its indexes. */
export interface Place {
	readonly index?: NonNullable<Range["index"]>;
	readonly key: string;
}

/** Bounds of a message's time, ISO 8601 in ms, both included. */
export interface Period {
	readonly since: string | undefined;
	readonly until: string | undefined;
}

/** Everywhere where messages that want a look are. */
export const reviewPlaces: readonly Place[] = SHARDS.map((key) => ({ index: "review", key }));

/**
 * Reads the rows of some places, or of the whole table: backwards in time, and no further than the
 * limit of messages asks for.
 */
export async function collect(
	reader: Reader,
	places: readonly Place[] | undefined,
	period: Period,
	wanted: (row: MessageItem) => boolean,
	limit: number,
): Promise<MessageItem[]> {
	if (places === undefined) {
		const all: MessageItem[] = [];
		for await (const page of reader.allRows()) all.push(...page.filter(wanted));
		return all;
	}
	// Sort keys are `<time>#…` or `untimed#…`; "$" comes right after "#", ":" right after the digits.
	const bounds = [
		{
			from: period.since ?? "0",
			to: period.until === undefined ? ":" : `${period.until}$`,
		},
		{ from: `${UNTIMED}#`, to: `${UNTIMED}$` },
	];
	const ranges = places.flatMap((place) => bounds.map((bound) => ({ ...place, ...bound })));
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
