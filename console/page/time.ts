import type { Language } from "../words/words.ts";

const LOCALES: Readonly<Record<Language, string>> = { en: "en-GB", zh: "zh-CN" };

/** The time of a day, with the day when that is not today's. */
export function clockOf(iso: string, language: Language, now = new Date()): string {
	const time = new Date(iso);
	const isToday = time.toDateString() === now.toDateString();
	const clock = time.toLocaleTimeString("en-GB");
	if (isToday) return clock;
	const day = time.toLocaleDateString(LOCALES[language], { month: "short", day: "numeric" });
	return `${day} ${clock}`;
}

/** With milliseconds, for steps that follow each other closely. */
export function exactClockOf(iso: string): string {
	const time = new Date(iso);
	return `${time.toLocaleTimeString("en-GB")}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

/** How long something took. */
export function durationBetween(from: string, to: string): string {
	const ms = Math.max(0, Date.parse(to) - Date.parse(from));
	return ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

/** A number of bytes for a person. */
export function sizeOf(bytes: number): string {
	if (bytes < 1_024) return `${bytes} B`;
	if (bytes < 1_024 ** 2) return `${(bytes / 1_024).toFixed(1)} KiB`;
	return `${(bytes / 1_024 ** 2).toFixed(1)} MiB`;
}
