import { isOfMessage } from "../storage/row.ts";
import type { MessageItem } from "./item.ts";
import { idOf, type Reader, type StoredKey } from "./reader.ts";
import { momentOf, storedKeys } from "./storing-order.ts";

/** Which messages: from one time, up to but not including another; ISO 8601 in ms. */
export interface Period {
	readonly since: string;
	readonly until: string;
}

/** Up to where rows are exported. */
export interface Reached {
	readonly storedAt: string;
	/** Those of that millisecond, which others may share. */
	readonly ids: readonly string[];
}

/** Some rows, and how far they go. */
export interface ExportedPage {
	readonly rows: readonly MessageItem[];
	readonly reached: Reached;
}

const PAGE = 100;

/**
 * The rows of all messages of a period, each revision one, in the order of their storing.
 *
 * A message is of the time that it tells, whenever it was stored: it may have waited for days, or have
 * been fetched later. One that tells a time after its storing is of the time of its storing. So every
 * message is in one period, and nothing that was stored before a period is of it.
 *
 * @param asOf what was stored later is left out.
 * @param from where an earlier export of the same period stopped.
 */
export async function* exportRows(
	reader: Pick<Reader, "storedKeys" | "rowsAt">,
	{ since, until }: Period,
	asOf: string,
	from: Reached = { storedAt: since, ids: [] },
): AsyncGenerator<ExportedPage> {
	let { storedAt, ids } = from;
	const had = new Set(ids);
	let page: StoredKey[] = [];
	const read = async (): Promise<ExportedPage> => ({
		rows: (await reader.rowsAt(page)).filter((row) => isOfMessage(row)),
		reached: { storedAt, ids },
	});
	for await (const key of storedKeys(reader, { from: storedAt, to: asOf })) {
		const id = idOf(key);
		if (had.has(id)) continue;
		ids = key.storedAt === storedAt ? [...ids, id] : [id];
		storedAt = key.storedAt;
		const time = momentOf(key);
		if (since <= time && time < until) page.push(key);
		if (page.length < PAGE) continue;
		yield await read();
		page = [];
	}
	yield await read();
}
