import type { Member, Members } from "../message/json-text.ts";
import type { Replacement } from "./blanking.ts";

/** The values of all parameters `token` of a query, without its question mark. */
export function tokensOfQuery(query: string): Replacement[] {
	const places: Replacement[] = [];
	let start = 0;
	for (const parameter of query.split("&")) {
		const end = start + parameter.length;
		const value = start + parameter.indexOf("=") + 1;
		const isToken = new URLSearchParams(parameter).has("token");
		if (isToken && value > start && value < end) places.push({ start: value, end, by: "" });
		start = end + 1;
	}
	return places;
}

/** Whether a member of this key holds a token, white space around it aside. */
export function isToken(key: string): boolean {
	return key.trim() === "token";
}

/**
 * The values of all members `token` at the top level and in `data`. A value's JSON type stays.
 *
 * @param members those that {@link isToken} wants at least.
 */
export function tokensOf(text: string, { top, data }: Members): Replacement[] {
	return [top, ...data]
		.flat()
		.filter(({ key }) => isToken(key))
		.flatMap((member) => {
			const by = blankOf(text, member);
			return by === undefined ? [] : [{ ...member, by }];
		});
}

/** What stands for a value that is taken out; undefined for one that can hold no secret. */
function blankOf(text: string, { start, end }: Member): string | undefined {
	switch (text[start]) {
		case '"':
			return end - start > 2 ? '""' : undefined;
		case "{":
			return "{}";
		case "[":
			return "[]";
		case "n":
		case "t":
		case "f":
			return undefined;
		default:
			return "0";
	}
}
