import { labelOf } from "./labels.ts";

/**
 * What a message does otherwise than the corrected schema says, as a value: it is kept and
 * logged as {@link violationText}, and worded where a person reads it.
 */
export interface Violation {
	/** The schema's keyword, such as `required` or `type`; `unexpected` for a fault of our own. */
	readonly keyword: string;
	/** JSON pointer of what is wrong, or of what is missing; empty when nobody knows. */
	readonly pointer: string;
	/** What the keyword asks for, or the number of the message's type where that tells more. */
	readonly detail: string;
}

/** The form that is kept: `required /data/payload/text 7`. */
export function violationText({ keyword, pointer, detail }: Violation): string {
	return [keyword, pointer, detail].filter((part) => part !== "").join(" ");
}

/** Undoes {@link violationText}; of any other text nothing but itself is known. */
export function readViolation(text: string): Violation {
	if (text.startsWith("/")) return { keyword: "", pointer: "", detail: text };
	const [keyword = "", ...rest] = text.split(" ");
	const pointer = rest[0]?.startsWith("/") ? rest[0] : "";
	return { keyword, pointer, detail: rest.slice(pointer === "" ? 0 : 1).join(" ") };
}

/** Words a violation for who reads a reply, in English. */
export function violationSentence(text: string): string {
	const { keyword, pointer, detail } = readViolation(text);
	if (pointer === "") return text;
	switch (keyword) {
		case "required":
			return `${pointer} is required${detail && ` for type ${detail} (${labelOf(Number(detail))})`}`;
		case "type":
			return `${pointer} must be ${detail}`;
		case "minimum":
			return `${pointer} must be >= ${detail}`;
		case "maximum":
			return `${pointer} must be <= ${detail}`;
		case "enum":
			return pointer === "/data/type"
				? `/data/type ${detail || "of this kind"} has no known payload`
				: `${pointer} must be equal to one of the allowed values`;
		default:
			return `${pointer} does not fit the schema's ${keyword} ${detail}`.trimEnd();
	}
}
