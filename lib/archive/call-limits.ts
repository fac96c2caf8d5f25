/** The longest silence of AWS that a person's command waits for, in ms: an answer of 1 MB takes a fraction of it. */
const LONGEST_MS = 5_000;

/**
 * What every client of AWS is opened with here: what hangs is asked again, before its answer and within
 * it. By itself the SDK waits for ever.
 */
export const callLimits = {
	requestHandler: {
		requestTimeout: LONGEST_MS,
		socketTimeout: LONGEST_MS,
		throwOnRequestTimeout: true,
	},
} as const;
