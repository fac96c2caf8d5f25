import assert from "node:assert/strict";
import type { Step } from "../rehearsal.ts";

/** Each command with a sign of what it has to say after the other steps, and how it ends. */
const calls: readonly (readonly [
	script: string,
	options: readonly string[],
	sign: RegExp,
	exitCode?: number,
])[] = [
	["messages", ["--limit", "3"], / UTC {2}/],
	["messages", ["--message", "repetitions", "--explain"], /repetiti/],
	["messages", ["--callback", "all"], /^$|\/chat/],
	["messages", ["--message", "none"], /nothing matches/],
	["review", [], /unrecognized|\d/],
	["review", ["--revalidate"], /\d/],
	["dead-letters", [], /not an envelope/],
	["redrive", [], /1 moved back/],
	["messages", ["--since", "yesterday"], /is no time/, 2],
];

export const commands: Step = {
	title: "every command",
	async run(stage) {
		for (const [script, options, sign, exitCode = 0] of calls) {
			const ended = await stage.command(script, options);
			const called = [script, ...options].join(" ");
			assert.equal(ended.exitCode, exitCode, `${called}: ${ended.all}`);
			assert.match(ended.all, sign, called);
		}
		const names = [...new Set(calls.map(([script]) => script))];
		return { shown: `${names.join(", ")} say of the stage what they should` };
	},
};
