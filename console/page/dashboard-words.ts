import { wordOf } from "../../lib/message/json-text.ts";
import { type Language, languageCodes, languages } from "../../lib/words/languages.ts";
import { dashboardWidgets } from "../../resources/dashboard.ts";

/** Every text of the dashboard in a language, always in the same order. */
function textsOf(language: Language): string[] {
	return dashboardWidgets("", "", "", languages[language], true).flatMap((widget) => {
		const { properties } = Object(widget);
		const { markdown, title, metrics = [] } = properties;
		const labels = metrics.map(
			(entry: readonly unknown[]) => wordOf(Object(entry.at(-1)).label) ?? "",
		);
		return [markdown?.replace(/^#+ /, "") ?? title, ...labels];
	});
}

const texts = Object.fromEntries(languageCodes.map((code) => [code, textsOf(code)]));

/**
 * A text of the dashboard in the reader's language, whatever the language of the stage is that it comes
 * from; one that is not known stays.
 */
export function translated(text: string, language: Language): string {
	for (const code of languageCodes) {
		const at = texts[code]?.indexOf(text) ?? -1;
		if (at >= 0) return texts[language]?.[at] ?? text;
	}
	return text;
}
