import { type Reading, readMessage } from "../message/shape.ts";
import { partKeysOf, textOf } from "../storage/record.ts";
import type { CallbackItem, MessageItem } from "./item.ts";
import type { Reader } from "./reader.ts";

/** A row together with its text, which may be long and lie elsewhere: it is read when asked for. */
export interface WithText<Item> {
	readonly row: Item;
	/** As it is kept; undefined when a part of it is missing. */
	text(): Promise<string | undefined>;
}

/** One row of a message. */
export interface Revision extends WithText<MessageItem> {
	/** What its text says; undefined when a part of it is missing, or it is no message's. */
	reading(): Promise<Reading | undefined>;
}

/** A row together with its text, wherever that lies. */
export function withText<Item extends MessageItem | CallbackItem>(
	reader: Pick<Reader, "parts">,
	row: Item,
): WithText<Item> {
	return {
		row,
		async text() {
			const keys = partKeysOf(row);
			return textOf(row, keys.length > 0 ? await reader.parts(keys) : []);
		},
	};
}

/** A message's row as a revision. */
export function revisionOf(reader: Pick<Reader, "parts">, row: MessageItem): Revision {
	const { text } = withText(reader, row);
	return {
		row,
		text,
		async reading() {
			const json = await text();
			try {
				return json === undefined ? undefined : readMessage(json);
			} catch {
				return undefined;
			}
		},
	};
}

/** A message as a person thinks of it: all that was pushed of it, and the fullest of that. */
export interface Message {
	readonly fullest: Revision;
	/** In the order of their arrival; where a callback brought one, only those that callbacks brought. */
	readonly revisions: readonly Revision[];
}

/**
 * Folds rows into messages, oldest first.
 *
 * The platform pushes rich media several times under one `messageId`, each time with more of it
 * (docs/platform.md "Revisions"), but retries arrive in any order; so the fullest revision stands for the message,
 * and of equally full ones the latest. The copies of several bots are messages of their own. What the
 * platform's history tells stands for a message that no callback brought, and is no revision.
 */
export async function foldRevisions(revisions: readonly Revision[]): Promise<Message[]> {
	const messages: Message[] = [];
	for (const group of Map.groupBy(revisions, ({ row }) => groupOf(row)).values()) {
		const message = await fold(group);
		if (message) messages.push(message);
	}
	return messages.sort((a, b) => compare(timeOf(a), timeOf(b)));
}

/** What the revisions of a message have in common; a row without `messageId` has no siblings. */
export function groupOf({ pk, botId, messageId, sk }: MessageItem): string {
	return JSON.stringify(messageId === undefined ? [pk, sk] : [pk, botId, messageId]);
}

async function fold(group: readonly Revision[]): Promise<Message | undefined> {
	const arrived = group.toSorted((a, b) =>
		compare(a.row.receivedAt + a.row.sk, b.row.receivedAt + b.row.sk),
	);
	const pushed = arrived.filter(({ row }) => row.origin === undefined);
	const revisions = pushed.length > 0 ? pushed : arrived.slice(-1);
	let fullest = revisions.at(-1);
	if (revisions.length > 1) {
		let most = Number.NEGATIVE_INFINITY;
		for (const revision of revisions) {
			const fullness = fullnessOf(await revision.reading());
			if (fullness >= most) fullest = revision;
			most = Math.max(most, fullness);
		}
	}
	return fullest && { fullest, revisions };
}

function timeOf({ fullest }: Message): string {
	return fullest.row.sentAt + fullest.row.sk;
}

function compare(a: string, b: string): number {
	return a < b ? -1 : Number(a > b);
}

/** How many values of the payload say something; of what cannot be read nothing is known. */
function fullnessOf(reading: Reading | undefined): number {
	if (reading === undefined) return -1;
	let full = 0;
	const open: unknown[] = [reading.payload];
	while (open.length > 0) {
		const value = open.pop();
		if (typeof value === "object" && value !== null) {
			for (const inner of Object.values(value)) open.push(inner);
		} else if (value !== null && value !== "") full++;
	}
	return full;
}
