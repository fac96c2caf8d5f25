import { places, readTable } from "../lib/archive/reader.ts";
import { openSender } from "../lib/archive/sender.ts";
import { type Comparison, compare } from "../lib/history/comparison.ts";
import { type Dialect, dialects, openHistory, readBase } from "../lib/history/source.ts";
import { printable } from "../lib/message/printable.ts";
import { askSecret } from "./ask.ts";
import { countOf, runCommand, wrongUse } from "./command.ts";
import { shownTime } from "./preview.ts";
import { enterStage, STAGE_USAGE, stageOptions } from "./stage.ts";
import { timeOf } from "./time.ts";

const USAGE = `npm run --silent backfill -- --since TIME [--until TIME] [options]

Asks the platform's message history what it has, and puts what the table lacks on the queue: once,
however often this runs. Ends with 0 when nothing is missing, with 3 when something was.

  --since TIME     such as 2026-01-31T08:00:00+08:00; UTC without a zone
  --until TIME     (default: 10 minutes ago; what came since may still be on its way)
  --bot ID         of one bot only, by its botId
  --dry-run        only tells what is missing
  --base URL       below which the history is, such as https://…/stream-api (default: HISTORY_BASE)
  --dialect NAME   how it wants to be asked: ${dialects.join(" or ")} (default: ${dialects[0]})
  --rate N         calls a second (default: 2)
  --from DAY[:SEQ] goes on where a failure has said
  --json           one JSON object
  HISTORY_TOKEN    the group's token; without it, it is asked for
${STAGE_USAGE}`;

const SETTLED_MS = 600_000;
const CLOCKS_DIFFER_MS = 86_400_000;
const SOMETHING_WAS_MISSING = 3;

await runCommand({
	name: "backfill",
	usage: USAGE,
	options: {
		since: { type: "string" },
		until: { type: "string" },
		bot: { type: "string" },
		"dry-run": { type: "boolean", default: false },
		base: { type: "string" },
		dialect: { type: "string", default: dialects[0] },
		rate: { type: "string", default: "2" },
		from: { type: "string" },
		json: { type: "boolean", default: false },
		...stageOptions,
	},
	async run(values) {
		const window = windowOf(values.since, values.until);
		const dialect = dialectOf(values.dialect);
		const callsASecond = countOf("rate", values.rate);
		const from = fromOf(values.from);
		const isDry = values["dry-run"];
		const { tableName, queueName } = await enterStage(values);
		const base = baseOf(values.base ?? process.env.HISTORY_BASE);
		const token = process.env.HISTORY_TOKEN ?? (await askSecret("Token of the group: "));
		if (!token) throw wrongUse("the token is missing: set HISTORY_TOKEN");
		const reader = readTable(tableName);
		const range = { from: "0", to: "~" };
		// Nothing of the window was stored before it was sent.
		const sentFrom = Math.min(Date.parse(window.since), Date.now());
		const storedSince = new Date(sentFrom - CLOCKS_DIFFER_MS).toISOString();
		const progress = progressLine();
		const report = await compare({
			ask: openHistory({ base, token, dialect, callsASecond }),
			stored: {
				rowsOf: (messageId) =>
					reader.rowsOf({ ...places.message(messageId, storedSince), ...range }),
				send: openSender(queueName),
			},
			...{ window, from, token, isDry, bot: values.bot },
			onPage: progress.onPage,
		});
		progress.end();
		if (values.json) console.log(printable(JSON.stringify({ ...window, isDry, ...report })));
		else tell(report, isDry);
		process.exitCode = exitCodeOf(report);
	},
});

function windowOf(since: string | undefined, until: string | undefined) {
	const start = timeOf("since", since);
	if (start === undefined) throw wrongUse("--since is missing: from when on?");
	const end = timeOf("until", until) ?? new Date(Date.now() - SETTLED_MS).toISOString();
	if (end < start) throw wrongUse("--until is before --since");
	return { since: start, until: end };
}

function dialectOf(value: string): Dialect {
	const found = dialects.find((one) => one === value);
	if (found === undefined) throw wrongUse(`--dialect "${value}" must be ${dialects.join(" or ")}`);
	return found;
}

function baseOf(value: string | undefined): URL {
	if (!value) throw wrongUse("where is the history? Add --base URL, or set HISTORY_BASE");
	const base = readBase(value);
	if (base === undefined) {
		throw wrongUse(`--base "${value}" must begin with https:// and end before message/history`);
	}
	return base;
}

function fromOf(value: string | undefined) {
	if (value === undefined) return undefined;
	const [, day, seq] = /^(\d{4}-\d\d-\d\d)(?::(.+))?$/.exec(value) ?? [];
	if (day === undefined) throw wrongUse(`--from "${value}" must be a day, or a day:cursor`);
	return { day, ...(seq !== undefined && { seq }) };
}

/** One line, where somebody looks. */
function progressLine() {
	let pages = 0;
	let records = 0;
	const write = (text: string): boolean => process.stderr.isTTY && process.stderr.write(text);
	return {
		onPage(day: string, found: number): void {
			pages++;
			records += found;
			write(`\r${day}  page ${pages}  ${records} records`);
		},
		end(): void {
			if (pages > 0) write("\n");
		},
	};
}

function tell({ hours, missing, filled, unusable, failures }: Comparison, isDry: boolean): void {
	const columns = ["hour", "bot", "platform", "there", "missing", "filled"];
	const lines = hours.map(({ hour, bot, platform, there, ...found }) => [
		...[hour === "" ? "without a time" : shownTime(hour).replace(":00.000", "")],
		...[bot === "" ? "-" : bot, platform, there, found.missing, found.filled].map(String),
	]);
	const widths = columns.map((name, n) =>
		Math.max(name.length, ...lines.map((line) => line[n]?.length ?? 0)),
	);
	for (const line of [columns, ...lines]) {
		const cells = line.map((cell, n) =>
			n < 2 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0),
		);
		console.log(printable(cells.join("  ")));
	}
	if (unusable > 0) console.log(`${unusable} records without an id: nobody can tell about them`);
	for (const { day, seq, reason } of failures) {
		const place = seq === undefined ? day : `${day}:${seq}`;
		console.error(printable(`backfill: of ${day} not all is known: ${reason}; --from ${place}`));
	}
	console.log(
		missing === 0
			? failures.length > 0
				? "nothing is missing of what could be read"
				: "nothing is missing"
			: `${missing} missing, ${isDry ? "nothing filled (--dry-run)" : `${filled} put on the queue`}`,
	);
}

function exitCodeOf({ missing, failures }: Comparison): number {
	if (failures.length > 0) return 1;
	return missing > 0 ? SOMETHING_WAS_MISSING : 0;
}
