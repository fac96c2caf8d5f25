import { createHash } from "node:crypto";
import type { Identity } from "../message/identity.ts";
import type { Conformance, Verdict } from "../message/verdict.ts";

/** Where a row lies. */
export interface RowKey {
	/** Partition key: what kind of row it is, and what its partition is of that kind. */
	readonly pk: string;
	/** Sort key; its last part is the digest of what was received. */
	readonly sk: string;
}

/** What a row of either kind has. */
interface Kept extends RowKey {
	/** When it arrived first; ISO 8601 in ms. */
	readonly receivedAt: string;
	/** How many places of it were blanked, because a token or key stood there. */
	readonly blanked?: number;
	/** When DynamoDB may delete it, in seconds since 1970; kept for ever without. */
	readonly expiresAt?: number;
	/** Its place in the order of storing, which only a row in the table has. */
	readonly storedAt?: string;
	readonly shard?: string;
}

/** The place of a row in the order of storing. */
export interface StoringPlace {
	/** When it was written; ISO 8601 in ms. */
	readonly storedAt: string;
	/** One of {@link STORING_SHARDS}. */
	readonly shard: string;
}

/**
 * A message's rows share a shard, so that its id finds them without an index of its own, which would
 * cost one more write a message.
 *
 * @param now ms since 1970.
 */
export function storingPlace(row: RowKey, now: number): StoringPlace {
	const shard = storingShard(messageIdOf(row) ?? digestOf(row));
	return { shard, storedAt: new Date(now).toISOString() };
}

/** @returns the shard of the order of storing that holds what has this id. */
export function storingShard(id: string): string {
	const [byte = 0] = createHash("sha256").update(id).digest();
	return STORING_SHARDS[byte % STORING_SHARDS.length] ?? "00";
}

/** The row of one revision of a message. */
export interface MessageRow extends Kept, Omit<Identity, "chatId" | "time"> {
	/** The message's own time, or when it arrived if it tells no usable one; ISO 8601 in ms. */
	readonly sentAt: string;
	readonly conformance: Conformance;
	readonly violations?: readonly string[];
	/** Only on rows that want a look: key of the sparse index, one of {@link SHARDS}. */
	readonly review?: string;
	/** Only on rows that no callback brought, but the platform's message history. */
	readonly origin?: Origin;
	/** Of the text, on rows whose sort key does not end in it. */
	readonly textDigest?: string;
}

/** Where a message came from, other than by a callback. */
export type Origin = "history";

/** The row of a request below the base URL that is no message. */
export interface CallbackRow extends Kept {
	readonly method: string;
	/** Below the base URL and its key, without a slash before or after it, such as `room/joined`. */
	readonly path: string;
	/** As received; empty when there was none. */
	readonly query: string;
	/** How the text holds the body: one that is not UTF-8 could not be kept as text. */
	readonly encoding: "utf8" | "base64";
}

/** What lies in the table. */
export type Row = MessageRow | CallbackRow;

/** Whether a row holds a message rather than another callback. */
export function isOfMessage<Any extends object>(row: Any): row is Exclude<Any, CallbackRow> {
	return !("encoding" in row);
}

/**
 * What a partition key begins with. The rest may be a sender's words, so without it a chat could take
 * the place of another kind of row.
 */
const KINDS = {
	chat: "chat#",
	apart: "apart#",
	callback: "callback#",
	part: "part#",
	contact: "contact#",
	room: "room#",
} as const;

/** What the partition keys of all messages begin with, of those with a chat and of those without. */
export const MESSAGE_KINDS = [KINDS.chat, KINDS.apart] as const;

/** Names of the partitions over which an index or a group without a key of its own is spread. */
export const SHARDS: readonly string[] = [..."0123456789abcdef"];

/**
 * The same of the order of storing: an id's look-up reads one of them, and a partition of an index takes
 * 1,000 writes/s.
 */
export const STORING_SHARDS: readonly string[] = Array.from({ length: 64 }, (_, n) =>
	n.toString(16).padStart(2, "0"),
);

