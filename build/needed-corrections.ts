import { setImmediate } from "node:timers/promises";
import {
	allCorrections,
	type Correction,
	correctedSchema,
	publishedSchema,
} from "../lib/schema/corrected-schema.ts";
import { strictAjv } from "./validators.ts";

/**
 * Tells which corrections made a message acceptable: the ones without which it would not be.
 *
 * @param message a normalized callback that the corrected schema accepts.
 */
export async function neededCorrections(message: object): Promise<Correction[]> {
	cache ??= compileAll();
	const without = await cache;
	return without.filter(({ accepts }) => !accepts(message)).map(({ correction }) => correction);
}

interface WithoutOne {
	readonly correction: Correction;
	readonly accepts: (message: object) => boolean;
}

let cache: Promise<readonly WithoutOne[]> | undefined;

/**
 * Compiling them takes a second, so it is done once, and only when asked for; one at a time, so that
 * whatever else the process does goes on in between.
 */
async function compileAll(): Promise<readonly WithoutOne[]> {
	const corrections = allCorrections();
	const compiled: WithoutOne[] = [];
	for (const correction of corrections) {
		const others = corrections.filter((other) => other !== correction);
		// One correction less may leave a rule that strict mode finds incomplete.
		const ajv = strictAjv({ strictTypes: false, strictRequired: false });
		const validate = ajv.compile(correctedSchema(publishedSchema(), others));
		compiled.push({ correction, accepts: (message) => validate(message) === true });
		await setImmediate();
	}
	return compiled;
}
