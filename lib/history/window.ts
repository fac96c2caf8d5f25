/** A time from one moment to another, both included; ISO 8601 in ms, UTC. */
export interface Window {
	readonly since: string;
	readonly until: string;
}

const DAY_MS = 86_400_000;

/** The platform's days are those of Asia/Shanghai, which has had no other time since 1991. */
const SHANGHAI_MS = 8 * 3_600_000;

/** The platform's days that a window touches, such as `2026-01-31`, the first one first. */
export function daysOf({ since, until }: Window): string[] {
	const first = Math.floor((Date.parse(since) + SHANGHAI_MS) / DAY_MS);
	const last = Math.floor((Date.parse(until) + SHANGHAI_MS) / DAY_MS);
	return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) =>
		new Date((first + n) * DAY_MS).toISOString().slice(0, "2026-01-31".length),
	);
}
