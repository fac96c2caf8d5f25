import { parseArgs } from "node:util";
import { createScanner } from "jsonc-parser";
import { membersOf } from "../lib/message/json-text.ts";
import { textMessage } from "../test/callbacks.ts";
import { families } from "./families.ts";
import { measureRounds, printMachine, printResults } from "./rounds.ts";
import { TOKEN } from "./ways.ts";

// What tells the places of members and the digits of numbers: our walk, or what a library has.

const { values } = parseArgs({ options: { runs: { type: "string", default: "15" } } });

/** `SyntaxKind.EOF`, which is no value at run time. */
const END = 17;

function scan(text: string): number {
	const scanner = createScanner(text, true);
	let tokens = 0;
	while (scanner.scan() !== END) tokens++;
	return tokens;
}

/** @returns the numbers' digits, which is all that it can tell; it recurses, so deep texts end it. */
function parseWithSource(text: string): string[] {
	const digits: string[] = [];
	const reviver = (_: string, value: unknown, { source }: { source: string }): unknown => {
		if (typeof value === "number") digits.push(source);
		return value;
	};
	JSON.parse(text, Object(reviver));
	return digits;
}

const PARSE = "JSON.parse alone";
const texts = Object.fromEntries(
	["letters", "backslashes", "keys with a space", "objects in objects"].map((name) => {
		const family = families.find((one) => one.name === name);
		return [`400 KB of ${name}`, family?.make(400_000, TOKEN).body ?? ""];
	}),
);
printMachine();
for (const [name, text] of Object.entries({ "a text message": textMessage(), ...texts })) {
	const times = name === "a text message" ? 2_000 : 3;
	const took = (work: (text: string) => unknown) => () => {
		const start = performance.now();
		for (let n = 0; n < times; n++) work(text);
		return ((performance.now() - start) / times) * 1_000;
	};
	const columns = [
		{ name: PARSE, measure: took(JSON.parse) },
		{ name: "our walk", measure: took((one) => membersOf(one, (key) => key === "token")) },
		{ name: "jsonc-parser's scanner", measure: took(scan) },
		...(name.includes("objects")
			? []
			: [{ name: "JSON.parse with a reviver", measure: took(parseWithSource) }]),
	];
	printResults(name, "µs", PARSE, await measureRounds(columns, Number(values.runs), PARSE));
}
