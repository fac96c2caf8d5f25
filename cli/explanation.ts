import { neededCorrections } from "../build/needed-corrections.ts";
import type { Revision } from "../lib/archive/revisions.ts";
import { parseObject } from "../lib/message/json-text.ts";
import { normalize } from "../lib/message/shape.ts";
import { violationWords } from "../lib/words/violation.ts";
import { words } from "./language.ts";

/**
 * Says in words why a message has its conformance. For a corrected one: without which of the
 * corrections it would not be accepted.
 */
export async function explanationOf({ row, text }: Revision): Promise<string[]> {
	if (row.conformance === "documented") return [words.messagesCommand.accepted];
	if (row.conformance === "unrecognized") return (row.violations ?? []).map(violationSaid);
	const message = parseObject((await text()) ?? "");
	if (message === undefined) return [words.messagesCommand.partMissing];
	const needed = await neededCorrections(normalize(message));
	return needed.map(({ id, ...said }) => {
		const { wrong, fix } = words.corrections[id] ?? said;
		return `${id}  ${wrong} -> ${fix}`;
	});
}

/** A violation in the words of the command. */
export function violationSaid(text: string): string {
	return violationWords(text, words.page);
}
