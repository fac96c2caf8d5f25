import { Temporal } from "temporal-polyfill";
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

/** The time zone of this machine. */
export function zoneHere(): string {
	return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/**
 * Reads the bound of a period, where a day is one of a time zone, as long as its clocks make it.
 *
 * @param edge which end of a day is meant.
 * @returns ISO 8601 in ms.
 * @throws a wrong use in words.
 */
export function boundOf(
	name: string,
	value: string,
	timeZone: string,
	edge: "begin" | "end",
): string {
	try {
		const instant = instantOf(value, timeZone, edge);
		return new Date(instant.epochMilliseconds).toISOString();
	} catch {
		throw wrongUse(words.command.noTimeOf(`--${name}`, value, timeZone));
	}
}

function instantOf(value: string, timeZone: string, edge: "begin" | "end"): Temporal.Instant {
	if (DAY.test(value)) {
		const day = Temporal.PlainDate.from(value).add({ days: edge === "end" ? 1 : 0 });
		return day.toZonedDateTime(timeZone).toInstant();
	}
	if (ZONED.test(value)) return Temporal.Instant.from(value);
	// Temporal would also take 20260131 for its midnight.
	if (!value.includes("-")) throw new RangeError();
	return Temporal.PlainDateTime.from(value).toZonedDateTime(timeZone).toInstant();
}

const DAY = /^\d{4}-\d\d-\d\d$/;
const ZONED = /Z$|[+-]\d\d:\d\d$/;

/** A time as the clocks of a zone show it, to the second. */
export function localTime(iso: string, timeZone: string): string {
	const local = Temporal.Instant.from(iso).toZonedDateTimeISO(timeZone).toPlainDateTime();
	return local.toString({ smallestUnit: "second" }).replace("T", " ");
}
