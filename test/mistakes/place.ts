import type { Mistake } from "./mistakes.ts";

/**
 * A text with a mistake in it.
 *
 * @throws when the place of it is not there, or not clear: then the list has to follow the code.
 */
export function withMistake(
	right: string,
	{ file, changes, after }: Pick<Mistake, "file" | "changes" | "after">,
): string {
	return changes.reduce((text, [from, to]) => {
		const start = after === undefined ? 0 : text.indexOf(after);
		const at = text.indexOf(from, start);
		if (start === -1 || at === -1) throw new Error(`${file} has no ${JSON.stringify(from)}`);
		if (after === undefined && text.includes(from, at + 1)) {
			throw new Error(`${file} has ${JSON.stringify(from)} more than once`);
		}
		return text.slice(0, at) + to + text.slice(at + from.length);
	}, right);
}
