/**
 * `JSON.stringify` is recursive, and a body may be nested deeper than its stack.
 *
 * @returns the text, or undefined when there is none for that reason.
 */
export function jsonOf(value: unknown): string | undefined {
	try {
		return JSON.stringify(value);
	} catch {
		return undefined;
	}
}
