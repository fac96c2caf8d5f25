import type { AlarmFacts, Words } from "./en.ts";
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
	const { name } = words;
	if (facts === undefined) return { name };
	return { name, description: descriptionOf(words, languages[language]) };
}

/** What happened, and what to do: all that an e-mail shows. */
export function descriptionOf(
	{ fires, toDo }: { readonly fires: string; readonly toDo: string },
	{ gap }: Words,
): string {
	return fires + gap + toDo;
}
