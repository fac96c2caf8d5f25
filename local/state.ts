import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Where the local stack keeps its data, its log and its state; two stacks need two of these. */
export const localDirectory =
	process.env.LOCAL_DIR ?? fileURLToPath(new URL("../.local", import.meta.url));

const stateFile = (directory: string): string => `${directory}/stack.json`;

/** How a command finds the running local stack. */
export interface StackState {
	readonly callbackUrl: string;
	readonly tableName: string;
	readonly environment: Readonly<Record<string, string>>;
}

/** Tells the commands that look into a directory where the stack is. */
export async function writeState(
	{ callbackUrl, tableName, environment }: StackState,
	directory = localDirectory,
): Promise<void> {
	const state: StackState = { callbackUrl, tableName, environment };
	await writeFile(stateFile(directory), JSON.stringify(state, null, "\t"));
}

/** Tells the commands that there is no stack any more. */
export async function clearState(): Promise<void> {
	await rm(stateFile(localDirectory), { force: true });
}

/** @returns where the running stack is, or undefined when none runs. */
export async function readState(): Promise<StackState | undefined> {
	try {
		return JSON.parse(await readFile(stateFile(localDirectory), "utf8"));
	} catch {
		return undefined;
	}
}
