import { isObject } from "./json-text.ts";

/** How much of a value is written, and how. */
export interface Outline {
	/** UTF-16 units; what is longer ends in "…". */
	readonly longest: number;
	/** Of each array. */
	readonly mostItems?: number;
	/** What stands for a string, number, boolean or null under a key. */
	readonly leaf?: (value: unknown, key: string) => unknown;
}

/**
 * The beginning of a value of JSON, as JSON. `JSON.stringify` is recursive and writes the whole, and
 * both the depth and the length of a body are its sender's choice.
 */
export function outlineOf(value: unknown, options: Outline): string {
	const { longest, mostItems = Number.POSITIVE_INFINITY, leaf = (one: unknown) => one } = options;
	const open: Level[] = [];
	let text = "";
	const write = (one: unknown, key: string): void => {
		if (Array.isArray(one)) {
			text += "[";
			open.push({ entries: one.slice(0, mostItems).entries(), close: "]", isEmpty: true });
		} else if (isObject(one)) {
			text += "{";
			open.push({ entries: Object.entries(one).values(), close: "}", isEmpty: true });
		} else text += JSON.stringify(leaf(one, key));
	};
	write(value, "");
	while (text.length <= longest) {
		const level = open.at(-1);
		if (level === undefined) return text;
		const { value: entry } = level.entries.next();
		if (entry === undefined) {
			text += level.close;
			open.pop();
			continue;
		}
		const [key, one] = entry;
		if (!level.isEmpty) text += ",";
		level.isEmpty = false;
		if (typeof key === "string") text += `${JSON.stringify(key)}:`;
		write(one, String(key));
	}
	return beginningOf(text, longest);
}

interface Level {
	readonly entries: Iterator<readonly [string | number, unknown], undefined>;
	readonly close: string;
	isEmpty: boolean;
}

/** The text, or its beginning with "…" behind it; no character is cut in two. */
export function beginningOf(text: string, longest: number): string {
	if (text.length <= longest) return text;
	const last = text.charCodeAt(longest - 1);
	const isHalf = last >= 0xd800 && last <= 0xdbff;
	return `${text.slice(0, isHalf ? longest - 1 : longest)}…`;
}
