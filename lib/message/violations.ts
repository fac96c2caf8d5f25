import { violationText } from "./violation.ts";

const MOST_VIOLATIONS = 3;

/**
 * What an unrecognized message does otherwise than the corrected schema says.
 *
 * The validator that can tell is loaded on the first use: it is twice as large as the two that only
 * say yes or no, and most callbacks never need it.
 *
 * @param message the parsed body of a callback, normalized.
 * @returns a few, as they are kept; never a value except the number of a type.
 */
export async function violationsOf(message: object): Promise<string[]> {
	const { explain } = await import("../schema/generated/explained.js");
	if (explain(message)) return [];
	const type = typeOf(message);
	return (explain.errors ?? [])
		.filter(({ keyword }) => keyword !== "if")
		.slice(0, MOST_VIOLATIONS)
		.map((error) => textOf(error, typeof type === "number" ? String(type) : ""));
}

interface SchemaError {
	readonly keyword: string;
	readonly instancePath: string;
	readonly params: Readonly<Record<string, unknown>>;
}

function textOf({ keyword, instancePath: pointer, params }: SchemaError, type: string): string {
	if (keyword === "required") {
		const { missingProperty } = params;
		const isOfType = pointer === "/data/payload" || missingProperty === "payload";
		const detail = isOfType ? type : "";
		return violationText({ keyword, pointer: `${pointer}/${missingProperty}`, detail });
	}
	if (keyword === "enum") {
		return violationText({ keyword, pointer, detail: pointer === "/data/type" ? type : "" });
	}
	const asked = params.type ?? params.limit ?? params.pattern ?? "";
	return violationText({ keyword, pointer, detail: String(asked) });
}

function typeOf(message: object): unknown {
	const data = "data" in message ? message.data : undefined;
	return typeof data === "object" && data !== null && "type" in data ? data.type : undefined;
}
