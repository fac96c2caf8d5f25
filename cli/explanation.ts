import { allCorrections, correctedSchema, publishedSchema } from "../build/corrected-schema.ts";
import { strictAjv } from "../build/validators.ts";
import type { Revision } from "../lib/message.ts";
import { normalize } from "../lib/reading.ts";

/**
 * Says in words why a message has its conformance. For a corrected one: without which of the
 * corrections it would not be accepted.
 */
export function explanationOf({ row, text }: Revision): string {
	if (row.conformance === "documented") return "  the published schema accepts it";
	if (row.conformance === "unrecognized") {
		return (row.violations ?? []).map((violation) => `  ${violation}`).join("\n");
	}
	const message = normalize(JSON.parse(text));
	const needed = schemasWithoutOne().filter(({ accepts }) => !accepts(message));
	return needed.map(({ id, wrong, fix }) => `  ${id}  ${wrong} -> ${fix}`).join("\n");
}

interface WithoutOne {
	readonly id: string;
	readonly wrong: string;
	readonly fix: string;
	readonly accepts: (message: object) => boolean;
}

let cache: readonly WithoutOne[] | undefined;

/** Compiling them takes a second, so it is done once, and only when asked for. */
function schemasWithoutOne(): readonly WithoutOne[] {
	const corrections = allCorrections();
	cache ??= corrections.map(({ id, wrong, fix }) => {
		const others = corrections.filter((other) => other.id !== id);
		// One correction less may leave a rule that strict mode finds incomplete.
		const ajv = strictAjv({ strictTypes: false, strictRequired: false });
		const validate = ajv.compile(correctedSchema(publishedSchema(), others));
		return { id, wrong, fix, accepts: (message) => validate(message) === true };
	});
	return cache;
}
