import { isDocumented, payloadBranches } from "./schema/generated/message.js";

/** How a message fits what is known of the platform's messages. */
export type Conformance = "documented" | "unrecognized";

/** What the schemas say of a message. */
export interface Verdict {
	readonly conformance: Conformance;
	/** Up to {@link MOST_VIOLATIONS} sentences, each with a JSON pointer; never a value. */
	readonly violations: readonly string[];
}

const MOST_VIOLATIONS = 3;

/**
 * Asks the published schema about a message.
 *
 * @param message the parsed body of a callback.
 */
export function judge(message: object): Verdict {
	if (isDocumented(message)) return { conformance: "documented", violations: [] };
	return { conformance: "unrecognized", violations: violationsOf(message) };
}

/**
 * The payload's rule is an `anyOf` of 17 branches, so a miss fails all of them; only the branch that
 * the schema names for the message's own type says what is wrong.
 */
function violationsOf(message: object): string[] {
	const errors = isDocumented.errors ?? [];
	const own = errors.filter(({ schemaPath }) => schemaPath.includes(ownBranch(message)));
	const general = errors.filter(({ schemaPath }) => !schemaPath.includes("/anyOf/"));
	const telling = own.length > 0 ? own : general;
	return telling.slice(0, MOST_VIOLATIONS).map(sentence);
}

function ownBranch(message: object): string {
	const data = "data" in message ? message.data : undefined;
	const type = typeof data === "object" && data !== null && "type" in data ? data.type : undefined;
	return `/anyOf/${payloadBranches[String(type)]}/`;
}

/** Keys of the schema end in TABs, so what is quoted is quoted with escapes. */
function sentence({ instancePath, message }: { instancePath: string; message?: string }): string {
	return `${instancePath || "/"} ${JSON.stringify(message).slice(1, -1)}`;
}
