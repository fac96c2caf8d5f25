import { type Fields, isObject, numberOf, wordOf } from "./json-text.ts";
import { beginningOf, outlineOf } from "./outline.ts";
import type { Reading } from "./shape.ts";

/** What a chat would show of a message. */
export type Preview =
	| { readonly kind: "text" | "history" | "money" | "call"; readonly text: string }
	| { readonly kind: "quote"; readonly text: string; readonly quoted: string }
	| { readonly kind: "file"; readonly name: string; readonly bytes?: number | undefined }
	| {
			readonly kind: "voice" | "video";
			readonly seconds?: number | undefined;
			readonly text?: string | undefined;
			readonly url?: string | undefined;
	  }
	| { readonly kind: "card"; readonly name: string }
	| {
			readonly kind: "image" | "emoticon";
			readonly url?: string | undefined;
			readonly width?: number | undefined;
			readonly height?: number | undefined;
	  }
	| {
			readonly kind: "link" | "miniProgram" | "channels" | "location";
			readonly title: string;
			readonly description?: string | undefined;
			readonly url?: string | undefined;
	  }
	| { readonly kind: "recall"; readonly messageId: string }
	| { readonly kind: "invite"; readonly room: string; readonly by: string }
	| { readonly kind: "joined" | "left"; readonly names: readonly string[]; readonly by: string }
	| { readonly kind: "renamed"; readonly room: string; readonly by: string }
	| { readonly kind: "recallFailed" }
	/** The first push of rich media has nothing in it yet. */
	| { readonly kind: "empty" }
	/** A part of its text is missing. */
	| { readonly kind: "incomplete" }
	| { readonly kind: "other"; readonly text: string };

/** More than a person types; what shows it may show less. */
const LONGEST = 5_000;
const MOST_NAMES = 50;
const LONGEST_NAME = 200;

/**
 * What a chat would show of a message, by its type (docs/platform.md "Payloads"); any field may be
 * missing.
 */
export function previewOf({ type, payload }: Reading): Preview {
	if (Object.keys(payload).length === 0) return { kind: "empty" };
	return previewOfType(type, payload) ?? other(payload);
}

/**
 * The same in one line: what the preview says, in its own order.
 *
 * @param longest how many characters at most.
 * @param instead what stands for a preview that says nothing of itself.
 */
export function lineOf(
	preview: Preview,
	longest: number,
	instead: Readonly<Record<"incomplete" | "empty" | "recallFailed", string>>,
): string {
	switch (preview.kind) {
		case "incomplete":
		case "empty":
		case "recallFailed":
			return instead[preview.kind];
		default:
			return beginningOf(wordsOf(preview).join(" "), longest);
	}
}

/** Everything that a preview says, such as to look for something in it. */
export function wordsOf({ kind: _, ...said }: Preview): string[] {
	return Object.entries(said).flatMap(([name, value]) => {
		if (typeof value === "number") return UNITS[name] === undefined ? [] : [value + UNITS[name]];
		return [value ?? []].flat().filter((word) => word !== "");
	});
}

/** How wide and high a picture is helps nobody who reads a line. */
const UNITS: Readonly<Record<string, string>> = { seconds: " s", bytes: " bytes" };

function previewOfType(type: number | undefined, payload: Fields): Preview | undefined {
	switch (type) {
		case 1:
			return {
				kind: "file",
				name: first(payload, "name", "fileUrl"),
				bytes: numberOf(payload.size),
			};
		case 2:
			return {
				kind: "voice",
				seconds: numberOf(payload.duration),
				text: cut(payload.text),
				url: cut(payload.voiceUrl),
			};
		case 3:
			return { kind: "card", name: first(payload, "name", "nickname", "wxid") };
		case 4:
			return said(payload, "history");
		case 5:
			return { kind: "emoticon", url: cut(payload.imageUrl) };
		case 6:
			return image(payload);
		case 7:
			return text(payload);
		case 8:
			return location(payload);
		case 9:
			return titled("miniProgram", payload, "title", "description");
		case 10:
			return said(payload, "money");
		case 11:
			return { kind: "recall", messageId: first(payload, "content") };
		case 12:
			return wordOf(payload.title) === undefined
				? undefined
				: titled("link", payload, "title", "description", "url");
		case 13:
			return {
				kind: "video",
				seconds: numberOf(payload.duration),
				url: cut(payload.videoUrl),
			};
		case 14:
			return titled("channels", payload, "nickname", "description", "url");
		case 15:
			return said(payload, "call");
		case 9999:
			return {
				kind: "invite",
				room: first(payload, "roomTopic", "roomName", "groupName"),
				by: first(payload, "invitaterName"),
			};
		case 10000:
			return system(payload);
		case 10001:
			return roomEvent(payload);
		default:
			return undefined;
	}
}

