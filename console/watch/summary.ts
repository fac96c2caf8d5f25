import { groupOf } from "../../lib/archive/revisions.ts";
import { cut, previewOf } from "../../lib/message/preview.ts";
import { readMessage } from "../../lib/message/shape.ts";
import { chatOf, type RowKey } from "../../lib/storage/row.ts";
import type { Journey, MessageSummary } from "../protocol.ts";
import type { StoredMessage } from "../stage.ts";
import { given } from "./fields.ts";

const LONGEST_NAME = 100;

/**
 * What the page lists of a message; of one that cannot be read, what its row says.
 *
 * @param waysTo tells each way to a row, in this run.
 */
export function summaryOf(
	{ fullest, revisions }: StoredMessage,
	waysTo: (row: RowKey) => readonly Journey[],
): MessageSummary {
	const { row } = fullest;
	const ways = revisions.flatMap((revision) => waysTo(revision.row));
	const newest = revisions.at(-1) ?? fullest;
	return {
		...{ id: groupOf(row), pk: row.pk, sk: row.sk, chatId: chatOf(row) ?? row.pk },
		...{ sentAt: row.sentAt, arrivedAt: newest.row.receivedAt, conformance: row.conformance },
		...given("origin", row.origin),
		...given("messageId", row.messageId),
		...given("type", row.type),
		...given("botId", row.botId),
		...given("bot", row.botId),
		isSelf: row.isSelf ?? false,
		...given("contactId", row.contactId),
		...given("roomId", row.roomId),
		revisions: revisions.length,
		duplicates: ways.filter(({ outcome }) => outcome === "duplicate").length,
		...given("journey", waysTo(newest.row)[0]),
		...saidIn(fullest.text),
	};
}

function saidIn(
	text: string | undefined,
): Pick<MessageSummary, "bot" | "contact" | "room" | "preview"> {
	if (text === undefined) return { preview: { kind: "incomplete" } };
	try {
		const reading = readMessage(text);
		return {
			...given("bot", cut(reading.botWeixin, LONGEST_NAME)),
			...given("contact", cut(reading.contactName, LONGEST_NAME)),
			...given("room", cut(reading.roomTopic, LONGEST_NAME)),
			preview: previewOf(reading),
		};
	} catch {
		return { preview: { kind: "unreadable" } };
	}
}

/** What stands for a row of which nothing can be read but its key. */
export function unreadable(key: RowKey, now: string): MessageSummary {
	const time = key.sk.slice(0, key.sk.indexOf("#"));
	const at = Number.isNaN(Date.parse(time)) ? now : time;
	return {
		...{
			id: JSON.stringify([key.pk, key.sk]),
			pk: key.pk,
			sk: key.sk,
			chatId: chatOf(key) ?? key.pk,
		},
		...{ sentAt: at, arrivedAt: at, conformance: "unrecognized", isSelf: false },
		...{ revisions: 1, duplicates: 0, preview: { kind: "unreadable" } },
	};
}
