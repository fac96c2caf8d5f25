import type { Language } from "../words/words.ts";

const REMEMBERED = "language";

/** The language that was chosen, or else the browser's. */
export function firstLanguage(remembered: string | null, preferred: readonly string[]): Language {
	if (remembered === "en" || remembered === "zh") return remembered;
	const known = preferred.map((tag) => tag.slice(0, 2).toLowerCase());
	return known.find((tag) => tag === "zh" || tag === "en") === "zh" ? "zh" : "en";
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
