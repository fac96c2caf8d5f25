/** A JSON object whose members are not known. */
export type Fields = Readonly<Record<string, unknown>>;

/** A string that says something, or nothing. */
export function wordOf(value: unknown): string | undefined {
	return typeof value === "string" && value !== "" ? value : undefined;
}

/** A number, also one that is written as a string, or nothing. */
export function numberOf(value: unknown): number | undefined {
	const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
	return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A member that is left out when it has no value. */
export function given<Name extends string, Value>(
	name: Name,
	value: Value | undefined,
): { [Key in Name]?: Value } {
	const member: { [Key in Name]?: Value } = {};
	if (value !== undefined) member[name] = value;
	return member;
}
