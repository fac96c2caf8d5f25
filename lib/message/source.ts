/**
 * Where things stand in a JSON text. `JSON.parse` answers what a text means, but not how it was
 * written, and the promise "never altered" is about the writing: 19-digit ids, duplicate keys and
 * escapes do not survive a parse.
 *
 * Everything here expects a text that `JSON.parse` has accepted, and never recurses: the nesting of
 * a body is the sender's choice, the stack is ours.
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

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const COMMA = 0x2c;

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

/**
 * The members of the object that begins at `at` (white space before it is skipped), in the order of
 * the text and with every duplicate; none when something else than an object begins there.
 */
export function membersOf(text: string, at = 0): Member[] {
	const members: Member[] = [];
	let i = skipSpace(text, at);
	if (text.charCodeAt(i) !== OPEN_OBJECT) return members;
	i = skipSpace(text, i + 1);
	while (text.charCodeAt(i) === QUOTE) {
		const keyEnd = endOfString(text, i);
		const literal = text.slice(i, keyEnd);
		const key: string = literal.includes("\\") ? JSON.parse(literal) : literal.slice(1, -1);
		const colon = skipSpace(text, keyEnd);
		const start = skipSpace(text, colon + 1);
		const end = endOfValue(text, start);
		members.push({ key, start, end });
		i = skipSpace(text, end);
		if (text.charCodeAt(i) === COMMA) i = skipSpace(text, i + 1);
	}
	return members;
}

/** The places of all string literals of the text, keys included, quotes included. */
export function* stringsOf(text: string): Generator<{ start: number; end: number }> {
	let start = text.indexOf('"');
	while (start !== -1) {
		const end = endOfString(text, start);
		yield { start, end };
		start = text.indexOf('"', end);
	}
}
