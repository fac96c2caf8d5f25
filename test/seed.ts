import fc from "fast-check";

/** One seed for all properties: a red run can be repeated, and CI is no lottery. */
export const SEED = Number(process.env.SEED ?? 20_260_101);

/** @returns how many runs a property gets that usually has so many; `npm run random` gives it more. */
export function runs(usual: number): number {
	return Math.max(1, Math.ceil(usual * Number(process.env.TIMES ?? 1)));
}

fc.configureGlobal({ seed: SEED, numRuns: runs(100) });

// Commands speak the language of the locale; that of the tests is English, wherever they run.
process.env.LC_ALL = "C";
