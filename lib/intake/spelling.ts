/** A text in which each unit knows the place of another text that it stands for. */
export interface Spelled {
	readonly text: string;
	/** Offset of the first unit that spells the unit at this index; undefined where both are alike. */
	readonly starts?: Uint32Array;
	/** Offset after the last one. */
	readonly ends?: Uint32Array;
}

const BACKSLASH = 0x5c;
const PERCENT = 0x25;
const SLASH = 0x2f;
const LOWER_U = 0x75;

/** What {@link unspell} changes; a text without any of these is as it is. */
const MARKS = ["\\u", "\\/", "%", "\u0000"];

/**
 * Takes one layer of writing off a text: `\uXXXX`, `\/` and `%XX` become the unit that they mean, however
 * many backslashes or `25` stand before them (JSON in JSON, a URL in a URL), and U+0000 goes, which is
 * what UTF-16 and UTF-32 put between the letters of ASCII. Other escapes stay as they are: no secret
 * has a character that is written so. Nor has it a slash, but its Base64 has one at the end when an
 * emoji follows.
 *
 * @returns undefined when nothing is written in any of these ways.
 */
export function unspell({ text, starts, ends }: Spelled): Spelled | undefined {
	if (!MARKS.some((mark) => text.includes(mark))) return undefined;
	const units = new Uint16Array(text.length);
	const newStarts = new Uint32Array(text.length);
	const newEnds = new Uint32Array(text.length);
	let length = 0;
	const put = (unit: number, from: number, to: number): void => {
		if (unit === 0) return;
		units[length] = unit;
		newStarts[length] = starts?.[from] ?? from;
		newEnds[length] = ends?.[to - 1] ?? to;
		length++;
	};
	let i = 0;
	while (i < text.length) {
		const unit = text.charCodeAt(i);
		if (unit === BACKSLASH) {
			let after = i + 1;
			while (text.charCodeAt(after) === BACKSLASH) after++;
			// Each layer of JSON writes two for one, so as many belong to an escape as the largest power of
			// two in their number; those before them go only when they stand inside of a secret.
			const run = after - i;
			const from = after - (run & -run);
			const next = text.charCodeAt(after);
			const code = next === LOWER_U ? hexAt(text, after + 1, 4) : undefined;
			if (code === undefined && next !== SLASH) {
				put(BACKSLASH, i, after);
				i = after;
				continue;
			}
			i = after + (code === undefined ? 1 : 5);
			put(code ?? SLASH, from, i);
		} else if (unit === PERCENT) {
			let digits = i + 1;
			while (text.startsWith("25", digits)) digits += 2;
			const code = hexAt(text, digits, 2);
			const end = code === undefined ? i + 1 : digits + 2;
			put(code ?? PERCENT, i, end);
			i = end;
		} else {
			put(unit, i, i + 1);
			i++;
		}
	}
	if (length === text.length) return undefined;
	return {
		text: Buffer.from(units.buffer, 0, length * 2).toString("utf16le"),
		starts: newStarts,
		ends: newEnds,
	};
}

/** @returns the number that so many hex digits at a place make, or undefined when these are none. */
function hexAt(text: string, at: number, digits: number): number | undefined {
	let number = 0;
	for (let i = at; i < at + digits; i++) {
		const digit = HEX[text.charCodeAt(i)] ?? -1;
		if (digit < 0) return undefined;
		number = number * 16 + digit;
	}
	return number;
}

const HEX = new Int8Array(128).fill(-1);
for (const [value, digit] of [..."0123456789abcdef"].entries()) {
	HEX[digit.charCodeAt(0)] = value;
	HEX[digit.toUpperCase().charCodeAt(0)] = value;
}
