import type { MessageSummary } from "../protocol.ts";

/** What narrows the messages down. */
export const filterNames = [
	"search",
	"type",
	"conformance",
	"chat",
	"contact",
	"room",
	"bot",
	"since",
	"until",
] as const;

/** Which messages are to be seen; an empty word lets all through. Times are ISO 8601 in ms. */
export type Filter = Readonly<Record<(typeof filterNames)[number], string>>;

/** @returns the filter that some words are, such as those of an address. */
export function filterOf(words: (name: string) => string | null | undefined): Filter {
	const word = (name: keyof Filter): string => words(name) ?? "";
	return {
		...{ search: word("search"), type: word("type"), conformance: word("conformance") },
		...{ chat: word("chat"), contact: word("contact"), room: word("room"), bot: word("bot") },
		...{ since: word("since"), until: word("until") },
	};
}

/** Lets all through. */
export const everything: Filter = filterOf(() => "");

/** How a message without a type is called in a filter. */
export const NO_TYPE = "none";

/** The value of a message that each filter looks at; those without one are never chosen by it. */
export const aspects: Readonly<
	Record<
		Exclude<keyof Filter, "search" | "since" | "until">,
		(message: MessageSummary) => string | undefined
	>
> = {
	type: ({ type }) => (type === undefined ? NO_TYPE : String(type)),
	conformance: ({ conformance }) => conformance,
	chat: ({ chatId }) => chatId,
	contact: ({ contactId }) => contactId,
	room: ({ roomId }) => roomId,
	bot: ({ botId }) => botId,
};

/**
 * Whether a message is to be seen.
 *
 * @param words all that the search looks through, in lower case.
 */
export function passes(message: MessageSummary, words: string, filter: Filter): boolean {
	for (const [name, aspect] of Object.entries(aspects)) {
		const wanted = Reflect.get(filter, name);
		if (wanted !== "" && wanted !== aspect(message)) return false;
	}
	const { search, since, until } = filter;
	if (since !== "" && message.arrivedAt < since) return false;
	if (until !== "" && message.arrivedAt > until) return false;
	const sought = search.trim().toLowerCase();
	return sought === "" || words.includes(sought);
}

/** Where a message stands in the order of their arrival. */
export function placeOf(message: Pick<MessageSummary, "arrivedAt" | "sk" | "id">): string {
	const { arrivedAt, sk, id } = message;
	return `${arrivedAt} ${sk} ${id}`;
}
