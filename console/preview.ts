import { jsonOf } from "../lib/message/json.ts";
import type { Reading } from "../lib/message/shape.ts";
import type { Preview } from "./protocol.ts";
import { type Fields, given, isFields, numberOf, wordOf } from "./watch/fields.ts";

/** More than a person types; the page shows the first lines of it, and searches all of it. */
const LONGEST = 5_000;
const MOST_NAMES = 50;

/**
 * What a chat would show of a message, by its type (docs/platform.md "Payloads"); any field may be
 * missing.
 */
export function previewOf({ type, payload }: Reading): Preview {
	if (Object.keys(payload).length === 0) return { kind: "empty" };
	return (type === undefined ? undefined : previewOfType(type, payload)) ?? other(payload);
}

function previewOfType(type: number, payload: Fields): Preview | undefined {
	switch (type) {
		case 1:
			return { kind: "file", name: first(payload, "name", "fileUrl"), ...size(payload) };
		case 2:
			return {
				kind: "voice",
				...given("seconds", numberOf(payload.duration)),
				...given("text", cut(payload.text)),
			};
		case 3:
			return { kind: "card", name: first(payload, "name", "nickname", "wxid") };
		case 4:
			return said(payload, "history");
		case 5:
			return { kind: "emoticon", ...given("url", cut(payload.imageUrl)) };
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
				...given("url", cut(payload.videoUrl)),
				...given("seconds", numberOf(payload.duration)),
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
	const quote = isFields(payload.quoteMessage) ? payload.quoteMessage : {};
	const content = isFields(quote.content) ? quote.content : {};
	const quoted = cut(content.text) ?? cut(content.content);
	return quoted === undefined
		? { kind: "text", text: words }
		: { kind: "quote", text: words, quoted };
}

function image(payload: Fields): Preview {
	const artwork = isFields(payload.artwork) ? payload.artwork : {};
	return {
		kind: "image",
		...given("url", cut(artwork.url) ?? cut(payload.imageUrl) ?? cut(payload.url)),
		...given("width", numberOf(artwork.width) ?? numberOf(payload.width)),
		...given("height", numberOf(artwork.height) ?? numberOf(payload.height)),
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
	const sub = isFields(payload.subPayload) ? payload.subPayload : {};
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
	const sub = isFields(payload.subPayload) ? payload.subPayload : {};
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
	const name = isFields(member) ? (cut(member.displayName) ?? cut(member.nickname)) : cut(member);
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
		...given("description", cut(payload[description])),
		...(url !== undefined && given("url", cut(payload[url]))),
	};
}

function other(payload: Fields): Preview {
	return { kind: "other", text: cut(jsonOf(payload)) ?? "{…}" };
}

function size(payload: Fields): { bytes?: number } {
	return given("bytes", numberOf(payload.size));
}

function first(payload: Fields, ...names: readonly string[]): string {
	return names.flatMap((name) => cut(payload[name]) ?? []).at(0) ?? "";
}

/** @returns the words of a value, or their beginning: a hostile one may be as long as a body. */
export function cut(value: unknown, longest = LONGEST): string | undefined {
	const word = typeof value === "number" ? String(value) : wordOf(value);
	return word !== undefined && word.length > longest ? `${word.slice(0, longest)}…` : word;
}
