import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { printable } from "../lib/message/printable.ts";
import { wordsOfFailure } from "../lib/words/failure.ts";
import { isLanguage } from "../lib/words/languages.ts";
import { words } from "./language.ts";

/** What a command of a person's is. */
export interface Command<Options extends ParseArgsOptionsConfig> {
	readonly name: string;
	/** What `--help` prints, but for the options that every command has. */
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
	process.stdout.on("error", (error) => {
		// A reader such as `head` may close the pipe before the last line.
		if (codeOf(error) === "EPIPE") process.exit();
		console.error(printable(`${command.name}: ${error.message}`));
		process.exit(FAILED);
	});
	const options = process.argv.slice(2);
	if (options.includes("--help") || options.includes("-h")) {
		process.stdout.write(command.usage + words.command.langUsage);
		return;
	}
	try {
		const { values } = parse(options, command.options);
		await command.run(values);
	} catch (error) {
		const isMisuse = isWrongUse(error);
		const said = `${command.name}: ${wordsOf(error)}${isMisuse ? words.command.helpTells : ""}`;
		console.error(printable(said));
		process.exit(isMisuse ? MISUSED : FAILED);
	}
}

const LANGUAGE = { lang: { type: "string" } } as const;

/** @throws in words when an option is unknown or wants another value, or a word is no option. */
function parse<const Options extends ParseArgsOptionsConfig>(args: string[], options: Options) {
	const all = { ...LANGUAGE, ...options };
	const { tokens } = parseArgs({ args, options: all, strict: false, tokens: true });
	for (const token of tokens) {
		if (token.kind === "positional") throw wrongUse(words.command.unknownWord(token.value));
		if (token.kind !== "option") continue;
		const { name, rawName, value } = token;
		const option = Object.hasOwn(all, name) ? all[name] : undefined;
		if (option === undefined) throw wrongUse(words.command.unknownOption(rawName));
		if (option.type === "string" && value === undefined) {
			throw wrongUse(words.command.valueMissing(rawName));
		}
		if (name === "lang" && !isLanguage(value ?? "")) {
			throw wrongUse(words.command.noLanguage(value ?? ""));
		}
		if (option.type === "boolean" && value !== undefined) {
			throw wrongUse(words.command.valueUnwanted(rawName));
		}
	}
	return parseArgs({ args, options: all });
}

/** An error of whoever called the command. */
export function wrongUse(said: string): Error {
	return new Error(said, { cause: WRONG_USE });
}

const WRONG_USE = Symbol("wrong use");

function isWrongUse(error: unknown): boolean {
	return error instanceof Error && error.cause === WRONG_USE;
}

/** How many places a text takes on a terminal, where a Chinese character takes two. */
export function widthOf(text: string): number {
	return [...text].reduce((sum, one) => sum + (one > "\u2e80" ? 2 : 1), 0);
}

/** Whole numbers from 1 on. */
export function countOf(name: string, value: string): number {
	const number = Number(value);
	if (Number.isSafeInteger(number) && number >= 1) return number;
	throw wrongUse(words.command.wholeNumber(`--${name}`, value));
}

/** What the SDK's errors mean to whoever runs a command; they say it in a developer's words. */
const MEANINGS: readonly (readonly [RegExp, keyof typeof words.command])[] = [
	[/Region is missing/, "noRegion"],
	[/CredentialsProviderError|Could not load credentials/, "noCredentials"],
	[/ExpiredToken|UnrecognizedClient|InvalidClientTokenId|InvalidSignature/, "badCredentials"],
	[/ResourceNotFoundException|QueueDoesNotExist|NonExistentQueue/, "noStage"],
	[/ECONNREFUSED|ECONNRESET/, "noAnswer"],
	[/ENOTFOUND|EAI_AGAIN|ETIMEDOUT/, "noNetwork"],
];

function wordsOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const said = `${error.name} ${codeOf(error)} ${error.message}`;
	const [, meaning] = MEANINGS.find(([sign]) => sign.test(said)) ?? [];
	const meant = meaning && words.command[meaning];
	return wordsOfFailure(error, words) ?? (typeof meant === "string" ? meant : error.message);
}

function codeOf(error: Error): string {
	return "code" in error ? String(error.code) : "";
}
