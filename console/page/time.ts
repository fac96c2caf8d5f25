import type { Words } from "../../lib/words/page/en.ts";

/** All times of the page are of one zone, the browser's. @returns its name. */
export function zoneName(now = new Date()): string {
	const minutes = -now.getTimezoneOffset();
	const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60];
	const offset = `UTC${minutes < 0 ? "−" : "+"}${hours}${rest === 0 ? "" : `:${pad(rest, 2)}`}`;
	return `${Intl.DateTimeFormat().resolvedOptions().timeZone} (${offset})`;
}

/** The time of a day, with the day when that is not today's. */
export function clockOf(iso: string, { locale }: Words, now = new Date()): string {
	const time = new Date(iso);
	const clock = time.toLocaleTimeString("en-GB");
	if (time.toDateString() === now.toDateString()) return clock;
	const isThisYear = time.getFullYear() === now.getFullYear();
	const year = isThisYear ? {} : ({ year: "numeric" } as const);
	const day = time.toLocaleDateString(locale, { ...year, month: "short", day: "numeric" });
	return `${day} ${clock}`;
}

/** With milliseconds, for steps that follow each other closely. */
export function exactClockOf(iso: string): string {
	const time = new Date(iso);
	return `${time.toLocaleTimeString("en-GB")}.${pad(time.getMilliseconds(), 3)}`;
}

/** @returns the first moment of a day of the browser's zone, or its last; nothing for no day. */
export function momentOf(day: string, isLast: boolean): string {
	const time = new Date(`${day}T${isLast ? "23:59:59.999" : "00:00:00.000"}`);
	return Number.isNaN(time.getTime()) ? "" : time.toISOString();
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

function pad(number: number, length: number): string {
	return String(number).padStart(length, "0");
}
