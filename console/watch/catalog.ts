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
	/** How many were forgotten, because there are too many. */
	readonly forgotten: number;
}

/** Each has some 2 KB. */
const MOST_KNOWN = 50_000;
const MOST_FACETS = 500;

interface Entry {
	readonly message: MessageSummary;
	/** What the search looks through, in lower case. */
	readonly words: string;
	readonly place: string;
}

/** Starts with nothing. */
export function openCatalog(mostKnown = MOST_KNOWN): Catalog {
	const entries = new Map<string, Entry>();
	/** Which messages have an id: several bots may have the same. */
	const named = new Map<string, Set<string>>();
	const recalls = new Map<string, Recall>();
	const chatNames = new Map<string, string>();
	let sorted: Entry[] | undefined;
	let forgotten = 0;

	const newestFirst = (): Entry[] => {
		sorted ??= [...entries.values()].sort((a, b) => (a.place < b.place ? 1 : -1));
		return sorted;
	};
	const enter = (message: MessageSummary): MessageSummary => {
		const recalled = recalls.get(recallKey(message.chatId, message.messageId ?? ""));
		const shown = recalled ? { ...message, recalled } : message;
		entries.set(shown.id, { message: shown, words: searchedOf(shown), place: placeOf(shown) });
		return shown;
	};
	const forget = (): void => {
		// Not one by one: each time costs a sort.
		if (entries.size <= mostKnown * 1.1) return;
		for (const { message } of newestFirst().slice(mostKnown)) {
			entries.delete(message.id);
			named.get(message.messageId ?? "")?.delete(message.id);
			forgotten++;
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
			const found = {
				chat: new Map(),
				contact: new Map(),
				room: new Map(),
				bot: new Map(),
				type: new Map(),
			} as const satisfies Record<FacetName, Map<string, string>>;
			for (const { message } of newestFirst()) {
				const { contact, room, bot, isSelf, chatId } = message;
				const chat = [chatNames.get(chatId) ?? chatId, bot].filter((word) => word).join(" · ");
				const names = { chat, contact: isSelf ? undefined : contact, room, bot, type: undefined };
				for (const facet of facetNames) {
					const value = aspects[facet](message);
					if (value === undefined) continue;
					const known = found[facet].get(value);
					if (known === undefined && found[facet].size >= MOST_FACETS) continue;
					if (known === undefined || known === value) {
						found[facet].set(value, names[facet] ?? value);
					}
				}
			}
			const listed = (facet: FacetName): Facet[] =>
				[...found[facet]].map(([value, name]) => ({ value, name }));
			return {
				...{ chat: listed("chat"), contact: listed("contact"), room: listed("room") },
				...{ bot: listed("bot"), type: listed("type") },
			};
		},
		chatName: (chatId) => chatNames.get(chatId),
		get known() {
			return entries.size;
		},
		get forgotten() {
			return forgotten;
		},
	};
}

const facetNames = ["chat", "contact", "room", "bot", "type"] as const satisfies FacetName[];

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
