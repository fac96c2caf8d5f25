import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { printable } from "../lib/message/printable.ts";

/** What a command of a person's is. */
export interface Command<Options extends ParseArgsOptionsConfig> {
	readonly name: string;
	/** What `--help` prints. */
	readonly usage: string;
	readonly options: Options;
	/** @throws Error in words for a person; then the command has failed. */
	run(values: ReturnType<typeof parseArgs<{ options: Options }>>["values"]): Promise<void>;
}

/** Ended with these: done, failed, and not even begun because of how it was called. */
const FAILED = 1;
const MISUSED = 2;

/** Runs a command with this process's options, and ends the process in words when it fails. */
export async function runCommand<const Options extends ParseArgsOptionsConfig>(
	command: Command<Options>,
): Promise<void> {
	// A reader such as `head` may close the pipe before the last line.
	process.stdout.on("error", () => process.exit());
	const options = process.argv.slice(2);
	if (options.includes("--help") || options.includes("-h")) {
		process.stdout.write(command.usage);
		return;
	}
	try {
		const { values } = parseArgs({ args: options, options: command.options });
		await command.run(values);
	} catch (error) {
		const isMisuse = isWrongUse(error);
		const words = `${command.name}: ${wordsOf(error)}${isMisuse ? " (--help tells more)" : ""}`;
		console.error(printable(words));
		process.exit(isMisuse ? MISUSED : FAILED);
	}
}

/** An error of whoever called the command. */
export function wrongUse(words: string): Error {
	return new Error(words, { cause: WRONG_USE });
}

const WRONG_USE = Symbol("wrong use");

function isWrongUse(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return error.cause === WRONG_USE || codeOf(error).startsWith("ERR_PARSE_ARGS");
}

/** Whole numbers from 1 on. */
export function countOf(name: string, value: string): number {
	const number = Number(value);
	if (Number.isSafeInteger(number) && number >= 1) return number;
	throw wrongUse(`--${name} "${value}" must be a whole number from 1 on`);
}

/** What the SDK's errors mean to whoever runs a command; they say it in a developer's words. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
	[/Region is missing/, "no region is set: add --region NAME, such as --region cn-north-1"],
	[
		/CredentialsProviderError|Could not load credentials/,
		"there are no AWS credentials: add --profile NAME, or sign in as for the AWS command line",
	],
	[
		/ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature/,
		"AWS does not take these credentials: add --profile NAME, or sign in again",
	],
	[
		/ResourceNotFoundException|QueueDoesNotExist|NonExistentQueue/,
		"there is no such stage in this account and region: see --stage, --region and --profile",
	],
	[/ECONNREFUSED|ECONNRESET/, "it does not answer; if the stage is local, is npm start running?"],
	[
		/ENOTFOUND|EAI_AGAIN|ETIMEDOUT/,
		"AWS cannot be reached: is --region right, is there a network?",
	],
];

function wordsOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const said = `${error.name} ${codeOf(error)} ${error.message}`;
	return MEANINGS.find(([sign]) => sign.test(said))?.[1] ?? error.message;
}

function codeOf(error: Error): string {
	return "code" in error ? String(error.code) : "";
}
