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
	readonly "x-apifox-enum"?: readonly { readonly value: number; readonly description: string }[];
	readonly [keyword: string]: unknown;
}

const folder = new URL("./", import.meta.url);

/** The schema as the platform publishes it. */
export function publishedSchema(): Schema {
	return JSON.parse(readFileSync(new URL("message.schema.json", folder), "utf8"));
}

/** What is known to be wrong with it, in the order in which it is applied. */
export function allCorrections(): Correction[] {
	return JSON.parse(readFileSync(new URL("corrections.json", folder), "utf8"));
}

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
	for (const { id, pointer, patch } of corrections) {
		if (Pointer.fromJSON(pointer).get(published) === undefined) {
			throw new Error(`correction ${id}: ${JSON.stringify(pointer)} is not in the schema`);
		}
		const failed = applyPatch(schema, structuredClone([...patch])).find((error) => error !== null);
		if (failed) throw new Error(`correction ${id} does not fit the schema: ${failed.message}`);
	}
	return corrections.some(({ id }) => id === DISPATCH) ? dispatched(schema) : schema;
}

/** A rule of the payload, and the type of message that it is for. */
export interface PayloadRule {
	readonly type: number;
	readonly rule: Schema;
}

/** The rules of the payload by type: the schema's branches say `当type为N时`. */
export function payloadRules(schema: Schema): PayloadRule[] {
	const branches = schema.properties?.data?.properties?.payload?.anyOf ?? [];
	return branches.map((rule) => {
		const type = /当type为(\d+)时/.exec(rule.description ?? "")?.[1];
		if (type === undefined) throw new Error(`no type is told by the branch "${rule.title}"`);
		return { type: Number(type), rule };
	});
}

/** The type's rule follows from the type, and a type without a rule is not a known one. */
function dispatched(schema: Schema): Schema {
	const rules = payloadRules(schema);
	const { data, ...others } = schema.properties ?? {};
	const { payload, type, ...fields } = data?.properties ?? {};
	const { anyOf: _, ...payloadItself } = payload ?? {};
	const listed = Array.isArray(type?.enum) ? type.enum : undefined;
	const known = rules.map((one) => one.type).filter((one) => listed?.includes(one) ?? true);
	return {
		...schema,
		properties: {
			...others,
			data: {
				...data,
				properties: {
					...fields,
					type: { ...type, enum: known },
					payload: payloadItself,
				},
				allOf: Object.values(
					Object.groupBy(rules, ({ rule }) => JSON.stringify(rule, wordless)),
				).map((alike = []) => thatRule(alike)),
			},
		},
	};
}

/** Leaves out titles and descriptions, but not fields of these names: their values are objects. */
function wordless(key: string, value: unknown): unknown {
	const isWord = key === "title" || key === "description" || key === "x-apifox-orders";
	return isWord && (typeof value === "string" || Array.isArray(value)) ? undefined : value;
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
	const listed = schema.properties?.data?.properties?.type?.["x-apifox-enum"] ?? [];
	return Object.fromEntries(listed.map(({ value, description }) => [value, description]));
}
