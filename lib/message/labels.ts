import { typeLabels } from "../schema/generated/labels.js";

/** Whether the schema's list names a message type. */
export function hasLabel(type: number): boolean {
	return Object.hasOwn(typeLabels, type);
}

/** A message type's Chinese name, from the schema's own list, or its number. */
export function labelOf(type: number | undefined): string {
	if (type === undefined) return "无类型";
	return typeLabels[type] ?? `类型${type}`;
}
