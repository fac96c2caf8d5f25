import { createHash } from "node:crypto";
import { type Identity, identityOf } from "../message/identity.ts";
import type { Conformance } from "../message/verdict.ts";
import {
	type CallbackEnvelope,
	type Envelope,
	isMessage,
	type MessageEnvelope,
} from "./envelope.ts";
import { compress, decompress } from "./gzip.ts";

/** What a row holds of a body, wherever its length puts it. */
export interface Text {
	/** The text as received, token blanked. */
	readonly message?: string;
	/** The same as gzip, when it is long. */
	readonly messageGzip?: Uint8Array;
	/** How many {@link Part} rows hold the gzip, when one item cannot. */
	readonly messageParts?: number;
	/** When DynamoDB may delete it, in seconds since 1970; kept for ever without. */
	readonly expiresAt?: number;
}

/** The row of one revision of a message, as it lies in the table. */
export interface Row extends Text, Omit<Identity, "chatId" | "time"> {
	/** Partition key: the message's chat, or `apart#` and a shard where it names none. */
	readonly chatId: string;
	/** Sort key: the message's time, then what tells it from others of that time. */
	readonly sk: string;
	/** The message's own time, or when it arrived if it tells no usable one; ISO 8601 in ms. */
	readonly sentAt: string;
	/** When it arrived first; ISO 8601 in ms. */
	readonly receivedAt: string;
	readonly conformance: Conformance;
	readonly violations?: readonly string[];
	/** Only on rows that want a look: key of the sparse index, one of {@link SHARDS}. */
	readonly review?: string;
}

/** The row of a request below the base URL that is no message. */
export interface CallbackRow extends Text {
	/** Partition key: `callback#` and the path. */
	readonly chatId: string;
	readonly sk: string;
	readonly method: string;
	readonly path: string;
	readonly query: string;
	readonly encoding: "utf8" | "base64";
	/** When it arrived first; ISO 8601 in ms. */
	readonly receivedAt: string;
}

/** A piece of a text that is too long for one item even when compressed. */
export interface Part {
	readonly chatId: string;
	readonly sk: string;
	readonly messageGzip: Uint8Array;
	readonly expiresAt?: number;
}

/** What one envelope becomes. */
export interface Record<AnyRow extends Row | CallbackRow = Row | CallbackRow> {
	/** To be written before the row: the row is what makes the message visible. */
	readonly parts: readonly Part[];
	readonly row: AnyRow;
}

/** Names of the partitions over which an index or a group without a key of its own is spread. */
export const SHARDS: readonly string[] = [..."0123456789abcdef"];

/** A DynamoDB partition takes 1,000 writes/s, so what has no chat is spread by its digest. */
const APART = "apart#";
const PART = "part#";
const CALLBACK = "callback#";
/** Sorts after every time: the place of messages of a chat that tell no usable time. */
export const UNTIMED = "untimed";

/**
 * Every usual text stays readable in place; each KB of a longer one would be paid for as a write
 * (`npm run cost` in bench/), so it is compressed.
 */
const LONGEST_PLAIN_TEXT = 4 * 1024;
/** SHA-256 in base64url. */
export const DIGEST_LENGTH = 43;

/** An item may have 400 KB, names and the other attributes included (at most some 6 KB here). */
const LONGEST_BINARY = 380_000;
/** A sort key may have 1,024 bytes, an index's partition key 2,048. */
const LONGEST_ID = 512;

/**
 * Lays an envelope out for the table.
 *
 * The keys come from the message's bytes alone, never from the time of arrival: that makes a
 * redelivery the same row even when its id or time is unusable, and other content under the same
 * `messageId` another one (docs/platform.md "Revisions": images come up to three times, each time
 * fuller).
 *
 * @param retentionDays how long the row is kept after its message arrived; for ever by default.
 */
export function recordOf(envelope: MessageEnvelope, retentionDays?: number): Record<Row>;
export function recordOf(envelope: Envelope, retentionDays?: number): Record;
export function recordOf(envelope: Envelope, retentionDays?: number): Record {
	const hash = hashOf(envelope);
	const { body, parts } = layText(envelope.text, hash.toString("base64url"));
	const expiry = retentionDays !== undefined && {
		expiresAt: Math.ceil(Date.parse(envelope.receivedAt) / 1_000) + retentionDays * 86_400,
	};
	const row = isMessage(envelope) ? messageRow(envelope, hash) : callbackRow(envelope, hash);
	return {
		row: { ...row, ...body, ...expiry },
		parts: parts.map((part) => ({ ...part, ...expiry })),
	};
}

