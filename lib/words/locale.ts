import { isLanguage, type Language } from "./languages.ts";

/**
 * The language of a locale, in the order that POSIX gives its variables
 * (https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html).
 */
export function localeLanguage({
	LC_ALL,
	LC_MESSAGES,
	LANG,
}: Readonly<Record<string, string | undefined>>): Language {
	const code = (LC_ALL || LC_MESSAGES || LANG || "").slice(0, 2);
	return isLanguage(code) ? code : "en";
}
