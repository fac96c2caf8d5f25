import { createHash } from "node:crypto";
import { identifies, identityOf } from "../lib/message/identity.ts";
import { membersOf } from "../lib/message/json-text.ts";
import type { Verdict } from "../lib/message/verdict.ts";
import type { Envelope } from "../lib/storage/envelope.ts";
import { type Arrival, type MessageRow, messageRow } from "../lib/storage/row.ts";

/** A text message; fields given replace or add to those of `data`. */
export function textMessage(fields: Readonly<Record<string, unknown>> = {}): string {
	const data = {
		messageId: "0123456789abcdef0123456789abcdef",
		chatId: "65f0a1b2c3d4e5f60718293a",
		botId: "aa11bb22cc33dd44ee55ff01",
		contactId: "7881300000000001",
		payload: { text: "你好" },
		type: 7,
		timestamp: 1_767_225_602_000,
		mentionSelf: false,
		token: "9f1e2d3c4b5a69788796a5b4",
		...fields,
	};
	return JSON.stringify({ data });
}

/** What receive makes of a message's text. */
export function envelopeOf(
	text: string,
	{
		receivedAt = "2026-01-02T03:04:05.006Z",
		blanked = 0,
		conformance = "documented",
		violations = [],
		...origin
	}: Partial<Arrival & Verdict> = {},
): Envelope & { readonly row: MessageRow } {
	const said = identityOf(text, JSON.parse(text), membersOf(text, identifies));
	const row = messageRow(
		text,
		said,
		{ conformance, violations },
		{ receivedAt, blanked, ...origin },
	);
	return { row, text };
}

/** Text that hardly compresses, always the same. */
export function denseText(length: number): string {
	const bytes = createHash("shake256", { outputLength: length }).digest();
	return bytes.toString("base64").slice(0, length);
}