/** Sorts after every time: the place of messages of a chat that tell no usable time. */
export const UNTIMED = "untimed";

/** Whether a message tells no usable time; then it is sorted after those that do. */
export function isUntimed({ sk }: RowKey): boolean {
	return sk.startsWith(UNTIMED);
}

/** SHA-256 in base64url. */
export const DIGEST_LENGTH = 43;

/** A sort key may have 1,024 bytes, an index's partition key 2,048. */
const LONGEST_ID = 512;
const DIGESTED = "sha256:";

/**
 * The id as a key: itself, or a digest of it where DynamoDB would refuse its length, or could not keep
 * it: its strings are UTF-8, which has no half of a surrogate pair
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html).
 */
export function keyOf(id: string): string {
	const isKept = id.isWellFormed() && Buffer.byteLength(id) <= LONGEST_ID;
	// What looks like a digest is none, so that no id takes the key of another.
	if (isKept && !id.startsWith(DIGESTED)) return id;
	const text = id.isWellFormed() ? id : JSON.stringify(id);
	return DIGESTED + createHash("sha256").update(text).digest("hex");
}

/** @returns the partition key of a chat's messages. */
export function chatKey(chatId: string): string {
	return KINDS.chat + keyOf(chatId);
}

/** @returns the chat's id, or undefined when a row names none; `sha256:…` stands for a long one. */
export function chatOf({ pk }: RowKey): string | undefined {
	return pk.startsWith(KINDS.chat) ? pk.slice(KINDS.chat.length) : undefined;
}

/** What a chat can be looked for by, beside its own id. */
export type Party = "contact" | "room";

/** @param key of a contact or a room, see {@link keyOf}. */
export function directoryKey(party: Party, key: string): string {
	return KINDS[party] + key;
}

/**
 * Where the directory must tell of a message, so that its contact and its room find it: which partition
 * has rows of theirs.
 */
export function directoryKeys({ pk, contactId, roomId }: MessageRow): RowKey[] {
	return [
		...(contactId === undefined ? [] : [{ pk: directoryKey("contact", contactId), sk: pk }]),
		...(roomId === undefined ? [] : [{ pk: directoryKey("room", roomId), sk: pk }]),
	];
}

/** @returns the partition key of a callback's rows, from its path below the base URL. */
export function callbackKey(path: string): string {
	return KINDS.callback + keyOf(path);
}

/** @returns the key of a piece of the text of a row with this digest. */
export function partKey(digest: string, index: number): RowKey {
	return { pk: KINDS.part + digest, sk: String(index) };
}

/** The digest of a row's text. */
export function digestOf({ sk, textDigest }: RowKey & Pick<MessageRow, "textDigest">): string {
	return textDigest ?? sk.slice(-DIGEST_LENGTH);
}

/** The id of the message, as a key says it: `<time or untimed>#<id>#<digest>`. */
export function messageIdOf({ sk }: RowKey): string | undefined {
	return sk.slice(sk.indexOf("#") + 1, -DIGEST_LENGTH - 1) || undefined;
}

/** The time that a key says; undefined where the message told none. */
export function timeOf(key: RowKey): string | undefined {
	return isUntimed(key) ? undefined : key.sk.slice(0, key.sk.indexOf("#"));
}

/** Whether a text is, to the letter, what a row was made of. */
export function isTextOf(row: (RowKey & object) | CallbackRow, text: string): boolean {
	const digest = "encoding" in row ? callbackDigest(row, text) : messageDigest(text);
	return digest.toString("base64url") === digestOf(row);
}

function messageDigest(text: string): Buffer {
	return createHash("sha256").update(text).digest();
}

type RequestLine = Pick<CallbackRow, "method" | "path" | "query" | "encoding">;

function callbackDigest({ method, path, query, encoding }: RequestLine, text: string): Buffer {
	const line = JSON.stringify([method, path, query, encoding]);
	return createHash("sha256").update(line).update(text).digest();
}

