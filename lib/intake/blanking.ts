import { placesOf, runsOf, type SealedSecret, type Span } from "./secret.ts";
import { type Spelled, unspell } from "./spelling.ts";

/** What was taken out of something that is kept. */
export interface Blanked {
	readonly text: string;
	/** How many places were blanked. */
	readonly blanked: number;
}

/** A place, and what is to stand there instead. */
export interface Replacement extends Span {
	readonly by: string;
}

/**
 * Stands where a secret stood: no secret has it, so that what stood around one never joins to another,
 * and neither Base64 nor a number has it.
 */
const BLANK = "*";

/**
 * Takes secrets out of a text, wherever they stand and however they are written, and nothing else.
 *
 * @param known places that are to be replaced whatever stands there, such as the value of a token.
 * @param isJson whether the text is JSON, and has to stay so.
 */
export function blank(
	text: string,
	secrets: readonly SealedSecret[],
	{ known = [], isJson = false }: { known?: readonly Replacement[]; isJson?: boolean } = {},
): Blanked {
	const found = secretsIn(text, secrets).sort(byPlace);
	const cuts = isJson ? outOfNumbers(text, found) : found;
	return replace(text, merged([...known, ...cuts].sort(byPlace)));
}

/** Takes secrets out of bytes that are no text; UTF-16 and UTF-32 keep their alignment. */
export function blankBytes(
	bytes: Buffer,
	secrets: readonly SealedSecret[],
): { readonly bytes: Buffer; readonly blanked: number } {
	const text = bytes.toString("latin1");
	const { text: kept, blanked } = blank(text, secrets);
	return { bytes: Buffer.from(kept, "latin1"), blanked };
}

function replace(text: string, replacements: readonly Replacement[]): Blanked {
	const pieces: string[] = [];
	let done = 0;
	for (const { start, end, by } of replacements) {
		pieces.push(text.slice(done, start), by);
		done = end;
	}
	pieces.push(text.slice(done));
	return { text: pieces.join(""), blanked: replacements.length };
}

function byPlace(a: Span, b: Span): number {
	return a.start - b.start;
}

/** What overlaps becomes one; of two that overlap the first says what is put. */
function merged(ordered: readonly Replacement[]): Replacement[] {
	const result: Replacement[] = [];
	for (const one of ordered) {
		const last = result.at(-1);
		if (last === undefined || one.start >= last.end) result.push(one);
		else if (one.end > last.end) result[result.length - 1] = { ...last, end: one.end };
	}
	return result;
}

/** JSON in a URL in JSON: more layers than anybody writes. */
const LAYERS = 3;

function secretsIn(text: string, secrets: readonly SealedSecret[]): Replacement[] {
	const spans: Span[] = [];
	let layer: Spelled | undefined = { text };
	for (let depth = 0; layer !== undefined && depth <= LAYERS; depth++) {
		for (const { start, end } of plainSecretsIn(layer.text, secrets)) {
			spans.push({
				start: layer.starts?.[start] ?? start,
				end: layer.ends?.[end - 1] ?? end,
			});
		}
		layer = unspell(layer);
	}
	return spans.map((span) => wholeUnits(text, span));
}

function plainSecretsIn(text: string, secrets: readonly SealedSecret[]): Span[] {
	const bytes = Buffer.from(text, "latin1");
	const spans = placesOf(secrets, bytes);
	for (const span of base64SecretsIn(bytes, secrets)) spans.push(span);
	// Of a character beyond Latin-1 only the lower byte was seen.
	return spans.filter(({ start, end }) => isAscii(text, start, end));
}

function isAscii(text: string, start: number, end: number): boolean {
	for (let i = start; i < end; i++) if (text.charCodeAt(i) >= 128) return false;
	return true;
}

const BASE64 = new Uint8Array(256);
for (const unit of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") {
	BASE64[unit.charCodeAt(0)] = 1;
}
const ZERO_BITS = "A".charCodeAt(0);

/**
 * The places whose Base64 holds a secret. The text is decoded as a whole, four times, because which
 * character begins a group of four is not known; what is no Base64 is read as zeros.
 */
function base64SecretsIn(bytes: Buffer, secrets: readonly SealedSecret[]): Span[] {
	const shortest = Math.ceil((Math.min(...secrets.map(({ length }) => length)) * 8) / 6);
	if (runsOf(bytes, BASE64, shortest).length === 0) return [];
	const units = Buffer.from(bytes);
	for (let i = 0; i < units.length; i++) if (BASE64[units[i] ?? 0] !== 1) units[i] = ZERO_BITS;
	const spans: Span[] = [];
	for (let shift = 0; shift < 4; shift++) {
		const decoded = Buffer.from(units.toString("latin1", shift), "base64");
		for (const place of placesOf(secrets, decoded)) {
			const start = shift + Math.floor((place.start * 8) / 6);
			const end = shift + Math.ceil((place.end * 8) / 6);
			if (bytes.subarray(start, end).every((unit) => BASE64[unit] === 1))
				spans.push({ start, end });
		}
	}
	return spans;
}

/**
 * A place may begin inside of an escape (`\u9f1e` followed by the rest of a token that begins with
 * 9f1e): half an escape is no JSON, so all of it goes. The zeros that UTF-16 and UTF-32 have around a
 * secret are no part of it, so a letter stays as wide as before.
 */
function wholeUnits(text: string, { start, end }: Span): Replacement {
	for (let before = 1; before <= 5; before++) {
		const at = start - before;
		if (text[at] !== "\\") continue;
		let run = 1;
		while (text[at - run] === "\\") run++;
		if (run % 2 === 1 && (before === 1 || text[at + 1] === "u"))
			return { start: at, end, by: BLANK };
		break;
	}
	return { start, end, by: BLANK };
}

/**
 * Outside of a string only a number can look like a secret. It goes whole: some of its digits would be
 * another number.
 *
 * @param ordered places in the order of the text.
 */
function outOfNumbers(text: string, ordered: readonly Replacement[]): readonly Replacement[] {
	if (!ordered.some(({ start, end }) => isNumeric(text.slice(start, end)))) return ordered;
	const strings = stringSpans(text);
	let n = 0;
	let done = 0;
	return ordered.flatMap((place) => {
		while ((strings[n]?.end ?? Number.POSITIVE_INFINITY) <= place.start) n++;
		if ((strings[n]?.start ?? Number.POSITIVE_INFINITY) < place.start) return place;
		if (place.start < done) return [];
		let { start } = place;
		done = place.end;
		while (NUMERIC.has(text.charAt(start - 1))) start--;
		while (NUMERIC.has(text.charAt(done))) done++;
		return { start, end: done, by: "0" };
	});
}

const NUMERIC = new Set("0123456789.eE+-");

function isNumeric(text: string): boolean {
	return [...text].every((unit) => NUMERIC.has(unit));
}

/** The string literals of a JSON text, quotes included. */
function stringSpans(text: string): Span[] {
	const spans: Span[] = [];
	let start = text.indexOf('"');
	while (start !== -1) {
		let end = start + 1;
		while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
		spans.push({ start, end: end + 1 });
		start = text.indexOf('"', end + 1);
	}
	return spans;
}
