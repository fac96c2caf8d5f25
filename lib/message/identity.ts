import { membersOf } from "./source.ts";
import { readTimestamp } from "./timestamp.ts";

/** What a message says of itself, as far as it is usable: empty, null and odd values are left out. */
export interface Identity {
	readonly messageId?: string;
	readonly chatId?: string;
	readonly botId?: string;
	readonly contactId?: string;
	readonly externalUserId?: string;
	readonly roomId?: string;
	readonly type?: number;
	readonly isSelf?: boolean;
	readonly source?: number;
	/** Milliseconds since 1970, from `timestamp`. */
	readonly time?: number;
}

const NAMES = [
	"messageId",
	"chatId",
	"botId",
	"contactId",
	"externalUserId",
	"roomId",
] as const satisfies readonly (keyof Identity)[];

/**
 * Reads a message's identity from its text: from `data`, or from the top level of the platform's
 * flat format (docs/platform.md "Envelope"). An id that comes as a number keeps its written digits,
 * because `JSON.parse` makes one id of 7200000000000000123 and 7200000000000000124.
 *
 * @param text a JSON object.
 */
export function identityOf(text: string): Identity {
	const members = fieldsOf(text);
	const literals = new Map<string, string>();
	for (const { key, start, end } of members) {
		const name = key.trim();
		// An exact key outranks one with white space around it, the last duplicate the ones before it.
		if (name === key || !members.some((other) => other.key === name)) {
			literals.set(name, text.slice(start, end));
		}
	}
	const value = (name: string): unknown => JSON.parse(literals.get(name) ?? "null");
	const identity: { -readonly [Key in keyof Identity]: Identity[Key] } = {};
	for (const name of NAMES) {
		const id = idOf(value(name), literals.get(name));
		if (id !== undefined) identity[name] = id;
	}
	const type = readType(value("type"));
	if (type !== undefined) identity.type = type;
	const source = readType(value("source"));
	if (source !== undefined) identity.source = source;
	const isSelf = value("isSelf");
	if (typeof isSelf === "boolean") identity.isSelf = isSelf;
	const time = readTimestamp(value("timestamp"));
	if (time !== undefined) identity.time = time;
	return identity;
}

/**
 * What of an identity may be logged, and no more of it than helps: an id may be as long as a body
 * may be, and a log line is paid for by its bytes.
 */
export function loggable({
	messageId,
	chatId,
	type,
}: Identity): Pick<Identity, "messageId" | "chatId" | "type"> {
	return {
		...(messageId !== undefined && { messageId: messageId.slice(0, LONGEST_LOGGED) }),
		...(chatId !== undefined && { chatId: chatId.slice(0, LONGEST_LOGGED) }),
		...(type !== undefined && { type }),
	};
}

const LONGEST_LOGGED = 64;

const READ = new Set<string>([...NAMES, "type", "source", "isSelf", "timestamp"]);

function fieldsOf(text: string) {
	const top = membersOf(text);
	const data = top.findLast((member) => member.key === "data");
	const fields = data === undefined ? top : membersOf(text, data.start);
	return fields.filter((member) => READ.has(member.key.trim()));
}

function idOf(value: unknown, literal: string | undefined): string | undefined {
	if (typeof value === "string" && value !== "") return value;
	return typeof value === "number" ? literal : undefined;
}

/**
 * A type or source: an integer, or its digits, as in quoted messages (docs/platform.md "Payloads",
 * type 7).
 */
export function readType(value: unknown): number | undefined {
	const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
	return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}
