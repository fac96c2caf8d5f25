import { readViolation } from "../message/violation.ts";
import type { Words } from "./page/en.ts";

/** Tells a violation in a language. */
export function violationWords(text: string, words: Words): string {
	const { keyword, pointer, detail } = readViolation(text);
	const place = segmentsOf(pointer).join(".");
	const { violation } = words;
	switch (keyword) {
		case "required":
			return violation.required(place, detail && typeWords(detail, words));
		case "type":
			return violation.type(
				place,
				detail
					.split(",")
					.map((type) => words.jsonTypes[type] ?? type)
					.join(", "),
			);
		case "enum":
			if (pointer !== "/data/type" || detail === "") return violation.enum(place);
			// Types whose names are known, but not what they hold (docs/platform.md "Payloads").
			return Object.hasOwn(words.types, detail)
				? violation.shapeless(typeWords(detail, words))
				: violation.unknownType(detail);
		case "unexpected":
			return violation.unexpected(detail);
		default:
			return pointer === "" ? text : violation.other(place, `${keyword} ${detail}`);
	}
}

function typeWords(type: string, { types }: Words): string {
	const name = types[Number(type)];
	return name === undefined ? type : `${type} (${name})`;
}

/** The keys of a JSON pointer (RFC 6901). */
export function segmentsOf(pointer: string): string[] {
	return pointer
		.split("/")
		.slice(1)
		.map((segment) => segment.replaceAll("~1", "/").replaceAll("~0", "~"));
}
