import { labelOf } from "./labels.ts";

const MOST_VIOLATIONS = 3;

/**
 * What an unrecognized message does otherwise than the corrected schema says.
 *
 * The validator that can tell is loaded on the first use: it is twice as large as the two that only
 * say yes or no, and most callbacks never need it.
 *
 * @param message the parsed body of a callback, normalized.
 * @returns a few sentences, each with a JSON pointer; never a value except the number of a type.
 */
export async function violationsOf(message: object): Promise<string[]> {
	const { explain } = await import("../schema/generated/explained.js");
	if (explain(message)) return [];
	const type = typeOf(message);
	return (explain.errors ?? [])
		.filter(({ keyword }) => keyword !== "if")
		.slice(0, MOST_VIOLATIONS)
		.map((error) => sentence(error, type));
}

interface Violation {
	readonly keyword: string;
	readonly instancePath: string;
	readonly message?: string;
	readonly params: Readonly<Record<string, unknown>>;
}

function sentence({ keyword, instancePath, message, params }: Violation, type: unknown): string {
	if (keyword === "required") {
		const { missingProperty } = params;
		const inPayload = instancePath === "/data/payload" || missingProperty === "payload";
		const forType =
			inPayload && typeof type === "number" ? ` for type ${type} (${labelOf(type)})` : "";
		return `${instancePath}/${missingProperty} is required${forType}`;
	}
	if (keyword === "enum" && instancePath === "/data/type") {
		return `/data/type ${typeof type === "number" ? type : "of this kind"} has no known payload`;
	}
	return `${instancePath} ${message}`;
}

function typeOf(message: object): unknown {
	const data = "data" in message ? message.data : undefined;
	return typeof data === "object" && data !== null && "type" in data ? data.type : undefined;
}
