import assert from "node:assert/strict";
import pWaitFor from "p-wait-for";
import { startFakePlatform } from "../../platform.ts";
import type { Step } from "../rehearsal.ts";
import { DEADLINE, post, printedRows, succeeded, textMessage } from "./traffic.ts";

/** Each command with a sign of what it has to say after the other steps, and how it ends. */
const calls: readonly (readonly [
	script: string,
	options: readonly string[],
	sign: RegExp,
	exitCode?: number,
])[] = [
	["messages", ["--limit", "3"], / UTC {2}/],
	["messages", ["--message", "repetitions", "--explain"], /repetiti/],
	["messages", ["--callback", "chat"], /POST \/chat/],
	["messages", ["--message", "none"], /nothing matches/],
	["review", [], /unrecognized|\d/],
	["review", ["--revalidate"], /\d/],
	["gaps", [], /no gaps| backfill -- /],
	["dead-letters", [], /not an envelope/],
	["redrive", [], /1 moved back/],
	["gaps", ["--minutes", "600"], /no gaps/],
	["messages", ["--since", "yesterday"], /is no time/, 2],
];

export const commands: Step = {
	title: "every command",
	async run(stage) {
		assert.equal(await post(stage, JSON.stringify({ token: stage.token }), "chat"), 200);
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

export const backfill: Step = {
	title: "back-fill",
	async run(stage) {
		const platform = await startFakePlatform();
		try {
			const body = textMessage({ messageId: "missed", chatId: "gap" });
			platform.remember(body);
			const fill = () =>
				stage.command("backfill", ["--base", platform.historyBase, ...GAP], {
					env: { HISTORY_TOKEN: stage.token },
				});
			const filled = await fill();
			assert.equal(filled.exitCode, 3, filled.all);
			assert.match(filled.all, /1 missing, 1 put on the queue/);
			await pWaitFor(
				async () => (await printedRows(stage, ["--chat", "gap"])).length > 0,
				DEADLINE,
			);
			succeeded(await fill());
		} finally {
			await platform.stop();
		}
		return { shown: "a message that no callback brought comes from the platform's history, once" };
	},
};

/** The time of the samples. */
const GAP = ["--since", "2025-12-31", "--until", "2026-01-02"];
