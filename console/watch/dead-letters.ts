import type { DeadLetter } from "../../lib/archive/dead-letters.ts";
import { unpackEnvelope } from "../../lib/storage/envelope.ts";
import { isOfMessage } from "../../lib/storage/row.ts";
import type { DeadLetterSummary } from "../protocol.ts";
import { given } from "./fields.ts";

/** What the page shows of a dead letter. */
export function deadLetterSummary(letter: DeadLetter): DeadLetterSummary {
	const { packed, reason, queuedAt, sqsMessageId } = letter;
	return {
		id: sqsMessageId,
		queuedAt: new Date(queuedAt).toISOString(),
		...given("holds", contentOf(packed)),
		...given("reason", reason),
	};
}

function contentOf(packed: DeadLetter["packed"]): DeadLetterSummary["holds"] {
	try {
		const { row } = unpackEnvelope(packed);
		if (!isOfMessage(row)) return { name: `${row.method} /${row.path}` };
		const { type, messageId = "" } = row;
		return { ...given("type", type), name: messageId };
	} catch {
		return undefined;
	}
}
