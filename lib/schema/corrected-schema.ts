import { readFileSync } from "node:fs";
import { applyPatch, type Operation, Pointer } from "rfc6902";

/** One thing that is known to be wrong with the published schema. */
export interface Correction {
	readonly id: string;
	/** JSON pointer (RFC 6901) into the published schema. */
	readonly pointer: string;
	readonly wrong: string;
	readonly fix: string;
	/** Where it was seen: repositories, vendor pages and files by their short names. */
	readonly evidence: string;
	readonly confidence: string;
	/** JSON Patch (RFC 6902) against the published schema; S01 is the dispatch instead. */
	readonly patch: readonly Operation[];
}

/** A JSON schema, as far as it is handled here. */
export interface Schema {
	readonly type?: string | readonly string[];
	readonly title?: string;
	readonly description?: string;
	readonly properties?: Readonly<Record<string, Schema>>;
	readonly required?: readonly string[];
	readonly anyOf?: readonly Schema[];
	readonly [keyword: string]: unknown;
}

/** The schema as the platform publishes it. */
export function publishedSchema(): Schema {
	return JSON.parse(readFileSync(new URL("message.schema.json", import.meta.url), "utf8"));
}

/** What is known to be wrong with it, in the order in which it is applied. */
export function allCorrections(): Correction[] {
	return JSON.parse(readFileSync(new URL("corrections.json", import.meta.url), "utf8"));
}

const PAYLOAD = "/properties/data/properties/payload";
const TYPE = "/properties/data/properties/type";

/** The correction that ties the payload's rule to the message's type. */
const DISPATCH = "S01";

/**
 * Derives the corrected schema.
 *
 * @throws Error when a correction does not fit the schema: the platform has published another
 * edition, and somebody has to look at the list again.
 */
export function correctedSchema(
	published: Schema = publishedSchema(),
	corrections: readonly Correction[] = allCorrections(),
): Schema {
	const schema = structuredClone(published);
	for (const { id, patch } of corrections) {
		const failed = applyPatch(schema, structuredClone([...patch])).find((error) => error !== null);
		if (failed) throw new Error(`correction ${id} does not fit the schema: ${failed.message}`);
	}
	if (corrections.some(({ id }) => id === DISPATCH)) applyPatch(schema, dispatch(schema));
	return schema;
}

/** A rule of the payload, and the type of message that it is for. */
export interface PayloadRule {
	readonly type: number;
	readonly rule: Schema;
}

/** The rules of the payload by type: the schema's branches say `当type为N时`. */
export function payloadRules(schema: Schema): PayloadRule[] {
	const branches: readonly Schema[] = Pointer.fromJSON(`${PAYLOAD}/anyOf`).get(schema);
	return branches.map((rule) => {
		const type = /当type为(\d+)时/.exec(String(rule.description))?.[1];
		if (type === undefined) throw new Error(`no type is told by the branch "${rule.title}"`);
		return { type: Number(type), rule };
	});
}

/** The type's rule follows from the type, and a type without a rule is not a known one. */
function dispatch(schema: Schema): Operation[] {
	const rules = payloadRules(schema);
	const listed: readonly number[] | undefined = Pointer.fromJSON(`${TYPE}/enum`).get(schema);
	const known = rules.map(({ type }) => type).filter((type) => listed?.includes(type) ?? true);
	const groups = Map.groupBy(rules, ({ rule }) => JSON.stringify(rule, wordless));
	return [
		{ op: "remove", path: `${PAYLOAD}/anyOf` },
		{ op: "add", path: `${TYPE}/enum`, value: known },
		{ op: "add", path: "/properties/data/allOf", value: [...groups.values()].map(thatRule) },
	];
}

/** Leaves out titles and descriptions, but not fields of these names: their values are objects. */
function wordless(key: string, value: unknown): unknown {
	const isWord = typeof value === "string" && (key === "title" || key === "description");
	return isWord || key === "x-apifox-orders" ? undefined : value;
}

/** The rule that several types share, asked only for them. */
function thatRule(alike: readonly PayloadRule[]): Schema {
	const rule = alike[0]?.rule;
	return {
		if: { properties: { type: { enum: alike.map(({ type }) => type) } }, required: ["type"] },
		then: {
			properties: { payload: rule },
			...(rule?.required?.length && { required: ["payload"] }),
		},
	};
}

/** The names of the types, as the schema lists them. */
export function typeLabels(schema: Schema): Record<string, string> {
	const listed: readonly { readonly value: number; readonly description: string }[] =
		Pointer.fromJSON(`${TYPE}/x-apifox-enum`).get(schema);
	return Object.fromEntries(listed.map(({ value, description }) => [value, description]));
}
