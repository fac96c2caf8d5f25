/** Whether something is as it should be, for a person. */
export interface Finding {
	readonly title: string;
	/** Unknown is also what only a person can know. */
	readonly result: "yes" | "no" | "unknown";
	/** What was found. */
	readonly detail: string;
	/** What to do about it; nothing when it is as it should be. */
	readonly toDo?: string;
}

/** What a check finds; the check has the title. */
export type Answer = Omit<Finding, "title">;

/** One thing to look at. */
export interface Check {
	readonly title: string;
	/** @throws when it cannot be looked at: then nothing is known. */
	look(): Promise<Answer>;
}

/** It is as it should be. */
export function yes(detail: string): Answer {
	return { result: "yes", detail };
}

/** It is not. */
export function no(detail: string, toDo: string): Answer {
	return { result: "no", detail, toDo };
}

/** Nobody here can tell. */
export function unknown(detail: string, toDo: string): Answer {
	return { result: "unknown", detail, toDo };
}

/** @returns no when something is wrong, with all that is; yes otherwise. */
export function yesUnless(wrong: readonly string[], detail: string, toDo: string): Answer {
	return wrong.length === 0 ? yes(detail) : no(wrong.join("; "), toDo);
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
		`${name}: ${message}`,
		mayNot ? "ask with credentials that may read this" : "ask again, or look in the AWS console",
	);
}
