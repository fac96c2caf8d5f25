import type { StoredKey } from "../archive/reader.ts";
import { isProbe } from "../intake/probe.ts";
import type { Window } from "./window.ts";

/** A time without callbacks in which there usually are some. */
export interface Gap extends Window {
	/** Of which bot; of all callbacks, of whichever kind, when undefined. */
	readonly bot: string | undefined;
	/** How many came in the same hours of the weeks before, on average; undefined before there were any. */
	readonly usual: number | undefined;
}

/** How many weeks before the window say what is usual. */
export const WEEKS_BEFORE = 2;

/**
 * Where 7 callbacks come on average, each by itself, none comes once in a thousand times (Poisson): so
 * many have to be missing before a silence is told.
 */
const TELLING = 7;

const MINUTE_MS = 60_000;
const MINUTES_OF_HOUR = 60;

/** People write in bursts, so a single bot may pause for longer. */
const LEAST_OF_BOT = 60;
const HOURS_OF_WEEK = 168;

/** When callbacks came. */
interface Arrivals {
	/** How many in which minute since 1970. */
	readonly counts: Map<number, number>;
	first: number;
}

/**
 * Finds when callbacks did not come though they usually do: in all, and bot by bot.
 *
 * @param keys of what was stored, in any order, from {@link WEEKS_BEFORE} weeks before the window on;
 *   what the history told, and probes, are no callbacks.
 * @param leastMinutes how long all callbacks have to be missing; the platform switches a URL off for 30
 *   (docs/platform.md "Disable").
 * @returns the gaps in the order of their beginning.
 */
export async function findGaps(
	keys: AsyncIterable<Pick<StoredKey, "pk" | "receivedAt" | "botId" | "origin">>,
	window: Window,
	leastMinutes: number,
): Promise<Gap[]> {
	const all = noArrivals();
	const ofBots = new Map<string, Arrivals>();
	for await (const { pk, receivedAt, botId, origin } of keys) {
		// An owner's probe must not end the silence that the owner is looking into.
		if (origin !== undefined || isProbe({ pk })) continue;
		const minute = minuteOf(receivedAt);
		add(all, minute);
		if (botId === undefined) continue;
		const own = ofBots.get(botId) ?? noArrivals();
		ofBots.set(botId, own);
		add(own, minute);
	}
	const isTelling = (usual: number | undefined): boolean => usual === undefined || usual >= TELLING;
	const whole = silencesOf(all, window)
		.filter(({ from, to }) => to - from >= leastMinutes)
		.map((silence) => ({ ...silence, usual: usualOf(all, silence) }))
		.filter(({ usual }) => isTelling(usual));
	const gaps = whole.map((silence) => gapOf(silence, undefined));
	for (const [bot, own] of ofBots) {
		for (const silence of silencesOf(own, window)) {
			if (silence.to - silence.from < LEAST_OF_BOT) continue;
			const usual = usualOf(own, silence);
			// What all callbacks have in common is told once.
			const told = whole.map((one) => usualOf(own, overlapOf(one, silence)) ?? 0);
			const rest = (usual ?? 0) - told.reduce((sum, one) => sum + one, 0);
			if (rest >= TELLING) gaps.push(gapOf({ ...silence, usual }, bot));
		}
	}
	return gaps.sort((a, b) => (a.since < b.since ? -1 : 1));
}

/** From the minute of the last callback before it to that of the first after it. */
interface Silence {
	readonly from: number;
	readonly to: number;
}

function noArrivals(): Arrivals {
	return { counts: new Map(), first: Number.POSITIVE_INFINITY };
}

function add(arrivals: Arrivals, minute: number): void {
	arrivals.counts.set(minute, (arrivals.counts.get(minute) ?? 0) + 1);
	arrivals.first = Math.min(arrivals.first, minute);
}

/** Before the first callback there is no silence, and after the last one it lasts. */
function silencesOf({ counts }: Arrivals, { since, until }: Window): Silence[] {
	const [start, end] = [minuteOf(since), minuteOf(until)];
	const minutes = [...counts.keys()].sort((a, b) => a - b);
	return minutes
		.map((from, n) => ({ from: Math.max(from, start), to: Math.min(minutes[n + 1] ?? end, end) }))
		.filter(({ from, to }) => to - from > 1);
}

function overlapOf(a: Silence, b: Silence): Silence {
	return { from: Math.max(a.from, b.from), to: Math.min(a.to, b.to) };
}

/** How many came in the same minutes of the weeks before, on average of those that there were. */
function usualOf({ counts, first }: Arrivals, { from, to }: Silence): number | undefined {
	const week = HOURS_OF_WEEK * MINUTES_OF_HOUR;
	let sum = 0;
	let isKnown = false;
	for (let minute = from; minute < to; minute++) {
		const before = Array.from({ length: WEEKS_BEFORE }, (_, n) => minute - (n + 1) * week);
		const known = before.filter((one) => one >= first);
		if (known.length === 0) continue;
		isKnown = true;
		sum += known.reduce((all, one) => all + (counts.get(one) ?? 0), 0) / known.length;
	}
	return isKnown ? sum : undefined;
}

function gapOf({ from, to, usual }: Silence & Pick<Gap, "usual">, bot: string | undefined): Gap {
	return { bot, since: timeOf(from), until: timeOf(to), usual };
}

/** Since 1970. */
function minuteOf(time: string): number {
	return Math.floor(Date.parse(time) / MINUTE_MS);
}

function timeOf(minute: number): string {
	return new Date(minute * MINUTE_MS).toISOString();
}
