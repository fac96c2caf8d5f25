import { mkdir, readFile, writeFile } from "node:fs/promises";
import { Ajv, type Options } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";
import { compile } from "json-schema-to-typescript";
import {
	allCorrections,
	correctedSchema,
	payloadRules,
	publishedSchema,
	type Schema,
	typeLabels,
} from "../lib/schema/corrected-schema.ts";

const schemas = new URL("../lib/schema/", import.meta.url);
const generated = new URL("generated/", schemas);

/** Apifox writes these beside the standard's keywords; they say nothing about validity. */
const APIFOX_VOCABULARY = ["x-apifox-orders", "x-apifox-enum"];

/** Ajv as this product uses it: strict, with Apifox's vocabulary. */
export function strictAjv(options: Options = {}): Ajv {
	const ajv = new Ajv({
		strict: true,
		// The corrections allow null and numbers beside strings.
		allowUnionTypes: true,
		...options,
	});
	ajv.addVocabulary(APIFOX_VOCABULARY);
	return ajv;
}

/**
 * Compiles the schemas to plain functions, so that no function ever compiles one while a message
 * waits: Ajv at run time costs 43 ms of every cold start.
 */
export async function buildValidators(): Promise<void> {
	await mkdir(generated, { recursive: true });
	const corrected = correctedSchema();
	await Promise.all([
		writeValidator("documented.js", "isDocumented", "object", onlyVerdict(publishedSchema())),
		writeValidator("corrected.js", "isCorrected", "object", onlyVerdict(corrected)),
		writeValidator("explained.js", "explain", "object", explained(corrected)),
		writeValidator(
			"message-row.js",
			"isMessageRow",
			'import("../../storage/row.ts").MessageRow',
			compiled(await own("message-row")),
		),
		writeValidator(
			"callback-row.js",
			"isCallbackRow",
			'import("../../storage/row.ts").CallbackRow',
			compiled(await own("callback-row")),
		),
		writeLabels(corrected),
		writeTypes(),
	]);
}

async function own(name: string): Promise<Schema> {
	return JSON.parse(await readFile(new URL(`${name}.schema.json`, schemas), "utf8"));
}

type Compiled = (exportName: string) => string;

function compiled(schema: Schema, options: Options = {}): Compiled {
	return (exportName) => {
		const ajv = strictAjv({ ...options, code: { source: true, esm: true } });
		ajv.addSchema(withoutWords(schema), exportName);
		return standaloneCode.default(ajv, { [exportName]: exportName });
	};
}

/**
 * A validator that only says yes or no: a fifth of the code. Inside of `not` Ajv makes no error
 * objects; what is left of their bookkeeping is taken out of its code here, and a test compares the
 * outcome with Ajv's own on thousands of bodies.
 */
function onlyVerdict(schema: Schema): Compiled {
	const quiet = compiled({ not: { not: schema } });
	return (exportName) =>
		quiet(exportName)
			.replace(
				/const err\d+ = \{\};if\(vErrors === null\)\{vErrors = \[err\d+\];\}else \{vErrors\.push\(err\d+\);\}/g,
				"",
			)
			.replace(
				/if\(vErrors !== null\)\{if\(_errs\d+\)\{vErrors\.length = _errs\d+;\}else \{vErrors = null;\}\}/g,
				"",
			);
}

/** Far more than anybody is told. */
const MOST_ERRORS = 50;

/**
 * A validator that names what is wrong, but stops soon: a list may have half a million items, and with
 * `allErrors` Ajv makes an object for each that is of the wrong kind.
 */
function explained(schema: Schema): Compiled {
	const thorough = compiled(schema, { allErrors: true });
	return (exportName) =>
		thorough(exportName).replace(
			/for\(let (i\d+)=0; \1<(len\d+); \1\+\+\)\{/g,
			`for(let $1=0; $1<$2 && errors<${MOST_ERRORS}; $1++){`,
		);
}

async function writeValidator(
	file: string,
	exportName: string,
	narrowsTo: string,
	code: Compiled,
): Promise<void> {
	await writeFile(new URL(file, generated), code(exportName));
	await writeFile(
		new URL(file.replace(/js$/, "d.ts"), generated),
		`import type { ErrorObject } from "ajv";
export declare const ${exportName}: {
	(value: unknown): value is ${narrowsTo};
	errors?: readonly ErrorObject[] | null;
};
`,
	);
}

/** Titles and lists for people would be carried along in the compiled code. */
function withoutWords(schema: Schema): Schema {
	const words = new Set(["title", "description", ...APIFOX_VOCABULARY]);
	const strip = (value: unknown, isMap: boolean): unknown => {
		if (Array.isArray(value)) return value.map((one) => strip(one, false));
		if (typeof value !== "object" || value === null) return value;
		const kept = Object.entries(value).filter(([key]) => isMap || !words.has(key));
		// Under `properties` the keys are names of fields, and a field may well be called title.
		return Object.fromEntries(
			kept.map(([key, one]) => [key, strip(one, !isMap && key === "properties")]),
		);
	};
	return Object(strip(schema, false));
}

async function writeLabels(schema: Schema): Promise<void> {
	const json = JSON.stringify(typeLabels(schema), null, "\t");
	await writeFile(new URL("labels.js", generated), `export const typeLabels = ${json};\n`);
	await writeFile(
		new URL("labels.d.ts", generated),
		"/** Names of the message types, from the schema's own list. */\nexport declare const typeLabels: Readonly<Record<string, string>>;\n",
	);
}

/** The message in its corrected shape: one interface for each type, and one for its payload. */
async function writeTypes(): Promise<void> {
	const withoutDispatch = allCorrections().filter(({ id }) => id !== "S01");
	const schema = correctedSchema(publishedSchema(), withoutDispatch);
	const { data } = schema.properties ?? {};
	const messages = payloadRules(schema).map(({ type, rule }) => ({
		...commented(data ?? {}),
		title: `Message${type}`,
		description: `${typeLabels(schema)[type]} (${rule.description})`,
		properties: {
			...commented(data ?? {}).properties,
			type: { const: type },
			payload: { ...commented(rule), title: `Payload${type}` },
		},
		required: [...(data?.required ?? []), ...(rule.required?.length ? ["payload"] : [])],
	}));
	const callback: Schema = {
		title: "Callback",
		type: "object",
		properties: { data: { title: "Message", anyOf: messages } },
		required: ["data"],
	};
	// The compiler's own type of a schema is narrower than JSON; it reads any.
	const types = await compile(JSON.parse(JSON.stringify(callback)), "Callback", {
		bannerComment: "/** Generated from the corrected schema: what a callback's text holds. */",
	});
	await writeFile(new URL("message.d.ts", generated), types);
}

/** Titles become comments; as titles they would become names of types. */
function commented(schema: Schema): Schema {
	const { title, description, properties, items, anyOf, ...rest } = schema;
	const words = [title, description].filter((word) => word !== undefined).join("; ");
	return {
		...rest,
		...(words && { description: words }),
		...(isSchema(items) && { items: commented(items) }),
		...(properties && {
			properties: Object.fromEntries(
				Object.entries(properties).map(([name, one]) => [name, commented(one)]),
			),
		}),
	};
}

function isSchema(value: unknown): value is Schema {
	return typeof value === "object" && value !== null;
}
