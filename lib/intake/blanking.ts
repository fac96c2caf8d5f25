import { placesOf, type SealedSecret } from "./secret.ts";
import { type Spelled, unspell } from "./spelling.ts";

/** What was taken out of something that is kept. */
export interface Blanked {
	readonly text: string;
	/** How many places were blanked. */
	readonly blanked: number;
}

/** A place in a text, from its first UTF-16 unit to the one after its last. */
export interface Span {
	readonly start: number;
	readonly end: number;
}

/** A place, and what is to stand there instead. */
export interface Replacement extends Span {
	readonly by: string;
}

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
	const found = secretsIn(text, secrets);
	const cuts = isJson ? asJson(text, found) : found.map((span) => ({ ...span, by: "" }));
	return replace(text, merged([...known, ...cuts]));
}

/** Takes secrets out of bytes that are no text; UTF-16 and UTF-32 keep their alignment. */
export function blankBytes(
	bytes: Buffer,
	secrets: readonly SealedSecret[],
): { readonly bytes: Buffer; readonly blanked: number } {
	const text = bytes.toString("latin1");
	const { text: kept, blanked } = blank(text, secrets);
	return blanked === 0 ? { bytes, blanked } : { bytes: Buffer.from(kept, "latin1"), blanked };
}

function replace(text: string, replacements: readonly Replacement[]): Blanked {
	if (replacements.length === 0) return { text, blanked: 0 };
	const pieces: string[] = [];
	let done = 0;
	for (const { start, end, by } of replacements) {
		pieces.push(text.slice(done, start), by);
		done = end;
	}
	pieces.push(text.slice(done));
	return { text: pieces.join(""), blanked: replacements.length };
}

/** In the order of the text, what overlaps as one; of two that overlap the first says what is put. */
function merged(replacements: readonly Replacement[]): Replacement[] {
	const result: Replacement[] = [];
	for (const one of replacements.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
		const last = result.at(-1);
		if (last === undefined || one.start >= last.end) result.push(one);
		else if (one.end > last.end) result[result.length - 1] = { ...last, end: one.end };
	}
	return result;
}

/** JSON in a URL in JSON: more layers than anybody writes. */
const LAYERS = 3;

function secretsIn(text: string, secrets: readonly SealedSecret[]): Span[] {
	if (secrets.length === 0) return [];
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
	const shortest = Math.min(...secrets.map(({ length }) => length));
	const spans = secrets.flatMap((secret) =>
		placesOf(secret, text).map((start) => ({ start, end: start + secret.length })),
	);
	return [...spans, ...base64SecretsIn(text, secrets, Math.ceil((shortest * 8) / 6))];
}

const BASE64 = new Uint8Array(256);
for (const unit of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_") {
	BASE64[unit.charCodeAt(0)] = 1;
}
const ZERO_BITS = "A".charCodeAt(0);

/**
 * The places whose Base64 holds a secret. The text is decoded as a whole, four times, because which
 * character begins a group of four is not known; what is no Base64 is read as zeros.
 *
 * @param shortest how many characters of Base64 a secret takes at least.
 */
function base64SecretsIn(text: string, secrets: readonly SealedSecret[], shortest: number): Span[] {
	const units = Buffer.from(text, "latin1");
	let run = 0;
	let longest = 0;
	for (let i = 0; i < units.length; i++) {
		if (BASE64[units[i] ?? 0] === 1) {
			if (++run > longest) longest = run;
		} else {
			units[i] = ZERO_BITS;
			run = 0;
		}
	}
	if (longest < shortest) return [];
	const spans: Span[] = [];
	for (let shift = 0; shift < 4; shift++) {
		const decoded = Buffer.from(units.toString("latin1", shift), "base64").toString("latin1");
		for (const secret of secrets) {
			for (const place of placesOf(secret, decoded)) {
				const start = shift + Math.floor((place * 8) / 6);
				const end = shift + Math.ceil(((place + secret.length) * 8) / 6);
				if (isBase64(text, start, end)) spans.push({ start, end });
			}
		}
	}
	return spans;
}

function isBase64(text: string, start: number, end: number): boolean {
	for (let i = start; i < end; i++) if (BASE64[text.charCodeAt(i)] !== 1) return false;
	return true;
}

/**
 * A place may begin inside of an escape (`\u9f1e` followed by the rest of a token that begins with
 * 9f1e): half an escape is no JSON, so all of it goes. The zeros that UTF-16 and UTF-32 put beside
 * each letter go with it, too.
 */
function wholeUnits(text: string, { start, end }: Span): Span {
	for (let before = 1; before <= 5; before++) {
		const at = start - before;
		if (text[at] !== "\\") continue;
		let run = 1;
		while (text[at - run] === "\\") run++;
		if (run % 2 === 1 && (before === 1 || text[at + 1] === "u")) return { start: at, end };
		break;
	}
	const zeros = text.charCodeAt(start + 1) === 0 ? (text.charCodeAt(start + 2) === 0 ? 3 : 1) : 0;
	const isZero = (from: number): boolean =>
		zeros > 0 && text.slice(from, from + zeros) === "\u0000".repeat(zeros);
	if (isZero(end)) return { start, end: end + zeros };
	if (isZero(start - zeros)) return { start: start - zeros, end };
	return { start, end };
}

/**
 * Inside of a string nothing may stand for what is taken out. Outside there is only one thing that can
 * look like a secret, a number, and without its digits this would be no JSON: 1 fits wherever some of
 * its digits are gone.
 */
function asJson(text: string, spans: readonly Span[]): Replacement[] {
	const inStrings = spans.some(({ start, end }) => isNumeric(text, start, end))
		? stringSpans(text)
		: undefined;
	const ordered = spans.toSorted((a, b) => a.start - b.start);
	let string = 0;
	return ordered.map((span) => {
		if (inStrings === undefined) return { ...span, by: "" };
		while ((inStrings[string]?.end ?? Number.POSITIVE_INFINITY) <= span.start) string++;
		const isInside = (inStrings[string]?.start ?? Number.POSITIVE_INFINITY) < span.start;
		return { ...span, by: isInside ? "" : "1" };
	});
}

const NUMERIC = new Set("0123456789.eE-");

function isNumeric(text: string, start: number, end: number): boolean {
	for (let i = start; i < end; i++) if (!NUMERIC.has(text[i] ?? "")) return false;
	return true;
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
