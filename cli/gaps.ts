import { readTable } from "../lib/archive/reader.ts";
import { storedKeys } from "../lib/archive/storing-order.ts";
import { findGaps, type Gap, WEEKS_BEFORE } from "../lib/history/gaps.ts";
import { printable } from "../lib/message/printable.ts";
import { quoted } from "../lib/message/quoted.ts";
import { countOf, runCommand } from "./command.ts";
import { words } from "./language.ts";
import { shownTime } from "./preview.ts";
import { enterStage, stageOptions } from "./stage.ts";
import { inOrder, timeOf } from "./time.ts";

const WEEK_MS = 7 * 86_400_000;
/** Ten callbacks fail with all their tries before the URL is switched off. */
const MARGIN_MS = 15 * 60_000;

await runCommand({
	name: "gaps",
	usage: words.gapsCommand.usage + words.stage.usage,
	options: {
		since: { type: "string" },
		until: { type: "string" },
		minutes: { type: "string", default: "30" },
		json: { type: "boolean", default: false },
		...stageOptions,
	},
	async run(values) {
		const now = Date.now();
		const window = inOrder({
			since: timeOf("since", values.since) ?? new Date(now - WEEK_MS).toISOString(),
			until: timeOf("until", values.until) ?? new Date(now).toISOString(),
		});
		const leastMinutes = countOf("minutes", values.minutes);
		const { tableName } = await enterStage(values);
		const from = new Date(Date.parse(window.since) - WEEKS_BEFORE * WEEK_MS).toISOString();
		// What waited in the queue was stored later than it came.
		const keys = storedKeys(readTable(tableName), { from, to: "~" });
		const gaps = await findGaps(keys, window, leastMinutes);
		for (const gap of gaps) {
			const command = commandOf(gap, values, now);
			const lines = values.json
				? [JSON.stringify({ ...gap, command })]
				: [sentenceOf(gap), `    ${command}`];
			for (const line of lines) console.log(printable(line));
		}
		if (gaps.length === 0 && !values.json) console.log(words.gapsCommand.none);
	},
});

interface Where {
	readonly stage: string;
	readonly region?: string | undefined;
	readonly profile?: string | undefined;
}

function sentenceOf({ since, until, bot, usual }: Gap): string {
	const said = words.gapsCommand;
	const minutes = Math.round((Date.parse(until) - Date.parse(since)) / 60_000);
	const who = bot === undefined ? said.all : said.ofBot(bot);
	const than = usual === undefined ? said.noWeek : said.usual(Math.round(usual));
	return said.gap(shownTime(since), shownTime(until), minutes, who, than);
}

function commandOf(
	{ since, until, bot }: Gap,
	{ stage, region, profile }: Where,
	now: number,
): string {
	const start = new Date(Date.parse(since) - MARGIN_MS).toISOString();
	const end = new Date(Math.min(now, Date.parse(until) + MARGIN_MS)).toISOString();
	const options = { since: start, until: end, bot, region, profile };
	const words = Object.entries({ ...options, ...(stage !== "local" && { stage }) }).flatMap(
		([name, value]) => (value === undefined ? [] : [`--${name}=${shellWord(value)}`]),
	);
	return `npm run --silent backfill -- ${words.join(" ")}`;
}

/** A bot's id may be anything that a sender wrote. */
function shellWord(text: string): string {
	return /^[\w.:-]+$/.test(text) ? text : quoted(text);
}
