/** How the platform wants to be asked: as its own pages print it, or in the form that is resold. */
export const dialects = ["published", "resold"] as const;

/** One of {@link dialects}. */
export type Dialect = (typeof dialects)[number];

/**
 * Whether an address may be the base: the token goes there in the clear, but for TLS.
 *
 * @returns undefined when it may not.
 */
export function readBase(text: string): URL | undefined {
	const url = URL.parse(text.endsWith("/") ? text : `${text}/`);
	if (url === null || url.search !== "" || url.hash !== "") return undefined;
	return maySendTo(url) ? url : undefined;
}

/**
 * Whether something may be sent to an address: nobody reads it on the way, because it is https or this
 * machine, and `fetch` takes it, which it does not with a name or a password in it.
 */
export function maySendTo({ protocol, hostname, username, password }: URL): boolean {
	const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
	const isUnread = protocol === "https:" || (protocol === "http:" && isHere);
	return isUnread && username === "" && password === "";
}
