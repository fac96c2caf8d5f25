import { MAX_BODY_BYTES } from "../intake/body.ts";
import {
	elementsAt,
	type Member,
	membersAt,
	type Place,
	parseObject,
	wholeOf,
	wordOf,
} from "../message/json-text.ts";

/** What the platform answers when it is asked for a page of its message history. */
export type Answer =
	| {
			readonly kind: "page";
			/**
			 * Each record as the JSON text of a callback, its values to the letter as they came; undefined for
			 * one that can be none.
			 */
			readonly records: readonly (string | undefined)[];
			/** The cursor of the next page, if there may be one. */
			readonly next: string | undefined;
	  }
	/** It refuses; `words` are its own and may hold anything. */
	| { readonly kind: "refusal"; readonly code: string; readonly words: string }
	/** Nothing that is known of it. */
	| { readonly kind: "odd" };

/**
 * Reads an answer of either dialect (docs/platform.md "Back-fill"): whichever was asked, what matters is
 * what came. The text is parsed once; then places in it are walked, each no more than once a level, so
 * that the values of a record are its own characters: a number of 19 digits is no number any more once
 * it is parsed.
 */
export function readAnswer(text: string): Answer {
	if (parseObject(text) === undefined) return { kind: "odd" };
	const top = named(text, wholeOf(text));
	const code = ["code", "errcode"]
		.map((name) => plain(text, top.get(name)))
		.find((value) => value !== undefined && value !== "0");
	if (code !== undefined) {
		const words = ["message", "errmsg", "msg"].map((name) => plain(text, top.get(name)));
		return { kind: "refusal", code, words: words.find((one) => one !== undefined) ?? "" };
	}
	const data = top.get("data");
	if (data === undefined) return { kind: "odd" };
	const inner = named(text, data);
	const messages = inner.get("messages");
	const places = placesOf(text, data, inner);
	const next = plain(text, top.get("seq")) ?? plain(text, inner.get("seq"));
	if (places === undefined || (next?.length ?? 0) > LONGEST_CURSOR) return { kind: "odd" };
	const shared = messages === undefined ? [] : SHARED.flatMap((name) => inner.get(name) ?? []);
	return {
		kind: "page",
		records: places.map((place) => callbackText(text, place, shared)),
		next,
	};
}

const LONGEST_CURSOR = 1_000;

/** Where the records stand; undefined for what must not be taken for a page without any. */
function placesOf(
	text: string,
	data: Place,
	inner: ReadonlyMap<string, Member>,
): readonly Place[] | undefined {
	// One record was printed without a list around it.
	if (inner.has("messageId")) return [data];
	const list = inner.get("messages") ?? data;
	if (text[list.start] === "[") return elementsAt(text, list);
	const isEmpty = text[list.start] === "{" && inner.size === 0;
	return isEmpty || text.startsWith("null", list.start) ? [] : undefined;
}

/** What is said once for all records of a page. */
const SHARED = ["botId", "botWeixin", "imBotId"] as const;

/** What a callback calls otherwise. */
const NAMES: Readonly<Record<string, string>> = {
	imBotId: "botWxid",
	imContactId: "contactId",
	imRoomId: "roomId",
	wecomChatId: "roomWecomChatId",
};

/** The members of an object by their names; the resold form writes some with a capital letter. */
function named(text: string, place: Place): Map<string, Member> {
	return new Map(membersAt(text, place).map((member) => [small(member.key), member]));
}

function small(key: string): string {
	return key.slice(0, 1).toLowerCase() + key.slice(1);
}

/** A string's or a number's characters; nothing for what says nothing. */
function plain(text: string, place: Place | undefined): string | undefined {
	if (place === undefined) return undefined;
	const literal = text.slice(place.start, place.end);
	if (/^[-\d]/.test(literal)) return literal;
	return literal.startsWith('"') ? wordOf(JSON.parse(literal)) : undefined;
}

function callbackText(text: string, place: Place, shared: readonly Member[]): string | undefined {
	const own = membersAt(text, place);
	if (own.length === 0 || place.end - place.start > MAX_BODY_BYTES) return undefined;
	const members = new Map<string, string>();
	for (const { key, start, end } of [...shared, ...own]) {
		const name = small(key);
		const value = text.slice(start, end);
		if (name === "payload") members.set(name, payloadText(text, { start, end }));
		else members.set(name, value);
	}
	for (const [other, name] of Object.entries(NAMES)) {
		const value = members.get(other);
		if (value === undefined || members.has(name)) continue;
		members.delete(other);
		members.set(name, value);
	}
	const data = [...members].map(([name, value]) => `${JSON.stringify(name)}:${value}`);
	const callback = `{"data":{${data.join(",")}}}`;
	return Buffer.byteLength(callback) > MAX_BODY_BYTES ? undefined : callback;
}

/** The resold form wraps a payload in an object that names its kind; the raw kind may be a text. */
function payloadText(text: string, place: Place): string {
	const value = text.slice(place.start, place.end);
	const [only, ...others] = membersAt(text, place);
	if (only === undefined || others.length > 0 || !only.key.endsWith("Payload")) return value;
	const inner = text.slice(only.start, only.end);
	if (!inner.startsWith('"')) return inner;
	const raw: string = JSON.parse(inner);
	return parseObject(raw) === undefined ? `{"content":${inner}}` : raw.replace(HALVES, escaped);
}

/**
 * Half of a surrogate pair, which stood escaped twice. UTF-8 has none, so it would be another character
 * in the queue and in the table. In JSON it can only stand in a string.
 */
const HALVES = /\p{Surrogate}/gu;

function escaped(unit: string): string {
	return `\\u${unit.charCodeAt(0).toString(16)}`;
}
