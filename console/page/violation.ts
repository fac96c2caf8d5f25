import { type Language, violationWords } from "../words/words.ts";

/** A sentence of lib/violations.ts, taken apart. */
export interface Violation {
	/** JSON pointer of what is wrong, or of what is missing. */
	readonly pointer: string;
	readonly isMissing: boolean;
	/** In the reader's language. */
	readonly words: string;
}

/** Reads a violation, and tells it in a language as far as its rule is known there. */
export function readViolation(sentence: string, language: Language): Violation {
	const words = violationWords[language];
	const missing = readMissing(sentence);
	if (missing !== undefined) {
		const { pointer, type } = missing;
		return { pointer, isMissing: true, words: words.required(placeOf(pointer), type) };
	}
	const unknown = /^\/data\/type (.+) has no known payload$/.exec(sentence);
	if (unknown?.[1] !== undefined) {
		return { pointer: "/data/type", isMissing: false, words: words.unknownType(unknown[1]) };
	}
	const [, pointer = "", rule = sentence] = /^(\/\S*) (.*)$/.exec(sentence) ?? [];
	return {
		pointer,
		isMissing: false,
		words: words.other(placeOf(pointer), words.kinds[rule] ?? rule),
	};
}

const IS_REQUIRED = " is required";
const FOR_TYPE = " for type ";

/** @param sentence `/data/payload/text is required`, or the same with ` for type 7 (文字)`. */
function readMissing(sentence: string) {
	const end = sentence.lastIndexOf(IS_REQUIRED);
	if (end === -1 || !sentence.startsWith("/")) return undefined;
	const pointer = sentence.slice(0, end);
	const rest = sentence.slice(end + IS_REQUIRED.length);
	if (rest === "") return { pointer, type: undefined };
	return rest.startsWith(FOR_TYPE) ? { pointer, type: rest.slice(FOR_TYPE.length) } : undefined;
}

/** `data.payload.text` is easier to read than `/data/payload/text`. */
function placeOf(pointer: string): string {
	return segmentsOf(pointer).join(".");
}

/** The keys of a JSON pointer (RFC 6901). */
export function segmentsOf(pointer: string): string[] {
	return pointer
		.split("/")
		.slice(1)
		.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
