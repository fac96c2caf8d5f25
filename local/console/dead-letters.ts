import type { DeadLetter } from "../../lib/archive/dead-letters.ts";
import { isOfMessage, type Row } from "../../lib/storage/row.ts";
import { given } from "./fields.ts";
import type { DeadLetterSummary } from "./protocol.ts";

/** What the page shows of a dead letter. */
export function deadLetterSummary(letter: DeadLetter): DeadLetterSummary {
	const { row, reason, queuedAt, sqsMessageId } = letter;
	return {
		id: sqsMessageId,
		queuedAt: new Date(queuedAt).toISOString(),
		...given("holds", row && contentOf(row)),
		...given("reason", reason),
	};
}

function contentOf(row: Row): DeadLetterSummary["holds"] {
	if (!isOfMessage(row)) return { name: `${row.method} /${row.path}` };
	const { type, messageId = "" } = row;
	return { ...given("type", type), name: messageId };
}
