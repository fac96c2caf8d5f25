import { en, type Words } from "./en.ts";
import { en as enPage, type Words as PageWords } from "./page/en.ts";
import { zh as zhPage } from "./page/zh.ts";
import { zh } from "./zh.ts";

/** The words of each language, and those of the console's page. */
export const languages = {
	en: { ...en, page: enPage },
	zh: { ...zh, page: zhPage },
} as const satisfies Readonly<Record<string, Words & { readonly page: PageWords }>>;

/** A language that everything speaks. */
export type Language = keyof typeof languages;

/** Whether a text is the code of such a language. */
export function isLanguage(code: string): code is Language {
	return Object.hasOwn(languages, code);
}

/** Their codes, in the order of a menu. */
export const languageCodes: readonly Language[] = Object.keys(languages).filter(isLanguage);