function text(payload: Fields): Preview | undefined {
	const words = cut(payload.text) ?? cut(payload.pureText);
	if (words === undefined) return undefined;
	const quote = isObject(payload.quoteMessage) ? payload.quoteMessage : {};
	const content = isObject(quote.content) ? quote.content : {};
	const quoted = cut(content.text) ?? cut(content.content);
	return quoted === undefined
		? { kind: "text", text: words }
		: { kind: "quote", text: words, quoted };
}

function image(payload: Fields): Preview {
	const artwork = isObject(payload.artwork) ? payload.artwork : {};
	return {
		kind: "image",
		url: cut(artwork.url) ?? cut(payload.imageUrl) ?? cut(payload.url),
		width: numberOf(artwork.width) ?? numberOf(payload.width),
		height: numberOf(artwork.height) ?? numberOf(payload.height),
	};
}

function location(payload: Fields): Preview | undefined {
	const { name, address, latitude, longitude } = payload;
	const title = cut(name) ?? cut(address) ?? cut(payload.content);
	if (title === undefined) return undefined;
	const place = [latitude, longitude].map((value) => numberOf(value) ?? "").join(", ");
	return {
		kind: "location",
		title,
		description: cut(address) ?? (place === ", " ? "" : place),
	};
}

function system(payload: Fields): Preview | undefined {
	const sub = isObject(payload.subPayload) ? payload.subPayload : {};
	if (Array.isArray(sub.memberNames)) {
		return {
			kind: "joined",
			names: namesOf(sub.memberNames),
			by: first(sub, "inviterName"),
		};
	}
	return wordOf(sub.messageId) === undefined ? undefined : { kind: "recallFailed" };
}

function roomEvent(payload: Fields): Preview | undefined {
	const sub = isObject(payload.subPayload) ? payload.subPayload : {};
	if (Array.isArray(sub.inviteeList)) {
		return { kind: "joined", names: namesOf(sub.inviteeList), by: byOf(sub.inviter) };
	}
	if (Array.isArray(sub.leaverList)) {
		return { kind: "left", names: namesOf(sub.leaverList), by: byOf(sub.remover) };
	}
	const room = cut(sub.newTopic);
	return room === undefined ? undefined : { kind: "renamed", room, by: byOf(sub.changer) };
}

function namesOf(members: readonly unknown[]): string[] {
	return members.slice(0, MOST_NAMES).flatMap(nameOf);
}

function nameOf(member: unknown): string[] {
	const { displayName, nickname } = isObject(member) ? member : { displayName: member };
	const name = cut(displayName, LONGEST_NAME) ?? cut(nickname, LONGEST_NAME);
	return name === undefined ? [] : [name];
}

function byOf(member: unknown): string {
	return nameOf(member)[0] ?? "";
}

function said(payload: Fields, kind: "history" | "money" | "call"): Preview | undefined {
	const content = cut(payload.content);
	return content === undefined ? undefined : { kind, text: content };
}

function titled(
	kind: "link" | "miniProgram" | "channels",
	payload: Fields,
	title: string,
	description: string,
	url?: string,
): Preview {
	return {
		kind,
		title: first(payload, title, description),
		description: cut(payload[description]),
		url: url === undefined ? undefined : cut(payload[url]),
	};
}

function other(payload: Fields): Preview {
	return { kind: "other", text: outlineOf(payload, { longest: LONGEST }) };
}

function first(payload: Fields, ...names: readonly string[]): string {
	return names.flatMap((name) => cut(payload[name]) ?? []).at(0) ?? "";
}

/** @returns the words of a value, or their beginning: a hostile one may be as long as a body. */
export function cut(value: unknown, longest = LONGEST): string | undefined {
	const word = typeof value === "number" ? String(value) : wordOf(value);
	return word === undefined ? undefined : beginningOf(word, longest);
}
