/** A time of each day, in minutes of the day in UTC; `to` before `from` goes over midnight. */
export interface QuietHours {
	readonly from: number;
	readonly to: number;
}

/** Minutes of a day. */
export const DAY = 1_440;

/**
 * Reads hours such as `22:00-08:00 Asia/Shanghai`. CloudWatch's metric math knows the hour in UTC only
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html), so in a
 * zone with summer time the hours are quiet at either time: longer by what the clock moves.
 *
 * @param year the one whose offsets count.
 * @returns undefined when the text is nothing of this kind, or the zone is unknown.
 */
export function readQuietHours(text: string, year: number): QuietHours | undefined {
	const [, fromHour, fromMinute, toHour, toMinute, zone] =
		/^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d) ([A-Za-z0-9_+/-]+)$/.exec(text) ?? [];
	if (zone === undefined || !isZone(zone)) return undefined;
	const offsets = offsetsOf(zone, year);
	const from = Number(fromHour) * 60 + Number(fromMinute);
	const to = Number(toHour) * 60 + Number(toMinute);
	if (from === to) return undefined;
	return { from: inDay(from - Math.max(...offsets)), to: inDay(to - Math.min(...offsets)) };
}

/** How many minutes of the day are quiet. */
export function lengthOf({ from, to }: QuietHours): number {
	return inDay(to - from);
}

/** A minute of the day, of any number of minutes. */
export function inDay(minutes: number): number {
	return ((minutes % DAY) + DAY) % DAY;
}

/** Whether a time zone of this name is known. */
export function isZone(zone: string): boolean {
	try {
		new Intl.DateTimeFormat("en", { timeZone: zone });
		return true;
	} catch {
		return false;
	}
}

/** @returns the minutes that the zone is ahead of UTC, at the first of each month. */
function offsetsOf(timeZone: string, year: number): number[] {
	const format = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "longOffset" });
	return Array.from({ length: 12 }, (_, month) => {
		const parts = format.formatToParts(Date.UTC(year, month, 1));
		const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
		const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
		return (sign === "-" ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0));
	});
}
