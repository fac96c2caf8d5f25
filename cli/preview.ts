import type { Revision } from "../lib/archive/revisions.ts";
import { labelOf } from "../lib/message/labels.ts";
import { beginningOf } from "../lib/message/outline.ts";
import { INCOMPLETE, lineOf as lineOfPreview, previewOf } from "../lib/message/preview.ts";
import { printable } from "../lib/message/printable.ts";
import type { Reading } from "../lib/message/shape.ts";

const LONGEST_PREVIEW = 120;
const LONGEST_NAME = 40;
/** Enough of an id to know a message by, and for `--message`. */
const SHORT_ID = 8;

/** Stands for a row that is none of ours, or whose text is no message's. */
export const UNREADABLE = "(cannot be shown; --json may show more)";

/** One line for a person: time, id, who, the type's name, a preview, conformance. */
export async function lineOf(revision: Revision, revisions: number): Promise<string> {
	const { row } = revision;
	const reading = await revision.reading();
	const columns = [
		shownTime(row.sentAt),
		row.messageId?.slice(0, SHORT_ID) ?? "-",
		whoOf(reading ?? row),
		labelOf(row.type),
		reading ? lineOfPreview(previewOf(reading), LONGEST_PREVIEW) : await insteadOf(revision),
		row.conformance,
		...(revisions > 1 ? [`(${revisions} revisions)`] : []),
		...(row.origin === undefined ? [] : ["(from the platform's history)"]),
	];
	return columns.map(printable).join("  ");
}

/** A time with its zone, in a form that `--since` takes. */
export function shownTime(iso: string): string {
	return iso.replace("T", " ").replace("Z", " UTC");
}

async function insteadOf({ text }: Revision): Promise<string> {
	return (await text()) === undefined ? INCOMPLETE : UNREADABLE;
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
