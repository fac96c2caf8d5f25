import { wordsOf } from "../../lib/message/preview.ts";
import type { Facet, FacetName, Facets, MessageSummary, Recall } from "../protocol.ts";
import { aspects, type Filter, passes, placeOf } from "./filter.ts";

/** All messages that are known, in the order of their arrival. */
export interface Catalog {
	/** @returns the messages that have changed by it: itself, and the one that it withdraws. */
	put(message: MessageSummary): MessageSummary[];
	get(id: string): MessageSummary | undefined;
	/**
	 * @param before the place after which a page begins, see {@link placeOf}; the newest without.
	 * @returns the newest messages that pass a filter, and how many do in all.
	 */
	page(
		filter: Filter,
		limit: number,
		before?: string,
	): { messages: MessageSummary[]; matched: number };
	/** Those of some messages that pass a filter. */
	passing(messages: readonly MessageSummary[], filter: Filter): MessageSummary[];
	facets(): Facets;
	/** What a chat is called: its room, or its contact. */
	chatName(chatId: string): string | undefined;
	readonly known: number;
	/** When the newest arrived that was forgotten, because there were too many. */
	readonly forgottenTo: string | undefined;
}

const MOST_FACETS = 500;

interface Entry {
	readonly message: MessageSummary;
	/** What the search looks through, in lower case. */
	readonly words: string;
	readonly place: string;
}

/**
 * @param mostKnown of more than that the oldest are forgotten.
 * @param mostCharacters so much, too: what is searched of all of them together, beside their previews.
 */
export function openCatalog(mostKnown: number, mostCharacters = 20_000_000): Catalog {
	const entries = new Map<string, Entry>();
	/** Which messages have an id: several bots may have the same. */
	const named = new Map<string, Set<string>>();
	const recalls = new Map<string, Recall>();
	const chatNames = new Map<string, string>();
	let sorted: Entry[] | undefined;
	let facets: Facets | undefined;
	let forgottenTo: string | undefined;
	let characters = 0;

	const names = {
		chat: ({ chatId, bot }: MessageSummary) =>
			[chatNames.get(chatId) ?? chatId, bot].filter((word) => word).join(" · "),
		contact: ({ isSelf, contact }: MessageSummary) => (isSelf ? undefined : contact),
		room: ({ room }: MessageSummary) => room,
		bot: ({ bot }: MessageSummary) => bot,
		type: () => undefined,
	};

	const newestFirst = (): Entry[] => {
		sorted ??= [...entries.values()].sort((a, b) => (a.place < b.place ? 1 : -1));
		return sorted;
	};
	const enter = (message: MessageSummary): MessageSummary => {
		const recalled = recalls.get(recallKey(message.chatId, message.messageId ?? ""));
		const shown = recalled ? { ...message, recalled } : message;
		const words = searchedOf(shown);
		characters += words.length - (entries.get(shown.id)?.words.length ?? 0);
		entries.set(shown.id, { message: shown, words, place: placeOf(shown) });
		return shown;
	};
	const forget = (): void => {
		// Not one by one: each time costs a sort.
		if (entries.size <= mostKnown * 1.1 && characters <= mostCharacters * 1.1) return;
		let room = mostCharacters;
		const isKept = ({ words }: Entry, at: number): boolean => {
			room -= words.length;
			return at < mostKnown && room >= 0;
		};
		const kept = newestFirst().findIndex((entry, at) => !isKept(entry, at));
		const oldest = newestFirst().slice(kept);
		forgottenTo = oldest[0]?.message.arrivedAt;
		for (const { message, words } of oldest) {
			entries.delete(message.id);
			characters -= words.length;
			const ids = named.get(message.messageId ?? "");
			ids?.delete(message.id);
			if (ids?.size === 0) named.delete(message.messageId ?? "");
		}
		sorted = undefined;
	};
	return {
		put(message) {
			const { id, chatId, messageId, preview, contact, isSelf, room } = message;
			const changed: MessageSummary[] = [];
			const name = room ?? (isSelf ? undefined : contact);
			if (name !== undefined) chatNames.set(chatId, name);
			if (messageId !== undefined)
				named.set(messageId, (named.get(messageId) ?? new Set()).add(id));
			changed.push(enter(message));
			if (preview.kind === "recall" && preview.messageId !== "") {
				const { pk, sk, sentAt } = message;
				recalls.set(recallKey(chatId, preview.messageId), { pk, sk, sentAt });
				for (const other of named.get(preview.messageId) ?? []) {
					const withdrawn = entries.get(other)?.message;
					if (withdrawn?.chatId === chatId) changed.push(enter(withdrawn));
				}
			}
			sorted = undefined;
			facets = undefined;
			forget();
			return changed;
		},
		get: (id) => entries.get(id)?.message,
		page(filter, limit, before) {
			const messages: MessageSummary[] = [];
			let matched = 0;
			for (const { message, words, place } of newestFirst()) {
				if (!passes(message, words, filter)) continue;
				matched++;
				const isAfter = before === undefined || place < before;
				if (isAfter && messages.length < limit) messages.push(message);
			}
			return { messages, matched };
		},
		passing: (messages, filter) =>
			messages.filter((message) => passes(message, searchedOf(message), filter)),
		facets() {
			facets ??= facetsOf(newestFirst(), names);
			return facets;
		},
		chatName: (chatId) => chatNames.get(chatId),
		get known() {
			return entries.size;
		},
		get forgottenTo() {
			return forgottenTo;
		},
	};
}

function facetsOf(
	newestFirst: readonly Entry[],
	names: Readonly<Record<FacetName, (message: MessageSummary) => string | undefined>>,
): Facets {
	const valuesOf = (facet: FacetName): Facet[] => {
		const found = new Map<string, string>();
		for (const { message } of newestFirst) {
			const value = aspects[facet](message);
			const known = found.get(value ?? "");
			const isNamed = known !== undefined && known !== value;
			const isTooMany = known === undefined && found.size >= MOST_FACETS;
			if (value === undefined || isNamed || isTooMany) continue;
			found.set(value, names[facet](message) ?? value);
		}
		return [...found].map(([value, name]) => ({ value, name }));
	};
	return {
		...{ chat: valuesOf("chat"), contact: valuesOf("contact"), room: valuesOf("room") },
		...{ bot: valuesOf("bot"), type: valuesOf("type") },
	};
}

function recallKey(chatId: string, messageId: string): string {
	return JSON.stringify([chatId, messageId]);
}

/** Names, ids and the words of the preview, in lower case. */
function searchedOf(message: MessageSummary): string {
	const { messageId, chatId, botId, bot, contactId, contact, roomId, room, preview } = message;
	const words = preview.kind === "unreadable" ? [] : wordsOf(preview);
	return [messageId, chatId, botId, bot, contactId, contact, roomId, room, ...words]
		.filter((word) => word !== undefined)
		.join("\n")
		.toLowerCase();
}
