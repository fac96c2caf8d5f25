import { type Language, languageCodes } from "../../lib/words/languages.ts";

const REMEMBERED = "language";

/** The language that was chosen, or else the browser's. */
export function firstLanguage(remembered: string | null, preferred: readonly string[]): Language {
	const tags = [remembered ?? "", ...preferred].map((tag) => tag.slice(0, 2).toLowerCase());
	for (const tag of tags) {
		const known = languageCodes.find((language) => language === tag);
		if (known !== undefined) return known;
	}
	return "en";
}

/** Reads the choice of an earlier visit. */
export function rememberedLanguage(): string | null {
	try {
		return localStorage.getItem(REMEMBERED);
	} catch {
		return null;
	}
}

/** Keeps the choice for the next visit. */
export function rememberLanguage(language: Language): void {
	try {
		localStorage.setItem(REMEMBERED, language);
	} catch {
		// A browser may forbid it; then the choice lasts as long as the page.
	}
}
