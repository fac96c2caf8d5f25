import { Temporal } from "temporal-polyfill";
import { wrongUse } from "./command.ts";
import { words } from "./language.ts";

/** A date, or a time with or without a zone. */
const TIME =
	/^(?<day>\d{4}-\d\d-\d\d)(?:[T ](?<clock>\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(?<zone> ?UTC|Z|[+-]\d\d:\d\d)?)?$/;

/** @returns the time that an option says, in UTC where it names no zone; ISO 8601 in ms. */
export function timeOf(name: string, value: string | undefined): string | undefined {
	return value === undefined ? undefined : boundOf(name, value, "UTC", "begin");
}

/**
 * @returns a period as it is given, where times are compared as texts.
 * @throws a wrong use in words when it ends before it begins.
 */
export function inOrder<
	P extends { readonly since?: string | undefined; readonly until?: string | undefined },
>(period: P): P {
	const { since, until } = period;
	if (since !== undefined && until !== undefined && until < since) {
		throw wrongUse(words.command.untilBefore);
	}
	return period;
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
		const { epochMilliseconds } = instantOf(value, timeZone, edge);
		const time = new Date(epochMilliseconds).toISOString();
		// Times are compared as texts, and a year of more than four digits begins with a sign.
		if (!/^\d/.test(time)) throw new RangeError();
		return time;
	} catch {
		throw wrongUse(words.command.noTimeOf(`--${name}`, value, timeZone));
	}
}

function instantOf(value: string, timeZone: string, edge: "begin" | "end"): Temporal.Instant {
	// Temporal takes more, such as 20260131 for its midnight, and leaves zones in brackets out.
	const { day, clock, zone } = TIME.exec(value)?.groups ?? {};
	if (day === undefined) throw new RangeError();
	if (clock === undefined) {
		const date = Temporal.PlainDate.from(day).add({ days: edge === "end" ? 1 : 0 });
		return date.toZonedDateTime(timeZone).toInstant();
	}
	const local = Temporal.PlainDateTime.from(`${day}T${clock}`);
	return local.toZonedDateTime(zone?.replace(/ ?UTC|Z/, "UTC") ?? timeZone).toInstant();
}

/** A time as the clocks of a zone show it, to the second. */
export function localTime(iso: string, timeZone: string): string {
	const local = Temporal.Instant.from(iso).toZonedDateTimeISO(timeZone).toPlainDateTime();
	return local.toString({ smallestUnit: "second" }).replace("T", " ");
}
