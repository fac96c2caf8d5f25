/** @returns any text as one word for a shell of POSIX. */
export function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
