import { identifies, identityOf } from "../message/identity.ts";
import { isObject, membersOf, parseObject } from "../message/json-text.ts";
import { isCallbackRow } from "../schema/generated/callback-row.js";
import { isMessageRow } from "../schema/generated/message-row.js";
import { decompress } from "../storage/gzip.ts";
import { type Text, USUAL_CONFORMANCE } from "../storage/record.ts";
import { type CallbackRow, keyOf, type MessageRow, messageIdOf, timeOf } from "../storage/row.ts";

/** A message's row with its text, or with what tells where that is. */
export type MessageItem = MessageRow & Text;

/** The same of another callback. */
export type CallbackItem = CallbackRow & Text;

/**
 * @param item the attributes of an item, bytes as bytes.
 * @returns the row that it is, with what a row in the table leaves to its key and its text; undefined of
 * anything else.
 */
export function itemOf(item: unknown): MessageItem | CallbackItem | undefined {
	if (!isObject(item)) return undefined;
	if ("encoding" in item) return isCallbackRow(item) ? item : undefined;
	const whole: unknown = { ...saidByKey(item), ...saidByText(item), ...item };
	return isMessageRow(whole) ? whole : undefined;
}

type Attributes = Readonly<Record<string, unknown>>;

function saidByKey({ pk, sk, receivedAt }: Attributes): object {
	if (typeof pk !== "string" || typeof sk !== "string") return {};
	const messageId = messageIdOf({ pk, sk });
	return {
		...(messageId !== undefined && { messageId }),
		sentAt: timeOf({ pk, sk }) ?? receivedAt,
		conformance: USUAL_CONFORMANCE,
	};
}

/** Whoever wrote a text cannot keep its row from being shown. */
function saidByText({ message, messageGzip }: Attributes): object {
	try {
		const text = messageGzip instanceof Uint8Array ? decompress(messageGzip) : message;
		if (typeof text !== "string") return {};
		const value = parseObject(text);
		if (value === undefined) return {};
		const { contactId, externalUserId, roomId, source } = identityOf(
			text,
			value,
			membersOf(text, identifies),
		);
		return {
			...(contactId !== undefined && { contactId: keyOf(contactId) }),
			...(externalUserId !== undefined && { externalUserId: keyOf(externalUserId) }),
			...(roomId !== undefined && { roomId: keyOf(roomId) }),
			...(source !== undefined && { source }),
		};
	} catch {
		return {};
	}
}
