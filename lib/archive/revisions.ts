import { readMessage } from "../message/shape.ts";
import type { MessageItem } from "./reader.ts";

/** One row of a message with its text. */
export interface Revision {
	readonly row: MessageItem;
	/** The JSON text as it is kept; undefined when a part of it is missing. */
	readonly text: string | undefined;
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
 * (docs/platform.md "Revisions"), but retries arrive in any order; so the fullest revision stands for the message,
 * and of equally full ones the latest. The copies of several bots are messages of their own.
 */
export function foldRevisions(revisions: readonly Revision[]): Message[] {
	const groups = Object.groupBy(revisions, ({ row }) => groupOf(row));
	return Object.values(groups)
		.map((group = []) => fold(group))
		.filter((message) => message !== undefined)
		.sort((a, b) => compare(timeOf(a), timeOf(b)));
}

/** What the revisions of a message have in common; a row without `messageId` has no siblings. */
export function groupOf({ pk, botId, messageId, sk }: MessageItem): string {
	return JSON.stringify(messageId === undefined ? [pk, sk] : [pk, botId, messageId]);
}

function fold(group: readonly Revision[]): Message | undefined {
	const revisions = group.toSorted((a, b) =>
		compare(a.row.receivedAt + a.row.sk, b.row.receivedAt + b.row.sk),
	);
	const fullness = new Map(revisions.map((one) => [one, fullnessOf(one.text)]));
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

/** How many values of the payload say something; of a text that is incomplete nothing is known. */
function fullnessOf(text: string | undefined): number {
	if (text === undefined) return -1;
	let full = 0;
	const open: unknown[] = [readMessage(text).payload];
	while (open.length > 0) {
		const value = open.pop();
		if (typeof value === "object" && value !== null) {
			for (const inner of Object.values(value)) open.push(inner);
		} else if (value !== null && value !== "") full++;
	}
	return full;
}
