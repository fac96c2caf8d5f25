import { isObject } from "../message/json-text.ts";
import { type Reading, readWhole } from "../message/shape.ts";
import { isCorrected } from "../schema/generated/corrected.js";
import type { Callback } from "../schema/generated/message.d.ts";
import { type Part, partKeysOf, textOf } from "../storage/record.ts";
import { type CallbackRow, isOfMessage, type MessageRow, type RowKey } from "../storage/row.ts";
import { itemOf } from "./item.ts";

/** What a row of the table holds, for whoever reads the table or its stream. */
export type Stored =
	| {
			readonly kind: "message";
			readonly row: MessageRow;
			/** To the letter as received, but for the secrets. */
			readonly text: string;
			/** Who and what it is, in one shape whichever spelling it came in. */
			readonly reading: Reading;
			/** The whole of it in that shape. */
			readonly callback: object;
	  }
	/** A request to another path than that of messages. */
	| { readonly kind: "callback"; readonly row: CallbackRow; readonly text: string }
	/** Its text lies in other rows: get them by these keys, and read the row again with them. */
	| {
			readonly kind: "incomplete";
			readonly row: MessageRow | CallbackRow;
			readonly partKeys: readonly RowKey[];
	  }
	/** A piece of another row's text, or a row that is none of this table's. */
	| { readonly kind: "other" };

/**
 * Reads a row.
 *
 * @param item its attributes, as the SDK's document client or `unmarshall` hands them out.
 * @param parts those of the rows that hold its text, when an earlier reading has named them.
 */
export function readRow(item: unknown, parts: readonly unknown[] = []): Stored {
	const gzip = bytesOf(item);
	const whole = itemOf(isObject(item) && gzip ? { ...item, messageGzip: gzip } : item);
	if (whole === undefined) return { kind: "other" };
	const { messageGzip: _, ...row } = whole;
	const text = textOf(whole, parts.flatMap(partOf));
	if (text === undefined) return { kind: "incomplete", row, partKeys: partKeysOf(whole) };
	if (!isOfMessage(row)) return { kind: "callback", row, text };
	try {
		return { kind: "message", row, text, ...readWhole(text) };
	} catch {
		return { kind: "other" };
	}
}

/**
 * Reads the row that a record of the table's stream brings, from Lambda or from the SDK.
 *
 * @param parts as of {@link readRow}; they come in the stream as well, before the row.
 */
export function readStreamRecord(record: unknown, parts?: readonly unknown[]): Stored {
	const change = isObject(record) ? record.dynamodb : undefined;
	const image = isObject(change) ? change.NewImage : undefined;
	if (!isObject(image)) return { kind: "other" };
	const attributes = Object.entries(image).map(([name, value]) => [name, plain(value)]);
	return readRow(Object.fromEntries(attributes), parts);
}

/** Whether a normalized callback has the corrected schema's shape; then its types tell the rest. */
export function isCallback(callback: unknown): callback is Callback {
	return isCorrected(callback);
}

/** A value in DynamoDB's own notation; `unmarshall` would bring the SDK's types to every consumer. */
function plain(value: unknown): unknown {
	if (!isObject(value)) return undefined;
	if ("N" in value) return Number(value.N);
	if (Array.isArray(value.L)) return value.L.map(plain);
	return value.S ?? value.BOOL ?? value.B;
}

function partOf(item: unknown): Part[] {
	const messageGzip = bytesOf(item);
	if (messageGzip === undefined || !isObject(item)) return [];
	const { pk, sk } = item;
	return typeof pk === "string" && typeof sk === "string" ? [{ pk, sk, messageGzip }] : [];
}

/** Lambda hands bytes out as Base64. */
function bytesOf(item: unknown): Uint8Array | undefined {
	const value = isObject(item) ? item.messageGzip : undefined;
	if (typeof value === "string") return Buffer.from(value, "base64");
	return value instanceof Uint8Array ? value : undefined;
}
