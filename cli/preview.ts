import type { Revision } from "../lib/archive/revisions.ts";
import { labelOf } from "../lib/message/labels.ts";
import { INCOMPLETE, lineOf as lineOfPreview, previewOf } from "../lib/message/preview.ts";
import { printable } from "../lib/message/printable.ts";
import { type Reading, readMessage } from "../lib/message/shape.ts";

const LONGEST_PREVIEW = 120;

/** One line for a person: time, who, the type's name, a preview, conformance. */
export function lineOf({ row, text }: Revision, revisions: number): string {
	const reading = text === undefined ? undefined : readMessage(text);
	const columns = [
		row.sentAt,
		whoOf(reading ?? row),
		labelOf(row.type),
		reading === undefined ? INCOMPLETE : lineOfPreview(previewOf(reading), LONGEST_PREVIEW),
		row.conformance,
		...(revisions > 1 ? [`(${revisions} revisions)`] : []),
	];
	return columns.map(printable).join("  ");
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
	const room = roomTopic ?? roomId;
	return (speaker ?? "-") + (room === undefined ? "" : ` @ ${room}`);
}
