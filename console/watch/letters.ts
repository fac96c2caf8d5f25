import type { DeadLetter } from "../../lib/archive/dead-letters.ts";
import { beginningOf } from "../../lib/message/outline.ts";
import { isOfMessage, type Row } from "../../lib/storage/row.ts";
import type { DeadLetterSummary } from "../protocol.ts";
import { given } from "./fields.ts";

const LONGEST_BODY = 2_000;

/** What the page shows of a dead letter. */
export function deadLetterSummary(letter: DeadLetter): DeadLetterSummary {
	const { row, text, reason, queuedAt, sqsMessageId } = letter;
	return {
		id: sqsMessageId,
		queuedAt: new Date(queuedAt).toISOString(),
		...given("holds", row && contentOf(row)),
		body: beginningOf(text, LONGEST_BODY),
		...given("reason", reason),
	};
}

function contentOf(row: Row): NonNullable<DeadLetterSummary["holds"]> {
	if (!isOfMessage(row)) return { name: `${row.method} /${row.path}` };
	return { ...given("type", row.type), name: row.messageId ?? "" };
}

/**
 * What is known of the dead letters after somebody has looked. A look hides them from the next one for
 * some seconds, so one that is not found again is still there, as long as the count leaves room for it.
 *
 * @param count how many there are.
 */
export function mergeLetters(
	known: readonly DeadLetterSummary[],
	found: readonly DeadLetterSummary[],
	count: number,
): DeadLetterSummary[] {
	const ids = new Set(found.map(({ id }) => id));
	const others = known.filter(({ id }) => !ids.has(id));
	const room = Math.max(0, count - found.length);
	return [...found, ...others.slice(0, room)].sort((a, b) => (a.queuedAt < b.queuedAt ? 1 : -1));
}
