import type { Revision } from "../lib/archive/revisions.ts";
import { beginningOf } from "../lib/message/outline.ts";
import { lineOf as lineOfPreview, previewOf } from "../lib/message/preview.ts";
import { printable } from "../lib/message/printable.ts";
import type { Reading } from "../lib/message/shape.ts";
import { typeName } from "../lib/words/type.ts";
import { words } from "./language.ts";

const LONGEST_PREVIEW = 120;
const LONGEST_NAME = 40;
/** Enough of an id to know a message by, and for `--message`. */
const SHORT_ID = 8;

/** One line for a person: time, id, who, the type's name, a preview, conformance. */
export async function lineOf(revision: Revision, revisions: number): Promise<string> {
	const { row } = revision;
	const reading = await revision.reading();
	const columns = [
		shownTime(row.sentAt),
		row.messageId?.slice(0, SHORT_ID) ?? "-",
		whoOf(reading ?? row),
		typeName(row.type, words.page),
		reading
			? lineOfPreview(previewOf(reading), LONGEST_PREVIEW, words.line)
			: await insteadOf(revision),
		words.page[row.conformance],
		...(revisions > 1 ? [words.line.revisions(revisions)] : []),
		...(row.origin === undefined ? [] : [words.line.fromHistory]),
	];
	return columns.map(printable).join("  ");
}

/** Every attribute of a row in one line, and its text wherever that lies. */
export function jsonOf(row: object, text: string | undefined): string {
	const said = text === undefined ? { isIncomplete: true } : { message: text };
	const elsewhere = { message: undefined, messageGzip: undefined, messageParts: undefined };
	return printable(JSON.stringify({ ...row, ...elsewhere, ...said }));
}

/** A time with its zone, in a form that `--since` takes. */
export function shownTime(iso: string): string {
	return iso.replace("T", " ").replace("Z", " UTC");
}

/** What is said where a text is no message, or not whole. */
export async function insteadOf({ text }: Revision): Promise<string> {
	return (await text()) === undefined ? words.line.incomplete : words.line.unreadable;
}

function whoOf({
	isSelf,
	botWeixin,
	botId,
	contactName,
	contactId,
	roomTopic,
	roomId,
}: Omit<Reading, "payload">): string {
	const speaker = isSelf ? (botWeixin ?? botId) : (contactName ?? contactId);
	const names = [speaker ?? "-", roomTopic ?? roomId].filter((name) => name !== undefined);
	return names.map((name) => beginningOf(name, LONGEST_NAME)).join(" @ ");
}