/** Of all that was received of a callback; for a message that is its text. */
function hashOf(envelope: Envelope): Buffer {
	const hash = createHash("sha256");
	if (!isMessage(envelope)) {
		const { method, path, query, encoding } = envelope;
		hash.update(JSON.stringify([method, path, query, encoding]));
	}
	return hash.update(envelope.text).digest();
}

function callbackRow(envelope: CallbackEnvelope, hash: Buffer): CallbackRow {
	const { receivedAt, method, path, query, encoding } = envelope;
	const sk = `${UNTIMED}##${hash.toString("base64url")}`;
	return { chatId: callbackKey(path), sk, method, path, query, encoding, receivedAt };
}

/** @returns the partition key of a callback's rows, from its path below the base URL. */
export function callbackKey(path: string): string {
	return keyOf(CALLBACK + path);
}

function messageRow(
	{ receivedAt, conformance, violations, text }: MessageEnvelope,
	hash: Buffer,
): Row {
	const digest = hash.toString("base64url");
	const shard = SHARDS[(hash[0] ?? 0) % SHARDS.length] ?? "0";
	const { time, chatId, ...said } = identityOf(text);
	const attributes = { ...said, ...keysOf(said) };
	const sentAt = time === undefined ? undefined : new Date(time).toISOString();
	return {
		chatId: chatId === undefined ? APART + shard : keyOf(chatId),
		sk: `${sentAt ?? UNTIMED}#${attributes.messageId ?? ""}#${digest}`,
		...attributes,
		sentAt: sentAt ?? receivedAt,
		receivedAt,
		...verdictAttributes(conformance, violations, shard),
	};
}

/** The part of a row that tells how its message fits the schemas; all that ever changes of a row. */
export type VerdictAttributes = Pick<Row, "conformance" | "violations" | "review">;

/** @param shard where the row goes in the sparse index, if it is to be looked at. */
export function verdictAttributes(
	conformance: Conformance,
	violations: readonly string[],
	shard = "0",
): VerdictAttributes {
	return {
		conformance,
		...(violations.length > 0 && { violations }),
		...(conformance === "unrecognized" && { review: shard }),
	};
}

function keysOf(said: Identity): Identity {
	const ids = Object.entries(said).filter((entry) => typeof entry[1] === "string");
	return Object.fromEntries(ids.map(([name, id]) => [name, keyOf(id)]));
}

/** The id as a key: itself, or a digest of it where DynamoDB would refuse its length. */
export function keyOf(id: string): string {
	if (Buffer.byteLength(id) <= LONGEST_ID) return id;
	return `sha256:${createHash("sha256").update(id).digest("hex")}`;
}

function layText(text: string, digest: string) {
	if (Buffer.byteLength(text) <= LONGEST_PLAIN_TEXT) return { body: { message: text }, parts: [] };
	const gzip = compress(text);
	if (gzip.length <= LONGEST_BINARY) return { body: { messageGzip: gzip }, parts: [] };
	const bytes = Buffer.from(text);
	const parts: Part[] = [];
	for (let at = 0; at < bytes.length; at += LONGEST_BINARY) {
		// Each part is a gzip member of its own, so parts written by different zlib versions (a retry
		// after a runtime update) still make one text.
		const messageGzip = compress(bytes.subarray(at, at + LONGEST_BINARY));
		parts.push({ ...partKey(digest, parts.length), messageGzip });
	}
	return { body: { messageParts: parts.length }, parts };
}

function partKey(digest: string, index: number): Pick<Part, "chatId" | "sk"> {
	return { chatId: PART + digest, sk: String(index) };
}

/** The keys of the parts that hold the text of a row; none when the row holds it itself. */
export function partKeysOf(row: Row | CallbackRow): Pick<Part, "chatId" | "sk">[] {
	const digest = row.sk.slice(-DIGEST_LENGTH);
	return Array.from({ length: row.messageParts ?? 0 }, (_, index) => partKey(digest, index));
}

/** The row's text, word for word as it was received, token aside. */
export function textOf(row: Text, parts: readonly Part[]): string {
	if (row.message !== undefined) return row.message;
	const gzip = row.messageGzip ?? Buffer.concat(parts.map((part) => part.messageGzip));
	return decompress(gzip);
}
