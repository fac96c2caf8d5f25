import { typeLabels } from "../schema/generated/labels.js";

/** A message type's Chinese name, from the schema's own list, or its number. */
export function labelOf(type: number | undefined): string {
	if (type === undefined) return "无类型";
	return typeLabels[type] ?? `类型${type}`;
}
