import type { RowKey } from "../../lib/storage/row.ts";

/** What the page shows, as the hash of its address tells. */
export interface Place {
	readonly view: "messages" | "dashboard";
	/** A message that is opened above it. */
	readonly message?: RowKey;
}

/** Reads a hash such as `#dashboard` or `#message/<pk>/<sk>`. */
export function readPlace(hash: string): Place {
	const [view, pk, sk] = hash.replace(/^#/, "").split("/").map(decode);
	if (view === "dashboard") return { view };
	if (view === "message" && pk && sk) return { view: "messages", message: { pk, sk } };
	return { view: "messages" };
}

/** The hash at which a message is opened. */
export function hashOf({ pk, sk }: RowKey): string {
	return `#message/${encode(pk)}/${encode(sk)}`;
}

/** A lone surrogate has no UTF-8 form, so no address either. */
function encode(part: string): string {
	return encodeURIComponent(part.toWellFormed());
}

function decode(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}
