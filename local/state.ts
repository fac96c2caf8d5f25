import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** Where the local stack keeps its data, its log and its state; two stacks need two of these. */
export const localDirectory =
	process.env.LOCAL_DIR ?? fileURLToPath(new URL("../.local", import.meta.url));

const stateFile = `${localDirectory}/stack.json`;

/** How a command finds the running local stack. */
export interface StackState {
	readonly callbackUrl: string;
	readonly tableName: string;
	readonly environment: Readonly<Record<string, string>>;
}

/** Tells the commands where the stack is. */
export async function writeState(state: StackState): Promise<void> {
	await writeFile(stateFile, JSON.stringify(state, null, "\t"));
}

/** Tells the commands that there is no stack any more. */
export async function clearState(): Promise<void> {
	await rm(stateFile, { force: true });
}

/** @returns where the running stack is, or undefined when none runs. */
export async function readState(): Promise<StackState | undefined> {
	try {
		return JSON.parse(await readFile(stateFile, "utf8"));
	} catch {
		return undefined;
	}
}
