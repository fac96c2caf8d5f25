import { neededCorrections } from "../build/needed-corrections.ts";
import type { Revision } from "../lib/archive/revisions.ts";
import { parseObject } from "../lib/message/json-text.ts";
import { normalize } from "../lib/message/shape.ts";
import { violationSentence } from "../lib/message/violation.ts";

/**
 * Says in words why a message has its conformance. For a corrected one: without which of the
 * corrections it would not be accepted.
 */
export async function explanationOf({ row, text }: Revision): Promise<string[]> {
	if (row.conformance === "documented") return ["the published schema accepts it"];
	if (row.conformance === "unrecognized") return (row.violations ?? []).map(violationSentence);
	const message = parseObject((await text()) ?? "");
	if (message === undefined) return ["a part of its text is missing"];
	const needed = await neededCorrections(normalize(message));
	return needed.map(({ id, wrong, fix }) => `${id}  ${wrong} -> ${fix}`);
}
