import type { CallbackItem, MessageItem } from "../../../lib/archive/item.ts";
import type { Reader, StoredKey } from "../../../lib/archive/reader.ts";
import { storingPlace } from "../../../lib/storage/row.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";

const MOMENT = 1_767_225_600_000;

/** A time some seconds after 2026-01-01. */
export function time(second: number): string {
	return new Date(MOMENT + second * 1_000).toISOString();
}

/** A message's row of one second, stored in another. */
export function storedRow(
	chatId: string,
	second: number,
	storedAt = time(second),
): MessageItem & StoredKey {
	const said = { chatId, messageId: `m${second}`, timestamp: MOMENT + second * 1_000 };
	const { row, text } = envelopeOf(textMessage(said));
	return { ...row, storedAt, message: text };
}

/** A table in memory, in pages of three keys, to which rows may come. */
export function growingTable() {
	const rows: (MessageItem | CallbackItem)[] = [];
	const reader: Pick<Reader, "storedKeys" | "rowsAt" | "parts"> = {
		async *storedKeys(shard, { from, to }) {
			const keys = rows
				.map(({ pk, sk, receivedAt, storedAt = "" }) => ({ pk, sk, receivedAt, storedAt }))
				.filter((key) => storingPlace(key, 0).shard === shard)
				.filter(({ storedAt }) => from <= storedAt && storedAt <= to)
				.toSorted((a, b) => (a.storedAt < b.storedAt ? -1 : 1));
			for (let at = 0; at < keys.length; at += 3) yield keys.slice(at, at + 3);
		},
		rowsAt: async (keys) =>
			keys.flatMap((key) => rows.find((row) => row.pk === key.pk && row.sk === key.sk) ?? []),
		parts: async () => [],
	};
	return { rows, reader };
}
