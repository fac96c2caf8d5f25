import { isLanguage, type Language, languages } from "../lib/words/languages.ts";

/** The option that says which language a command speaks. */
const OPTION = "--lang";

/** What was said to {@link OPTION}; undefined without it. */
function said(args: readonly string[]): string | undefined {
	const at = args.findLastIndex((arg) => arg === OPTION || arg.startsWith(`${OPTION}=`));
	if (at === -1) return undefined;
	return args[at] === OPTION ? (args[at + 1] ?? "") : args[at]?.slice(OPTION.length + 1);
}

/**
 * The language of a command: that of `--lang`, or else of the locale, in the order that POSIX gives
 * its variables (https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html).
 */
export function languageOf(
	args: readonly string[],
	{ LC_ALL, LC_MESSAGES, LANG }: Readonly<Record<string, string | undefined>>,
): Language {
	const code = said(args) ?? (LC_ALL || LC_MESSAGES || LANG || "").slice(0, 2);
	return isLanguage(code) ? code : "en";
}

/** The language of this process. */
export const language = languageOf(process.argv.slice(2), process.env);

/** Its words. */
export const words = languages[language];
