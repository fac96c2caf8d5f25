import { messageOf } from "../intake/request.ts";
import type { SealedSecret } from "../intake/secret.ts";
import { parseObject } from "../message/json-text.ts";
import type { Envelope } from "../storage/envelope.ts";
import type { MessageRow } from "../storage/row.ts";

/** A message of the history, as it would be kept. */
export interface HistoryMessage extends Envelope {
	readonly row: MessageRow & { readonly messageId: string };
}

/**
 * Makes of a record what would be kept of it, as receive does of a callback. It is not put before those
 * who review callbacks: how the history writes a message says nothing of how the platform pushes it.
 *
 * @param text the record as the JSON text of a callback.
 * @param secrets that must not be kept, wherever they stand.
 * @param receivedAt ISO 8601 in ms.
 * @returns undefined for one without an id: whether it is there already could not be told.
 */
export async function historyMessage(
	text: string,
	secrets: readonly SealedSecret[],
	receivedAt: string,
): Promise<HistoryMessage | undefined> {
	const value = parseObject(text);
	if (value === undefined) return undefined;
	const arrival = { receivedAt, blanked: 0, origin: "history" } as const;
	const { envelope } = await messageOf({ text, value }, secrets, arrival);
	const { messageId } = envelope.row;
	if (messageId === undefined) return undefined;
	return { row: { ...envelope.row, messageId }, text: envelope.text };
}
