import type { Answer } from "./answer.ts";
import { HistoryFailure } from "./failure.ts";

/** A page of the history. */
export type Page = Extract<Answer, { kind: "page" }>;

/** The busiest customer on record has 28 pages a day. */
const MOST_PAGES = 10_000;

/** How many records are asked for at once, the most that there are. */
export const PAGE_SIZE = 100;

/** The resold form asks for the first page with it. */
export const FIRST = "0";

/** A page that cannot be right is asked for again so many times. */
const MOST_REPEATS = 2;

/**
 * Reads a day page by page, and comes to an end whatever is answered: at a page without records, or
 * whose cursor is absent or the one that was asked with (docs/platform.md "Back-fill").
 *
 * A cursor that was asked with before would go round for ever, and a page that came just before says
 * nothing of where the end is. Both may be a slip of the other side, so they are asked for again.
 * A cursor that leads back to the first page is an end where the page is not full.
 *
 * @param ask for the page of a cursor, the first one without.
 * @param from where to go on.
 * @throws HistoryFailure when the cursor goes back all the same, or there are too many pages.
 */
export async function* pagesOf(
	ask: (seq: string | undefined) => Promise<Page>,
	from?: string,
): AsyncGenerator<Page> {
	const asked = new Set<string>([FIRST]);
	let seq = from;
	let before: Page | undefined;
	for (let pages = 0; pages < MOST_PAGES; pages++) {
		if (seq !== undefined) asked.add(seq);
		let page = await ask(seq);
		for (let n = 0; n < MOST_REPEATS && isSuspect(page); n++) page = await ask(seq);
		yield page;
		const { next, records } = page;
		if (records.length === 0 || next === undefined || next === seq || isLast(page)) return;
		if (asked.has(next)) throw new HistoryFailure(({ history }) => history.circle);
		seq = next;
		before = page;
	}
	throw new HistoryFailure(({ history }) => history.tooManyPages(MOST_PAGES));

	function isSuspect(page: Page): boolean {
		if (page.next === undefined || !asked.has(page.next) || isLast(page)) return false;
		return page.next !== seq || isSame(page, before);
	}
}

function isLast({ records, next }: Page): boolean {
	return next === FIRST && records.length < PAGE_SIZE;
}

function isSame({ records }: Page, other: Page | undefined): boolean {
	return (
		other !== undefined &&
		records.length === other.records.length &&
		records.every((record, n) => record === other.records[n])
	);
}
