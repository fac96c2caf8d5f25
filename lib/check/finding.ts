import type { Words } from "../words/en.ts";

/** How something is told in a language. */
export type Say = (words: Words) => string;

/** Whether something is as it should be, for a person. */
export interface Finding {
	readonly title: Say;
	/** Unknown is also what only a person can know. */
	readonly result: "yes" | "no" | "unknown";
	/** What was found. */
	readonly detail: Say;
	/** What to do about it; nothing when it is as it should be. */
	readonly toDo?: Say;
}

/** What a check finds; the check has the title. */
export type Answer = Omit<Finding, "title">;

/** One thing to look at. */
export interface Check {
	readonly title: Say;
	/** @throws when it cannot be looked at: then nothing is known. */
	look(): Promise<Answer>;
}

/** It is as it should be. */
export function yes(detail: Say): Answer {
	return { result: "yes", detail };
}

/** It is not. */
export function no(detail: Say, toDo: Say): Answer {
	return { result: "no", detail, toDo };
}

/** Nobody here can tell. */
export function unknown(detail: Say, toDo: Say): Answer {
	return { result: "unknown", detail, toDo };
}

/** @returns no when something is wrong, with all that is; yes otherwise. */
export function yesUnless(wrong: readonly Say[], detail: Say, toDo: Say): Answer {
	const all: Say = (words) => wrong.map((say) => say(words)).join(words.checks.and);
	return wrong.length === 0 ? yes(detail) : no(all, toDo);
}

/** What is wrong, in a list; an empty one when it is right. */
export function saidUnless(isRight: boolean, wrong: Say): Say[] {
	return isRight ? [] : [wrong];
}

/** Looks at all at once, and tells what was found in the order of the checks. */
export async function* findAll(checks: readonly Check[]): AsyncGenerator<Finding> {
	const looks = checks.map(async ({ title, look }): Promise<Finding> => {
		try {
			return { title, ...(await look()) };
		} catch (error) {
			return { title, ...notSeen(error) };
		}
	});
	yield* looks;
}

function notSeen(error: unknown): Answer {
	const { name, message } = error instanceof Error ? error : new Error(String(error));
	const mayNot = /AccessDenied|NotAuthorized|AuthorizationError/.test(name);
	return unknown(
		() => `${name}: ${message}`,
		({ checks }) => (mayNot ? checks.mayNot : checks.askAgain),
	);
}

/** A finding in a language. */
export function told({ title, result, detail, toDo }: Finding, words: Words) {
	const said = { title: title(words), result, detail: detail(words) };
	return { ...said, ...(toDo && { toDo: toDo(words) }) };
}
