import schema from "./schema/message.schema.json" with { type: "json" };

const labels = new Map(
	schema.properties.data.properties.type["x-apifox-enum"].map(({ value, description }) => [
		value,
		description,
	]),
);

/** A message type's Chinese name, from the published schema's own list, or its number. */
export function labelOf(type: number | undefined): string {
	if (type === undefined) return "无类型";
	return labels.get(type) ?? `类型${type}`;
}
