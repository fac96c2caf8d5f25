import type { DeadLetter } from "../../lib/archive/dead-letters.ts";
import { beginningOf } from "../../lib/message/outline.ts";
import { unpackEnvelope } from "../../lib/storage/envelope.ts";
import { isOfMessage } from "../../lib/storage/row.ts";
import type { DeadLetterSummary } from "../protocol.ts";
import { given } from "./fields.ts";

const LONGEST_BODY = 2_000;

/** What the page shows of a dead letter. */
export function deadLetterSummary(letter: DeadLetter): DeadLetterSummary {
	const { packed, reason, queuedAt, sqsMessageId } = letter;
	return {
		id: sqsMessageId,
		queuedAt: new Date(queuedAt).toISOString(),
		...contentOf(packed),
		...given("reason", reason),
	};
}

function contentOf(packed: DeadLetter["packed"]): Pick<DeadLetterSummary, "holds" | "body"> {
	try {
		const { row, text } = unpackEnvelope(packed);
		const body = beginningOf(text, LONGEST_BODY);
		if (!isOfMessage(row)) return { holds: { name: `${row.method} /${row.path}` }, body };
		const { type, messageId = "" } = row;
		return { holds: { ...given("type", type), name: messageId }, body };
	} catch {
		return { body: beginningOf(packed.body, LONGEST_BODY) };
	}
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
