import { readdirSync, readFileSync } from "node:fs";

const directory = new URL("./", import.meta.url);

/** Says of each sample what it is; the other files are the samples. */
const EXPECTED = "expected.json";

/** Names of the sample bodies: a type's number or another sign first, such as `t07-text-2019-room`. */
export const sampleNames: readonly string[] = readdirSync(directory)
	.filter((file) => file.endsWith(".json") && file !== EXPECTED)
	.map((file) => file.replace(/\.json$/, ""));

/** A sample body, byte for byte. */
export function sampleBody(name: string): string {
	return readFileSync(new URL(`${name}.json`, directory), "utf8");
}

/** What each sample is, by its file. */
export const expected: Readonly<Record<string, { readonly conformance: string }>> = JSON.parse(
	readFileSync(new URL(EXPECTED, directory), "utf8"),
);
