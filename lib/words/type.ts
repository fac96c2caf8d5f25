import type { Words } from "./page/en.ts";

/** A message type's name. */
export function typeName(type: number | undefined, words: Words): string {
	return type === undefined ? words.noType : (words.types[type] ?? words.otherType(type));
}
