import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { labelOf } from "../../lib/message/labels.ts";
import { dictionary, englishTypes, type Language, type Words } from "../words/words.ts";

/** Who reads the page. */
export interface Reader {
	readonly language: Language;
	readonly words: Words;
}

/** Carries the language to wherever words are shown. */
export const ReaderContext = createContext<Reader>({ language: "en", words: dictionary.en });

/** The language of the page, and its words. */
export function useReader(): Reader {
	return useContext(ReaderContext);
}

/** A message type's name in the page's language, and in the other one. */
export function typeNames(
	type: number | undefined,
	language: Language,
): { readonly name: string; readonly other: string } {
	// The schema's own name of one type carries a remark in brackets.
	const chinese = labelOf(type).replace(/\([^()]*\)$/, "");
	const english = (type === undefined ? "No type" : englishTypes[type]) ?? `Type ${type}`;
	return language === "zh" ? { name: chinese, other: english } : { name: english, other: chinese };
}
