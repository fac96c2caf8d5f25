import { expect, test } from "vitest";
import { boundOf, inOrder, localTime, timeOf } from "../../../cli/time.ts";

test.each([
	["2026-01-31", "Asia/Shanghai", "2026-01-30T16:00:00.000Z", "2026-01-31T16:00:00.000Z"],
	// The clocks go forward: a day of 23 hours.
	["2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z"],
	// And at midnight itself: the day begins at one.
	["2026-09-06", "America/Santiago", "2026-09-06T04:00:00.000Z", "2026-09-07T03:00:00.000Z"],
])("the day %s of %s", (day, zone, begin, end) => {
	expect(boundOf("since", day, zone, "begin")).toBe(begin);
	expect(boundOf("until", day, zone, "end")).toBe(end);
});

test.each([
	["2026-01-31T08:00", "2026-01-31T00:00:00.000Z"],
	["2026-01-31 08:00:30", "2026-01-31T00:00:30.000Z"],
	["2026-01-31T08:00:00Z", "2026-01-31T08:00:00.000Z"],
	["2026-01-31T08:00:00-02:00", "2026-01-31T10:00:00.000Z"],
	// As the commands print it.
	["2026-01-31 08:00:00.007 UTC", "2026-01-31T08:00:00.007Z"],
])("the time %s", (time, iso) => {
	expect(boundOf("since", time, "Asia/Shanghai", "begin")).toBe(iso);
});

test.each([
	"2026-02-30",
	"yesterday",
	"",
	"2026-01-31T25:00",
	"20260131",
	"+275760-01-01",
	"2026-01-31T08:00[Asia/Tokyo]",
])("%j is none", (value) => {
	expect(() => boundOf("since", value, "Asia/Shanghai", "begin")).toThrow("--since");
	expect(() => timeOf("since", value)).toThrow("--since");
});

test.each([
	["2026-01-31", "2026-01-31T00:00:00.000Z"],
	["2026-01-31 08:00", "2026-01-31T08:00:00.000Z"],
	["2026-01-31T08:00:00.7+08:00", "2026-01-31T00:00:00.700Z"],
])("%s without a zone of its own is UTC", (time, iso) => {
	expect(timeOf("since", time)).toBe(iso);
});

test("a bound beyond the year 9999 is none: as a text it would come before all others", () => {
	expect(() => boundOf("until", "9999-12-31", "UTC", "end")).toThrow("--until");
});

test("a time on the clocks of a zone", () => {
	expect(localTime("2026-01-31T16:00:00.999Z", "Asia/Shanghai")).toBe("2026-02-01 00:00:00");
});

test("a period that ends before it begins is a mistake, and one without an end is not", () => {
	const [early, late] = ["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z"];
	expect(() => inOrder({ since: late, until: early })).toThrow("--until is before --since");
	for (const period of [
		{ since: early, until: late },
		{ since: late, until: late },
		{ until: early },
	]) {
		expect(inOrder(period)).toEqual(period);
	}
});
