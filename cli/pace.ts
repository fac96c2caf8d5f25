import { setTimeout as sleep } from "node:timers/promises";
import type { Pace } from "../lib/archive/following.ts";
import { printable } from "../lib/message/printable.ts";
import { words } from "./language.ts";

/**
 * A look costs 32 read units: an hour of looks 57,600, which are 0.7 cents in us-east-1
 * (https://aws.amazon.com/dynamodb/pricing/on-demand/: 0.125 dollars a million).
 */
const PAUSE_MS = 2_000;

/**
 * Looks again and again, until Ctrl-C, and tells once of what goes wrong meanwhile.
 *
 * @param looks how often at most.
 */
export function paced(
	name: string,
	looks = Number.POSITIVE_INFINITY,
): Pace & { readonly signal: AbortSignal } {
	const stopping = new AbortController();
	const { signal } = stopping;
	for (const one of ["SIGINT", "SIGTERM"] as const) process.once(one, () => stopping.abort());
	let told = "";
	let left = looks;
	return {
		signal,
		async wait() {
			left--;
			if (left === 0) return false;
			await sleep(PAUSE_MS, undefined, { signal }).catch(() => {});
			return !signal.aborted;
		},
		onTrouble(error) {
			const why = error instanceof Error ? error.message : String(error);
			if (why !== told) console.error(printable(`${name}: ${words.command.goesOn(why)}`));
			told = why;
		},
	};
}
