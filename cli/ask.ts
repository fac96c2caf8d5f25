import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Asks whoever runs the command. @returns the line, without space around it. */
export function ask(question: string): Promise<string> {
	return answerTo(question, process.stdout);
}

/**
 * Asks for a secret at a terminal, which does not show what is typed.
 *
 * @returns undefined when there is no terminal, or nothing was typed.
 */
export async function askSecret(question: string): Promise<string | undefined> {
	if (!process.stdin.isTTY) return undefined;
	process.stderr.write(question);
	const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
	const secret = await answerTo("", nowhere);
	process.stderr.write("\n");
	return secret === "" ? undefined : secret;
}

async function answerTo(question: string, output: NodeJS.WritableStream): Promise<string> {
	const asking = createInterface({ input: process.stdin, output, terminal: process.stdin.isTTY });
	try {
		return (await asking.question(question)).trim();
	} finally {
		asking.close();
	}
}
