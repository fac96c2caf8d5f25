import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { Ajv } from "ajv";
import standaloneCode from "ajv/dist/standalone/index.js";

const schemas = new URL("../lib/schema/", import.meta.url);
const generated = new URL("generated/", schemas);

/** Apifox writes these beside the standard's keywords; they say nothing about validity. */
const APIFOX_VOCABULARY = ["x-apifox-orders", "x-apifox-enum"];

/**
 * Compiles the schemas to plain functions, so that no function ever compiles one while a message
 * waits: Ajv at run time costs 43 ms of every cold start.
 */
export async function buildValidators(): Promise<void> {
	await mkdir(generated, { recursive: true });
	await compile("message.schema.json", "isDocumented", "object");
	await writeBranches();
	await compile("row.schema.json", "isRow", 'import("../../record.ts").Row');
	await compile("envelope.schema.json", "isEnvelope", 'import("../../envelope.ts").Envelope');
}

async function compile(file: string, name: string, narrowsTo: string): Promise<void> {
	const schema = JSON.parse(await readFile(new URL(file, schemas), "utf8"));
	const ajv = new Ajv({ code: { source: true, esm: true } });
	ajv.addVocabulary(APIFOX_VOCABULARY);
	ajv.addSchema(schema, name);
	const module = file.replace(".schema.json", "");
	await writeFile(
		new URL(`${module}.js`, generated),
		standaloneCode.default(ajv, { [name]: name }),
	);
	await writeFile(
		new URL(`${module}.d.ts`, generated),
		`import type { ErrorObject } from "ajv";
export declare const ${name}: {
	(value: unknown): value is ${narrowsTo};
	errors?: readonly ErrorObject[] | null;
};
`,
	);
}

/** Which branch of the payload's `anyOf` is meant for which type: the branches say `当type为N时`. */
async function writeBranches(): Promise<void> {
	const schema = JSON.parse(await readFile(new URL("message.schema.json", schemas), "utf8"));
	const branches: { description: string }[] = schema.properties.data.properties.payload.anyOf;
	const byType = branches.map(({ description }, branch) => [/\d+/.exec(description)?.[0], branch]);
	await appendFile(
		new URL("message.js", generated),
		`\nexport const payloadBranches = ${JSON.stringify(Object.fromEntries(byType))};\n`,
	);
	await appendFile(
		new URL("message.d.ts", generated),
		"export declare const payloadBranches: Readonly<Record<string, number>>;\n",
	);
}