/** What of a message's row does not follow from its text. */
export interface Arrival {
	/** ISO 8601 in ms. */
	readonly receivedAt: string;
	/** How many places were blanked. */
	readonly blanked: number;
	readonly origin?: Origin;
}

/**
 * The row of a message.
 *
 * The keys come from the message's bytes alone, never from the time of arrival: that makes a
 * redelivery the same row even when its id or time is unusable, and other content under the same
 * `messageId` another one (docs/platform.md "Revisions": images come up to three times, each time
 * fuller).
 *
 * The history does not have the callback's bytes, and may tell a message otherwise tomorrow, when a
 * contact has another name: so a message has one row of it, whatever it says.
 *
 * @param text the JSON text as it is kept.
 * @param said what it says of itself; nothing of it reaches a key unless DynamoDB takes it there.
 */
export function messageRow(
	text: string,
	{ time, chatId, ...said }: Identity,
	{ conformance, violations }: Verdict,
	{ receivedAt, blanked, origin }: Arrival,
): MessageRow {
	const ids = Object.entries(said).map(([name, id]) => [
		name,
		typeof id === "string" ? keyOf(id) : id,
	]);
	const attributes: Omit<Identity, "chatId" | "time"> = Object.fromEntries(ids);
	const sentAt = time === undefined ? undefined : new Date(time).toISOString();
	const { messageId = "" } = attributes;
	const textHash = messageDigest(text);
	const isKeyedById = origin !== undefined && messageId !== "";
	const hash = isKeyedById ? copyDigest(attributes, origin) : textHash;
	return {
		pk: chatId === undefined ? apartKey(attributes, hash) : chatKey(chatId),
		sk: `${sentAt ?? UNTIMED}#${messageId}#${hash.toString("base64url")}`,
		...attributes,
		sentAt: sentAt ?? receivedAt,
		receivedAt,
		...verdictAttributes(
			{ conformance, violations },
			origin === undefined ? shardOf(hash) : undefined,
		),
		...(blanked > 0 && { blanked }),
		...(origin && { origin }),
		...(isKeyedById && { textDigest: textHash.toString("base64url") }),
	};
}

/** Stands for the one row that a bot's copy of a message has of this origin. */
function copyDigest({ botId, messageId }: Identity, origin: Origin): Buffer {
	return createHash("sha256")
		.update(JSON.stringify([origin, botId, messageId]))
		.digest();
}

/**
 * A DynamoDB partition takes 1,000 writes/s, so what names no chat is spread: by its message, so that
 * the revisions of one lie together, or by its text where it names no message either.
 */
function apartKey({ botId, messageId }: Identity, hash: Buffer): string {
	if (messageId === undefined) return KINDS.apart + shardOf(hash);
	const named = createHash("sha256")
		.update(JSON.stringify([botId, messageId]))
		.digest();
	return KINDS.apart + shardOf(named);
}

function shardOf(hash: Buffer): string {
	return SHARDS[(hash[0] ?? 0) % SHARDS.length] ?? "0";
}

/** The part of a row that tells how its message fits the schemas; all that ever changes of a row. */
export type VerdictAttributes = Pick<MessageRow, "conformance" | "violations" | "review">;

/** @param shard where the row goes in the sparse index, if it is one to be looked at. */
export function verdictAttributes(
	{ conformance, violations }: Verdict,
	shard: string | undefined,
): VerdictAttributes {
	return {
		conformance,
		...(violations.length > 0 && { violations }),
		...(conformance === "unrecognized" && shard !== undefined && { review: shard }),
	};
}

/**
 * The row of another callback.
 *
 * @param text the body as it is kept.
 */
export function callbackRow(
	text: string,
	line: RequestLine,
	{ receivedAt, blanked }: Arrival,
): CallbackRow {
	const digest = callbackDigest(line, text).toString("base64url");
	return {
		pk: callbackKey(line.path),
		sk: `${UNTIMED}##${digest}`,
		...line,
		receivedAt,
		...(blanked > 0 && { blanked }),
	};
}
