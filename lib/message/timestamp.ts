/** Seconds of 2001 and of 5138; the platform is younger than the one, and ms begin after the other. */
const FIRST_SECOND = 1e9;
const FIRST_MILLISECOND = 1e11;
/** 9999-12-31T23:59:59.999Z: later times have a longer ISO form, which would not sort. */
const LAST_MILLISECOND = 253_402_300_799_999;

/**
 * Reads the platform's `timestamp`: a number or a numeric string, in milliseconds or in seconds
 * (docs/platform.md "Envelope": all captured bodies carry ms as a number, the printed schema says
 * string, and one receiver met seconds).
 *
 * @returns milliseconds since 1970, or undefined when it is no usable time.
 */
export function readTimestamp(value: unknown): number | undefined {
	const number =
		typeof value === "string" && /^\s{0,9}\d{1,99}\s{0,9}$/.test(value) ? Number(value) : value;
	if (typeof number !== "number" || !(number >= FIRST_SECOND)) return undefined;
	const milliseconds = Math.floor(number < FIRST_MILLISECOND ? number * 1000 : number);
	return milliseconds <= LAST_MILLISECOND ? milliseconds : undefined;
}
