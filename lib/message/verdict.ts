import { isCorrected } from "../schema/generated/corrected.js";
import { isDocumented } from "../schema/generated/documented.js";
import { normalize } from "./shape.ts";

/**
 * How a message fits what is known of the platform's messages: the published schema accepts it, only
 * the corrected one does, or neither.
 */
export type Conformance = "documented" | "corrected" | "unrecognized";

/**
 * Asks the schemas about a message, the published one first.
 *
 * @param message the parsed body of a callback, in either spelling.
 */
export function judge(message: object): Conformance {
	if (isDocumented(message)) return "documented";
	return isCorrected(normalize(message)) ? "corrected" : "unrecognized";
}
