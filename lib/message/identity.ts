import { isObject, type Member, type Members } from "./json-text.ts";
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

const READ = new Set<string>([...NAMES, "type", "source", "isSelf", "timestamp"]);

/** Whether a message's identity is read from a member of this key, white space around it aside. */
export function identifies(key: string): boolean {
	return READ.has(key.trim());
}

/**
 * Reads a message's identity: from `data`, or from the top level of the platform's flat format
 * (docs/platform.md "Envelope"). An id that comes as a number keeps its written digits, because
 * `JSON.parse` makes one id of 7200000000000000123 and 7200000000000000124.
 *
 * @param text a JSON object.
 * @param value what it means.
 * @param members where its members stand, those that {@link identifies} wants at least.
 */
export function identityOf(text: string, value: object, { top, data }: Members): Identity {
	const holder = data.length > 0 && "data" in value ? value.data : value;
	if (!isObject(holder)) return {};
	const chosen = new Map<string, Member>();
	const exact = new Set<string>();
	for (const member of data.at(-1) ?? top) {
		const name = member.key.trim();
		// An exact key outranks one with white space around it, the last duplicate the ones before it.
		if (name === member.key) exact.add(name);
		else if (exact.has(name)) continue;
		if (READ.has(name)) chosen.set(name, member);
	}
	const said = (name: string): unknown => {
		const key = chosen.get(name)?.key;
		return key === undefined ? undefined : holder[key];
	};
	const identity: { -readonly [Key in keyof Identity]: Identity[Key] } = {};
	for (const name of NAMES) {
		const id = idOf(said(name), text, chosen.get(name));
		if (id !== undefined) identity[name] = id;
	}
	const type = readType(said("type"));
	if (type !== undefined) identity.type = type;
	const source = readType(said("source"));
	if (source !== undefined) identity.source = source;
	const isSelf = said("isSelf");
	if (typeof isSelf === "boolean") identity.isSelf = isSelf;
	const time = readTimestamp(said("timestamp"));
	if (time !== undefined) identity.time = time;
	return identity;
}

function idOf(value: unknown, text: string, member: Member | undefined): string | undefined {
	if (typeof value === "string" && value !== "") return value;
	return typeof value === "number" ? text.slice(member?.start, member?.end) : undefined;
}

/** A type or source: an integer, or its digits, as in quoted messages (docs/platform.md "Payloads", type 7). */
export function readType(value: unknown): number | undefined {
	const number = typeof value === "string" && /^\d{1,16}$/.test(value) ? Number(value) : value;
	return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}
