/**
 * What a JSON text says and how it says it. `JSON.parse` answers what a text means, but not how it was
 * written, and the promise "never altered" is about the writing: the digits of a number beyond 2^53
 * and members that stand twice do not survive a parse.
 *
 * The meaning comes from `JSON.parse`; V8's own is exact, linear and not recursive. Beside it the text
 * is walked once, for the places of the few members that matter. `JSON.parse` with a reviver would
 * tell the digits, too, but it recurses: 50,000 brackets end it. (`npm run reading` in bench/ compares
 * the walk with jsonc-parser's scanner.)
 */

/** One `"key": value` of an object, with the place of its value in the text. */
export interface Member {
	/** The key, unescaped. */
	readonly key: string;
	/** Offset of the value's first UTF-16 unit. */
	readonly start: number;
	/** Offset after the value's last UTF-16 unit. */
	readonly end: number;
}

/** The members of a callback that may say who it is from and what it is. */
export interface Members {
	/** Of the object itself. */
	readonly top: readonly Member[];
	/** Of each `data` in it, in the order of the text; `JSON.parse` keeps the last. */
	readonly data: readonly (readonly Member[])[];
}

/** A JSON object whose members are not known. */
export type Fields = Readonly<Record<string, unknown>>;

/** @returns the object that the text is, or undefined when it is no JSON or something else. */
export function parseObject(text: string): Fields | undefined {
	try {
		const value: unknown = JSON.parse(text);
		return isObject(value) ? value : undefined;
	} catch {
		return undefined;
	}
}

/** Whether a value of JSON is an object. */
export function isObject(value: unknown): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A string that says something, or nothing. */
export function wordOf(value: unknown): string | undefined {
	return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number, also one that is written as a string, or nothing. */
export function numberOf(value: unknown): number | undefined {
	const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
	return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/**
 * Walks a text once, from its first unit to its last, and never recurses: the nesting of a body is the
 * sender's choice, the stack is ours.
 *
 * @param text a JSON object, as {@link parseObject} takes it.
 * @param wanted which members are to be told; a text may have a hundred thousand.
 */
export function membersOf(text: string, wanted: (key: string) => boolean): Members {
	const top: Member[] = [];
	const data: Member[][] = [];
	walkObject(text, skipSpace(text, 0), (key, start) => {
		if (key === "data" && text.charCodeAt(start) === OPEN_OBJECT) {
			const inner: Member[] = [];
			data.push(inner);
			return walkObject(text, start, (name, from) => {
				const end = endOfValue(text, from);
				if (wanted(name)) inner.push({ key: name, start: from, end });
				return end;
			});
		}
		const end = endOfValue(text, start);
		if (key === "data") data.push([]);
		else if (wanted(key)) top.push({ key, start, end });
		return end;
	});
	return { top, data };
}

/** Where a value stands in a text. */
export type Place = Omit<Member, "key">;

/** @returns the members of an object, and of nothing else. */
export function membersAt(text: string, { start }: Place): Member[] {
	const members: Member[] = [];
	if (text.charCodeAt(start) !== OPEN_OBJECT) return members;
	walkObject(text, start, (key, from) => {
		const end = endOfValue(text, from);
		members.push({ key, start: from, end });
		return end;
	});
	return members;
}

/** @returns the elements of an array, and of nothing else. */
export function elementsAt(text: string, { start }: Place): Place[] {
	const elements: Place[] = [];
	if (text.charCodeAt(start) !== OPEN_ARRAY) return elements;
	let i = skipSpace(text, start + 1);
	while (text.charCodeAt(i) !== CLOSE_ARRAY) {
		const end = endOfValue(text, i);
		elements.push({ start: i, end });
		i = skipSpace(text, end);
		if (text.charCodeAt(i) === COMMA) i = skipSpace(text, i + 1);
	}
	return elements;
}

/** @returns the whole of a text, as a value. */
export function wholeOf(text: string): Place {
	return { start: skipSpace(text, 0), end: text.length };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;

/**
 * Visits the members of the object that begins at a place.
 *
 * @param visit gets a key and the offset of its value, and returns the offset after that.
 * @returns the offset after the object.
 */
function walkObject(
	text: string,
	at: number,
	visit: (key: string, start: number) => number,
): number {
	let i = skipSpace(text, at + 1);
	while (text.charCodeAt(i) === QUOTE) {
		const keyEnd = endOfString(text, i);
		const literal = text.slice(i, keyEnd);
		const key: string = literal.includes("\\") ? JSON.parse(literal) : literal.slice(1, -1);
		const colon = skipSpace(text, keyEnd);
		i = skipSpace(text, visit(key, skipSpace(text, colon + 1)));
		if (text.charCodeAt(i) === COMMA) i = skipSpace(text, i + 1);
	}
	return i + 1;
}

function isSpace(unit: number): boolean {
	return unit === 0x20 || unit === 0x0a || unit === 0x0d || unit === 0x09;
}

function skipSpace(text: string, at: number): number {
	let i = at;
	while (isSpace(text.charCodeAt(i))) i++;
	return i;
}

/** Offset after the closing quote of the string literal that opens at `at`. */
function endOfString(text: string, at: number): number {
	let quote = text.indexOf('"', at + 1);
	for (;;) {
		let before = quote - 1;
		while (text.charCodeAt(before) === BACKSLASH) before--;
		if ((quote - before) % 2 === 1) return quote + 1;
		quote = text.indexOf('"', quote + 1);
	}
}

function endOfValue(text: string, at: number): number {
	let depth = 0;
	let i = at;
	while (i < text.length) {
		const unit = text.charCodeAt(i);
		if (unit === QUOTE) {
			i = endOfString(text, i);
			if (depth === 0) return i;
		} else if (unit === OPEN_OBJECT || unit === OPEN_ARRAY) {
			depth++;
			i++;
		} else if (unit === CLOSE_OBJECT || unit === CLOSE_ARRAY) {
			if (depth === 0) return i;
			depth--;
			i++;
			if (depth === 0) return i;
		} else if (depth === 0 && (unit === COMMA || isSpace(unit))) {
			return i;
		} else {
			i++;
		}
	}
	return i;
}
