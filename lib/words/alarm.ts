import type { AlarmFacts } from "./en.ts";
import { type Language, languages } from "./languages.ts";

/** What an alarm is called in a language. */
export function alarmName(title: string, language: Language): string {
	return alarmWords(title, undefined, language).name;
}

/**
 * What an alarm is called in a language, and what it says.
 *
 * @param facts what that depends on; without them only its name is known.
 */
export function alarmWords(
	title: string,
	facts: AlarmFacts | undefined,
	language: Language,
): { readonly name: string; readonly description?: string } {
	const alarms = languages[language].alarms(facts ?? { stage: "", silence: 0, pause: 0 });
	const words = new Map(Object.entries(alarms)).get(title);
	if (words === undefined) return { name: title };
	const { name, fires, toDo } = words;
	return facts === undefined ? { name } : { name, description: `${fires} ${toDo}` };
}
