import type { Revision } from "../lib/archive/revisions.ts";
import { jsonOf } from "../lib/message/json.ts";
import { labelOf } from "../lib/message/labels.ts";
import { type Reading, readMessage } from "../lib/message/shape.ts";

const LONGEST_PREVIEW = 120;

/** Stands for a text of which a part is missing: what is left of it would look whole. */
export const INCOMPLETE = "(incomplete: a part of it is missing)";

/** Stands for a body that has no text any more. */
export const TOO_DEEP = "(nested too deeply to be shown)";

/**
 * One line for a person: time, who, the type's name, a preview, conformance. Nothing that a sender
 * wrote can move the cursor or colour the terminal.
 */
export function lineOf({ row, text }: Revision, revisions: number): string {
	const reading = text === undefined ? undefined : readMessage(text);
	const columns = [
		row.sentAt,
		whoOf(reading ?? row),
		labelOf(row.type),
		reading === undefined ? INCOMPLETE : previewOf(reading),
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

function previewOf({ payload }: Reading): string {
	const said = WORDS.map((path) => valueAt(payload, path)).filter(isWord);
	const preview = said.length > 0 ? said.join(" ") : (jsonOf(payload) ?? TOO_DEEP);
	return preview.length > LONGEST_PREVIEW ? `${preview.slice(0, LONGEST_PREVIEW)}…` : preview;
}

/** What says most of a payload, for all types; the first of alternatives that is there. */
const WORDS: readonly (readonly string[])[] = [
	["text", "pureText"],
	["content"],
	["title", "name", "nickname", "roomTopic"],
	["address"],
	["artwork.url", "imageUrl", "voiceUrl", "videoUrl", "fileUrl", "url"],
	["duration"],
	["description"],
	["invitaterName"],
	[
		"subPayload.newTopic",
		"subPayload.messageId",
		"subPayload.inviterName",
		"subPayload.inviter.displayName",
	],
	["subPayload.inviteeList", "subPayload.leaverList", "subPayload.memberNames"],
];

function valueAt(payload: Reading["payload"], paths: readonly string[]): unknown {
	for (const path of paths) {
		let value: unknown = payload;
		for (const key of path.split(".")) {
			value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
		}
		if (Array.isArray(value) && value.length > 0) return JSON.stringify(value);
		if (isWord(value)) return value;
	}
	return undefined;
}

function isWord(value: unknown): value is string | number {
	return (typeof value === "string" && value !== "") || typeof value === "number";
}

/** Control characters and line ends become escapes. */
export function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (unit) => JSON.stringify(unit).slice(1, -1));
}
