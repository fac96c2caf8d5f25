import { en, type Words } from "./en.ts";

/** How an error is told in a language. */
type Say = (words: Words) => string;

/** An error in words for a person: in English, unless who catches it asks {@link wordsOfFailure}. */
export function failure(say: Say): Error {
	return new Error(say(en), { cause: { say } satisfies Cause });
}

interface Cause {
	readonly say: Say;
}

/** What an error says in a language; undefined for one that is not made by {@link failure}. */
export function wordsOfFailure({ cause }: Error, words: Words): string | undefined {
	return isCause(cause) ? cause.say(words) : undefined;
}

function isCause(cause: unknown): cause is Cause {
	return (
		typeof cause === "object" && cause !== null && "say" in cause && typeof cause.say === "function"
	);
}
