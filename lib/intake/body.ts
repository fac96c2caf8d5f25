import { membersOf, stringsOf } from "../message/source.ts";

/** The largest body that is taken: 900 KiB of UTF-8, which SQS (1 MiB) holds under any compression. */
export const MAX_BODY_BYTES = 900 * 1024;

/** A readable callback: its text is what will be kept, word for word, the token aside. */
export interface Callback {
	/** The JSON text as received, without byte order mark, the token's value blanked. */
	readonly text: string;
	/** What the text means, for the validators; numbers beyond 2^53 are only right in `text`. */
	readonly value: object;
	/** The platform's shared secret, from `data.token` or, in flat bodies, from the top level. */
	readonly token: string | undefined;
}

/** A body as it can be kept when it is not a readable callback. */
export interface RawBody {
	readonly text: string;
	readonly encoding: "utf8" | "base64";
}

/**
 * Keeps a body whatever it is. A token cannot be told by its place then, but by its digest.
 *
 * @param isToken whether a word is an accepted token.
 */
export function readRawBody(
	body: string | undefined,
	isBase64Encoded: boolean,
	isToken: (word: string) => boolean,
): RawBody {
	const bytes = Buffer.from(body ?? "", isBase64Encoded ? "base64" : "utf8");
	const text = decode(bytes);
	if (text === undefined || body?.isWellFormed() === false) {
		return { text: bytes.toString("base64"), encoding: "base64" };
	}
	return { text: blankWords(text, isToken), encoding: "utf8" };
}

/** Takes the token out of a query: the whole value of `token`, and accepted ones elsewhere. */
export function blankQuery(query: string, isToken: (word: string) => boolean): string {
	return blankWords(query.replace(/((?:^|&)token=)[^&]*/g, "$1"), isToken);
}

/** Takes accepted tokens out of a text that cannot be parsed: by their place, or by their length. */
function blankWords(text: string, isToken: (word: string) => boolean): string {
	return text
		.replace(/("token"\s*:\s*")([^"]*)/g, (member, before, value) =>
			isToken(value) ? before : member,
		)
		.replace(/[\w-]+/g, (word) =>
			word.length >= TOKEN_UNMISTAKABLE_FROM && isToken(word) ? "" : word,
		);
}

/** Why a body is not a callback. */
export type Unreadable = "empty" | "tooLarge" | "notJson";

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Reads the body of a request as API Gateway hands it over.
 *
 * A body is UTF-8 whatever its `Content-Type` says (RFC 8259 §8.1). Bytes that are no UTF-8 would
 * be kept as replacement characters, which is not what was sent, so they are refused as no JSON.
 *
 * @returns the callback, or the reason why there is none.
 */
export function readCallback(
	body: string | undefined,
	isBase64Encoded: boolean,
): Callback | Unreadable {
	if (!body) return "empty";
	const bytes = isBase64Encoded ? Buffer.from(body, "base64") : undefined;
	if ((bytes?.length ?? Buffer.byteLength(body)) > MAX_BODY_BYTES) return "tooLarge";
	const decoded = bytes ? decode(bytes) : body;
	if (decoded === undefined || !decoded.isWellFormed()) return "notJson";
	const text = decoded.startsWith(BYTE_ORDER_MARK) ? decoded.slice(1) : decoded;
	if (text.trim() === "") return "empty";
	const value = parseObject(text);
	if (value === undefined) return "notJson";
	const token = tokenOf(value);
	return { text: blankToken(text, token), value, token };
}

function decode(bytes: Buffer): string | undefined {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

function parseObject(text: string): object | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

function isObject(value: unknown): value is object {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tokenOf(value: object): string | undefined {
	const data = "data" in value && isObject(value.data) ? value.data : {};
	if ("token" in data && typeof data.token === "string") return data.token;
	if ("token" in value && typeof value.token === "string") return value.token;
	return undefined;
}

/**
 * A shorter token may well be a word of a chat, and blanking words would alter messages. Real ones
 * are 24 hex digits (docs/platform.md "Envelope").
 */
const TOKEN_UNMISTAKABLE_FROM = 16;

/**
 * Takes the token out of the text: the value of every member `token` at the top level and in
 * `data`, duplicates and escaped spellings included, and, where it cannot be mistaken for a word,
 * every other occurrence inside a string. The value's JSON type stays, so that the verdict on the
 * kept text is the verdict on the received one.
 */
function blankToken(text: string, token: string | undefined): string {
	let blanked = text;
	for (const { start, end } of tokenPlaces(text)) {
		blanked = blanked.slice(0, start) + blankOf(blanked.slice(start, end)) + blanked.slice(end);
	}
	if (token === undefined || token.length < TOKEN_UNMISTAKABLE_FROM) return blanked;
	return blankInStrings(blanked, token);
}

/** From the last to the first, so that blanking one does not move the next. */
function tokenPlaces(text: string): { start: number; end: number }[] {
	const places: { start: number; end: number }[] = [];
	for (const member of membersOf(text)) {
		if (member.key.trim() === "token") places.push(member);
		if (member.key === "data") {
			for (const inner of membersOf(text, member.start)) {
				if (inner.key.trim() === "token") places.push(inner);
			}
		}
	}
	return places.reverse();
}

function blankOf(literal: string): string {
	switch (literal[0]) {
		case '"':
			return '""';
		case "{":
			return "{}";
		case "[":
			return "[]";
		case "n":
		case "t":
		case "f":
			return literal;
		default:
			return "0";
	}
}

function blankInStrings(text: string, token: string): string {
	const spelled = spellingsOf(token);
	if (!spelled.test(text)) return text;
	let blanked = "";
	let done = 0;
	for (const { start, end } of stringsOf(text)) {
		blanked += text.slice(done, start) + text.slice(start, end).replace(spelled, "");
		done = end;
	}
	return blanked + text.slice(done);
}

/** Matches the token however a JSON string may spell it: each unit as itself or as an escape. */
function spellingsOf(token: string): RegExp {
	const units = Array.from({ length: token.length }, (_, i) => {
		const unit = token[i] ?? "";
		const hex = token.charCodeAt(i).toString(16).padStart(4, "0");
		const digits = hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
		const short = unit === "/" ? "\\/" : JSON.stringify(unit).slice(1, -1);
		return `(?:\\\\u${digits}|${RegExp.escape(unit)}|${RegExp.escape(short)})`;
	});
	// An even number of backslashes before it: an odd one makes its first unit part of an escape.
	return new RegExp(`(?<=(?<!\\\\)(?:\\\\\\\\)*)${units.join("")}`, "g");
}
