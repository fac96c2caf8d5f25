import { isCorrected } from "../schema/generated/corrected.js";
import { isDocumented } from "../schema/generated/documented.js";
import { normalize } from "./shape.ts";
import { violationsOf } from "./violations.ts";

/**
 * How a message fits what is known of the platform's messages: the published schema accepts it, only
 * the corrected one does, or neither.
 */
export type Conformance = "documented" | "corrected" | "unrecognized";

/** What the schemas say of a message. */
export interface Verdict {
	readonly conformance: Conformance;
	/** What an unrecognized message does otherwise than the corrected schema says, a few at most. */
	readonly violations: readonly string[];
}

/**
 * Asks the schemas about a message, the published one first.
 *
 * @param message the parsed body of a callback, in either spelling.
 */
export async function judge(message: object): Promise<Verdict> {
	if (isDocumented(message)) return { conformance: "documented", violations: [] };
	const normalized = normalize(message);
	if (isCorrected(normalized)) return { conformance: "corrected", violations: [] };
	return { conformance: "unrecognized", violations: await violationsOf(normalized) };
}
