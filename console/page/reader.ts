import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Words } from "../words/en.ts";
import { dictionary, type Language } from "./language.ts";

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

/** A message type's name. */
export function typeName(type: number | undefined, words: Words): string {
	return type === undefined ? words.noType : (words.types[type] ?? words.otherType(type));
}
