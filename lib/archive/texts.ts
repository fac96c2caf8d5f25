import { partKeysOf, textOf } from "../storage/record.ts";
import type { CallbackItem, MessageItem, Reader } from "./reader.ts";

/** A row together with its text; undefined where a part of it is missing. */
export interface WithText<Item> {
	readonly row: Item;
	readonly text: string | undefined;
}

/** Rows together with their texts, wherever these lie. */
export async function withTexts<Item extends MessageItem | CallbackItem>(
	reader: Pick<Reader, "parts">,
	rows: readonly Item[],
): Promise<WithText<Item>[]> {
	return Promise.all(
		rows.map(async (row) => {
			const keys = partKeysOf(row);
			return { row, text: textOf(row, keys.length > 0 ? await reader.parts(keys) : []) };
		}),
	);
}
