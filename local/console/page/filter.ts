import type { Preview } from "../../../lib/message/preview.ts";
import type { MessageSummary } from "../protocol.ts";

/** Which messages are to be seen; an empty word lets all through. */
export interface Filter {
	readonly chat: string;
	readonly contact: string;
	readonly room: string;
	readonly type: string;
	readonly conformance: string;
	readonly search: string;
}

/** Lets all through. */
export const everything: Filter = {
	chat: "",
	contact: "",
	room: "",
	type: "",
	conformance: "",
	search: "",
};

/** The value of a message that each filter but the search looks at. */
export const aspects: Readonly<
	Record<Exclude<keyof Filter, "search">, (message: MessageSummary) => string>
> = {
	chat: ({ chatId }) => chatId,
	contact: ({ contactId }) => contactId ?? "",
	room: ({ roomId }) => roomId ?? "",
	type: ({ type }) => (type === undefined ? "" : String(type)),
	conformance: ({ conformance }) => conformance,
};

/** Whether a message is to be seen. */
export function passes(message: MessageSummary, filter: Filter): boolean {
	const { search, ...wanted } = filter;
	const names = ["chat", "contact", "room", "type", "conformance"] as const;
	if (names.some((name) => wanted[name] !== "" && wanted[name] !== aspects[name](message))) {
		return false;
	}
	const sought = search.trim().toLowerCase();
	return sought === "" || wordsOf(message.preview).toLowerCase().includes(sought);
}

function wordsOf(preview: Preview): string {
	const { kind: _, ...said } = preview;
	return Object.values(said).flat().join(" ");
}
