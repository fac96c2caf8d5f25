import { readTable } from "../lib/archive/reader.ts";
import { openSender } from "../lib/archive/sender.ts";
import { type Dialect, dialects, readBase } from "../lib/history/access.ts";
import { type Comparison, compare } from "../lib/history/comparison.ts";
import { findPresent } from "../lib/history/presence.ts";
import { openHistory } from "../lib/history/source.ts";
import { printable } from "../lib/message/printable.ts";
import { askSecret } from "./ask.ts";
import { countOf, runCommand, widthOf, wrongUse } from "./command.ts";
import { words } from "./language.ts";
import { shownTime } from "./preview.ts";
import { enterStage, stageOptions } from "./stage.ts";
import { inOrder, timeOf } from "./time.ts";

/** What came just now may still be on its way; a person can ask again, the function waits for longer. */
const SETTLED_MS = 600_000;
const SOMETHING_WAS_MISSING = 3;

await runCommand({
	name: "backfill",
	usage: words.backfillCommand.usage + words.stage.usage,
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
		const { HISTORY_TOKEN } = process.env;
		const token = HISTORY_TOKEN?.trim() ?? (await askSecret(words.backfillCommand.askToken));
		if (!token) throw wrongUse(words.backfillCommand.noToken);
		const progress = progressLine();
		const report = await compare({
			ask: openHistory({ base, token, dialect, callsASecond }),
			isThere: await findPresent(readTable(tableName), window),
			send: openSender(queueName),
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
	if (start === undefined) throw wrongUse(words.backfillCommand.noSince);
	const end = timeOf("until", until) ?? new Date(Date.now() - SETTLED_MS).toISOString();
	return inOrder({ since: start, until: end });
}

function dialectOf(value: string): Dialect {
	const found = dialects.find((one) => one === value);
	if (found === undefined) throw wrongUse(words.backfillCommand.badDialect(value));
	return found;
}

function baseOf(value: string | undefined): URL {
	if (!value) throw wrongUse(words.backfillCommand.noBase);
	const base = readBase(value);
	if (base === undefined) {
		throw wrongUse(words.backfillCommand.badBase(value));
	}
	return base;
}

function fromOf(value: string | undefined) {
	if (value === undefined) return undefined;
	const [, day, seq] = /^(\d{4}-\d\d-\d\d)(?::(.+))?$/.exec(value) ?? [];
	if (day === undefined) throw wrongUse(words.backfillCommand.badFrom(value));
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
			write(`\r${words.backfillCommand.progress(day, pages, records)}`);
		},
		end(): void {
			if (pages > 0) write("\n");
		},
	};
}

function tell({ hours, missing, filled, unusable, failures }: Comparison, isDry: boolean): void {
	const said = words.backfillCommand;
	const { columns } = said;
	const lines = hours.map(({ hour, bot, platform, there, ...found }) => [
		...[hour === "" ? said.noTime : shownTime(hour).replace(":00.000", "")],
		...[bot === "" ? "-" : bot, platform, there, found.missing, found.filled].map(String),
	]);
	const widths = columns.map((name, n) =>
		Math.max(widthOf(name), ...lines.map((line) => widthOf(line[n] ?? ""))),
	);
	for (const line of [columns, ...lines]) {
		const cells = line.map((cell, n) => {
			const space = " ".repeat((widths[n] ?? 0) - widthOf(cell));
			return n < 2 ? cell + space : space + cell;
		});
		console.log(printable(cells.join("  ")));
	}
	if (unusable > 0) console.log(said.unusable(unusable));
	for (const { day, seq, say } of failures) {
		const place = seq === undefined ? day : `${day}:${seq}`;
		console.error(printable(said.notAll(day, say(words), place)));
	}
	const { nothing, nothingRead, missed, notFilled, filledWith } = said;
	if (missing === 0) console.log(failures.length > 0 ? nothingRead : nothing);
	else console.log(missed(missing, isDry ? notFilled : filledWith(filled)));
}

function exitCodeOf({ missing, failures }: Comparison): number {
	if (failures.length > 0) return 1;
	return missing > 0 ? SOMETHING_WAS_MISSING : 0;
}
