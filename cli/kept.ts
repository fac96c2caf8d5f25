import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

/** @returns what a command has kept in a file, or undefined when that is not there or is no JSON. */
export async function readKept(file: string): Promise<unknown> {
	try {
		return JSON.parse(await readFile(file, "utf8"));
	} catch {
		return undefined;
	}
}

/** Keeps a value in a file: a kill leaves the one before, or this one. */
export async function keep(file: string, value: unknown): Promise<void> {
	await mkdir(dirname(file), { recursive: true });
	await writeFile(`${file}.new`, JSON.stringify(value));
	await rename(`${file}.new`, file);
}
