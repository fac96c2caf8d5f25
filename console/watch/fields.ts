/** A member that is left out when it has no value. */
export function given<Name extends string, Value>(
	name: Name,
	value: Value | undefined,
): { [Key in Name]?: Value } {
	const member: { [Key in Name]?: Value } = {};
	if (value !== undefined) member[name] = value;
	return member;
}
