import { partKeysOf, type Row, textOf } from "../storage/record.ts";
import type { Reader } from "../storage/table.ts";
import type { Revision } from "./revisions.ts";

/** Rows together with their texts, wherever these lie. */
export async function withTexts(
	reader: Pick<Reader, "parts">,
	rows: readonly Row[],
): Promise<Revision[]> {
	return Promise.all(
		rows.map(async (row) => {
			const keys = partKeysOf(row);
			return {
				row,
				text: textOf(row, keys.length > 0 ? await reader.parts(keys) : []),
			};
		}),
	);
}
