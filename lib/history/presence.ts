import type { Reader, StoredKey } from "../archive/reader.ts";
import { storedKeys } from "../archive/storing-order.ts";
import { chatOf, DIGEST_LENGTH, type MessageRow, messageIdOf, timeOf } from "../storage/row.ts";
import type { Window } from "./window.ts";

/** Whether a message is in the table, in any row of its bot's, whichever way it came. */
export type IsThere = (row: MessageRow) => Promise<boolean>;

/** Clocks differ, and one side may tell seconds where the other tells ms. */
const MARGIN_MS = 3_600_000;

/**
 * Finds out once what the table has of a window: the keys of what was stored since, in the order of
 * storing, tell it without a row being read. What is not among them is looked for in its chat, because
 * the index follows its table a moment later, and callbacks go on coming.
 */
export async function findPresent(
	reader: Pick<Reader, "storedKeys" | "rowsOf">,
	window: Window,
): Promise<IsThere> {
	const from = moved(window.since, -MARGIN_MS);
	const to = moved(window.until, MARGIN_MS);
	const present = new Map<string, StoredKey[]>();
	for await (const key of storedKeys(reader, { from, to: "~" })) {
		const id = messageIdOf(key);
		const sentAt = timeOf(key);
		if (id === undefined || (sentAt !== undefined && (sentAt < from || sentAt > to))) continue;
		const keys = present.get(id) ?? [];
		keys.push(key);
		present.set(id, keys);
	}
	return async (row) => {
		const keys = present.get(messageIdOf(row) ?? "") ?? [];
		if (keys.some((key) => isOfSame(row, key))) return true;
		const prefix = row.sk.slice(0, -DIGEST_LENGTH);
		for await (const rows of reader.rowsOf({ key: row.pk, from: prefix, to: `${prefix}~` })) {
			if (rows.some((other) => isOfSame(row, other))) return true;
		}
		return false;
	};
}

function moved(time: string, ms: number): string {
	return new Date(Date.parse(time) + ms).toISOString();
}

/**
 * Several bots have copies under one id (docs/platform.md "Duplicates"). Where one side names no bot,
 * the chat tells the copies apart: it is of one bot, too.
 */
export function isOfSame(row: Copy, other: Copy): boolean {
	if (row.botId !== undefined && other.botId !== undefined) return row.botId === other.botId;
	const [chat, otherChat] = [chatOf(row), chatOf(other)];
	return chat === undefined || otherChat === undefined || chat === otherChat;
}

type Copy = Pick<MessageRow, "pk" | "sk" | "botId">;
