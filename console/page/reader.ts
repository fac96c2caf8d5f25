import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { type Language, languages } from "../../lib/words/languages.ts";
import type { Words } from "../../lib/words/page/en.ts";

/** Who reads the page. */
export interface Reader {
	readonly language: Language;
	readonly words: Words;
}

/** Carries the language to wherever words are shown. */
export const ReaderContext = createContext<Reader>({ language: "en", words: languages.en.page });

/** The language of the page, and its words. */
export function useReader(): Reader {
	return useContext(ReaderContext);
}
