/** How the platform wants to be asked: as its own pages print it, or in the form that is resold. */
export const dialects = ["published", "resold"] as const;

export type Dialect = (typeof dialects)[number];

/**
 * Whether an address may be the base: the token goes there in the clear, but for TLS.
 *
 * @returns undefined when it may not.
 */
export function readBase(text: string): URL | undefined {
	const url = URL.parse(text.endsWith("/") ? text : `${text}/`);
	if (url === null || url.search !== "" || url.hash !== "") return undefined;
	const isBare = url.username === "" && url.password === "";
	return isBare && isUnread(url) ? url : undefined;
}

/** Whether nobody reads on the way what is sent to an address: it is https, or this machine. */
export function isUnread({ protocol, hostname }: URL): boolean {
	const isHere = ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
	return protocol === "https:" || (protocol === "http:" && isHere);
}
