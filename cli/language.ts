import { isLanguage, type Language, languages } from "../lib/words/languages.ts";
import { localeLanguage } from "../lib/words/locale.ts";

/** The option that says which language a command speaks. */
const OPTION = "--lang";

/** What was said to {@link OPTION}; undefined without it. */
function said(args: readonly string[]): string | undefined {
	const at = args.findLastIndex((arg) => arg === OPTION || arg.startsWith(`${OPTION}=`));
	if (at === -1) return undefined;
	return args[at] === OPTION ? (args[at + 1] ?? "") : args[at]?.slice(OPTION.length + 1);
}

/** The language of a command: that of `--lang`, or else of the locale. */
export function languageOf(
	args: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
): Language {
	const code = said(args);
	if (code === undefined) return localeLanguage(environment);
	return isLanguage(code) ? code : "en";
}

/** The language of this process. */
export const language = languageOf(process.argv.slice(2), process.env);

/** Its words. */
export const words = languages[language];
