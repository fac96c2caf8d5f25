import type { RowKey } from "../../lib/storage/row.ts";
import { everything, type Filter, filterNames, filterOf } from "../watch/filter.ts";

/** What the page shows: its address says all of it, so that a reload shows the same. */
export interface Place {
	readonly view: "messages" | "chat" | "requests" | "dashboard";
	/** The days of `since` and `until` are those of the browser's zone, such as 2026-01-31. */
	readonly filter: Filter;
	/** Of the requests only those that were refused. */
	readonly isRefused: boolean;
	/** How many hours of the dashboard. */
	readonly hours: number;
	/** What is opened above it. */
	readonly opened?: Opened;
}

/** A row of a message or of another callback, or a request of this run. */
export type Opened =
	| (RowKey & { readonly kind: "message" | "callback" })
	| { readonly kind: "request"; readonly id: string };

/** What can be seen of a dashboard: an hour, a day, a week. */
export const SPANS = [1, 24, 168] as const;
const VIEWS = ["messages", "chat", "requests", "dashboard"] as const;

/** Reads a hash such as `#messages?type=7&message=<pk>&sk=<sk>`. */
export function readPlace(hash: string): Place {
	const [name = "", query = ""] = hash.replace(/^#/, "").split("?");
	const words = new URLSearchParams(query);
	const opened = openedIn(words);
	return {
		view: VIEWS.find((view) => view === name) ?? "messages",
		filter: filterOf((word) => words.get(word)),
		isRefused: words.has("refused"),
		hours: SPANS.find((hours) => String(hours) === words.get("hours")) ?? 1,
		...(opened && { opened }),
	};
}

function openedIn(words: URLSearchParams): Opened | undefined {
	const sk = words.get("sk") ?? "";
	for (const kind of ["message", "callback"] as const) {
		const pk = words.get(kind);
		if (pk) return { kind, pk, sk };
	}
	const id = words.get("request");
	return id ? { kind: "request", id } : undefined;
}

/** The hash of a place. */
export function hashOf({ view, filter, isRefused, hours, opened }: Place): string {
	const words = new URLSearchParams();
	for (const name of filterNames) if (filter[name] !== "") words.set(name, filter[name]);
	if (isRefused) words.set("refused", "");
	if (hours !== 1) words.set("hours", String(hours));
	if (opened?.kind === "request") words.set("request", opened.id);
	else if (opened) {
		// A lone surrogate has no UTF-8 form, so no address either.
		words.set(opened.kind, opened.pk.toWellFormed());
		words.set("sk", opened.sk.toWellFormed());
	}
	const query = words.toString();
	return `#${view}${query && `?${query}`}`;
}

/** A view with nothing narrowed down and nothing opened. */
export function viewOf(view: Place["view"], filter: Partial<Filter> = {}): Place {
	return { view, filter: { ...everything, ...filter }, isRefused: false, hours: 1 };
}

/** The same place with something opened, or nothing. */
export function withOpened(place: Place, opened: Opened | undefined): Place {
	const { opened: _, ...rest } = place;
	return opened ? { ...rest, opened } : rest;
}
