import { unexpected } from "../message/unexpected.ts";
import type { Envelope } from "./envelope.ts";
import { itemsOf } from "./record.ts";
import { isOfMessage, messageRow } from "./row.ts";
import type { Outcome, Put } from "./table.ts";

/**
 * Writes an envelope, and when what it holds can never be written as it is, its text alone: an
 * acknowledged message must not wait for ever for a mended program.
 *
 * @param onCaught is told what went wrong before the text alone is written.
 * @throws what the table answers while it is away: that passes.
 */
export async function putWithNet(
	put: Put,
	envelope: Envelope,
	retentionDays: number | undefined,
	onCaught: (error: unknown) => void,
): Promise<Outcome> {
	try {
		return await put(itemsOf(envelope, retentionDays));
	} catch (error) {
		if (!isForEver(error)) throw error;
		onCaught(error);
		return await put(itemsOf(textAlone(envelope, error), retentionDays));
	}
}

/** DynamoDB refuses an item in its own words; ours are the errors of the language. */
function isForEver(error: unknown): boolean {
	if (error instanceof TypeError || error instanceof RangeError) return true;
	return error instanceof Error && error.name === "ValidationException";
}

function textAlone({ row, text }: Envelope, error: unknown): Envelope {
	const { receivedAt, blanked = 0 } = row;
	const verdict = { conformance: "unrecognized", violations: [unexpected(error)] } as const;
	const origin = isOfMessage(row) && row.origin ? { origin: row.origin } : {};
	return { row: messageRow(text, {}, verdict, { receivedAt, blanked, ...origin }), text };
}
