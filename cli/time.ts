import { wrongUse } from "./command.ts";
import { words } from "./language.ts";

/** A date, or a time, in UTC where it names no zone. */
const TIME =
	/^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?<zone> ?UTC|Z|[+-]\d\d:\d\d)?)?$/;

/** @returns the time that an option says, ISO 8601 in ms. */
export function timeOf(name: string, value: string | undefined): string | undefined {
	if (value === undefined) return undefined;
	const match = TIME.exec(value);
	const isDate = value.length === "2026-01-31".length;
	const time = Date.parse(match?.groups?.zone || isDate ? value : `${value}Z`);
	if (match === null || Number.isNaN(time)) {
		throw wrongUse(words.command.noTime(`--${name}`, value));
	}
	return new Date(time).toISOString();
}
