import { type Reading, readMessage } from "../message/shape.ts";
import type { Row } from "../storage/record.ts";

/** One row with its text. */
export interface Revision {
	readonly row: Row;
	/** The JSON text as received, token aside. */
	readonly text: string;
}

/** A message as a person thinks of it: all that was pushed of it, and the fullest of that. */
export interface Message {
	readonly fullest: Revision;
	/** In the order of their arrival. */
	readonly revisions: readonly Revision[];
}

/**
 * Folds rows into messages, oldest first.
 *
 * The platform pushes rich media several times under one `messageId`, each time with more of it
 * (docs/platform.md "Revisions"), but retries arrive in any order; so the fullest revision stands
 * for the message, and of equally full ones the latest. The copies of several bots are messages of
 * their own (docs/platform.md "Duplicates").
 */
export function foldRevisions(revisions: readonly Revision[]): Message[] {
	const groups = Object.groupBy(revisions, ({ row }) => groupOf(row));
	return Object.values(groups)
		.map((group = []) => fold(group))
		.filter((message) => message !== undefined)
		.sort((a, b) => compare(timeOf(a), timeOf(b)));
}

/** What the revisions of a message have in common; a row without `messageId` has no siblings. */
export function groupOf({ chatId, botId, messageId, sk }: Row): string {
	return JSON.stringify(messageId === undefined ? [chatId, sk] : [chatId, botId, messageId]);
}

function fold(group: readonly Revision[]): Message | undefined {
	const revisions = group.toSorted((a, b) =>
		compare(a.row.receivedAt + a.row.sk, b.row.receivedAt + b.row.sk),
	);
	const fullness = new Map(revisions.map((one) => [one, fullnessOf(readMessage(one.text))]));
	const [fullest] = revisions
		.toReversed()
		.sort((a, b) => (fullness.get(b) ?? 0) - (fullness.get(a) ?? 0));
	return fullest && { fullest, revisions };
}

function timeOf({ fullest }: Message): string {
	return fullest.row.sentAt + fullest.row.sk;
}

function compare(a: string, b: string): number {
	return a < b ? -1 : Number(a > b);
}

/** How many values of the payload say something. */
function fullnessOf({ payload }: Reading): number {
	let full = 0;
	const open: unknown[] = [payload];
	while (open.length > 0) {
		const value = open.pop();
		if (typeof value === "object" && value !== null) open.push(...Object.values(value));
		else if (value !== null && value !== "") full++;
	}
	return full;
}
