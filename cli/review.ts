import { type Reader, readTable, reviewPlaces } from "../lib/archive/reader.ts";
import type { Revision } from "../lib/archive/revisions.ts";
import { selectMessages } from "../lib/archive/selection.ts";
import { parseObject } from "../lib/message/json-text.ts";
import { outlineOf } from "../lib/message/outline.ts";
import { printable } from "../lib/message/printable.ts";
import { judge } from "../lib/message/verdict.ts";
import { verdictAttributes } from "../lib/storage/row.ts";
import { runCommand } from "./command.ts";
import { violationSaid } from "./explanation.ts";
import { words } from "./language.ts";
import { shownTime } from "./preview.ts";
import { enterStage, stageOptions } from "./stage.ts";

const LONGEST_SAMPLE = 5_000;

await runCommand({
	name: "review",
	usage: words.reviewCommand.usage + words.stage.usage,
	options: {
		show: { type: "boolean", default: false },
		revalidate: { type: "boolean", default: false },
		...stageOptions,
	},
	async run(values) {
		const { tableName } = await enterStage(values);
		const reader = readTable(tableName, ({ pk, sk }) =>
			console.log(printable(`${words.line.unreadable}  ${words.line.oddRow(pk, sk)}`)),
		);
		const messages = await selectMessages(reader, { places: reviewPlaces });
		const revisions = messages.flatMap((message) => message.revisions);
		if (values.revalidate) await revalidate(reader, revisions);
		else await list(revisions, values.show);
	},
});

async function list(revisions: readonly Revision[], show: boolean): Promise<void> {
	const groups = Map.groupBy(
		revisions,
		({ row }) => row.violations?.[0] ?? words.reviewCommand.noViolation,
	);
	for (const [violation, group] of [...groups].sort(([, a], [, b]) => b.length - a.length)) {
		const newest = group.reduce((a, b) => (a.row.receivedAt < b.row.receivedAt ? b : a));
		const text = await newest.text();
		const sample = text === undefined ? words.line.incomplete : show ? text : blanked(text);
		console.log(`${group.length} x ${printable(violationSaid(violation))}`);
		console.log(
			`    ${words.reviewCommand.newest(shownTime(newest.row.receivedAt))}  ${printable(sample)}`,
		);
	}
	if (groups.size === 0) console.log(words.reviewCommand.nothing);
}

/** The shape of a message without what it says; its types stay, they are what is looked for. */
function blanked(text: string): string {
	const message = parseObject(text);
	if (message === undefined) return words.line.unreadable;
	const leaf = (value: unknown, key: string): unknown => {
		if (typeof value === "string") return value === "" ? "" : "…";
		return typeof value === "number" && !/type$/i.test(key) ? 0 : value;
	};
	return outlineOf(message, { longest: LONGEST_SAMPLE, mostItems: 1, leaf });
}

async function revalidate(reader: Reader, revisions: readonly Revision[]): Promise<void> {
	let changed = 0;
	for (const { row, text } of revisions) {
		const message = parseObject((await text()) ?? "");
		if (message === undefined) continue;
		const verdict = verdictAttributes(await judge(message), row.review);
		if (
			JSON.stringify(verdict.violations) === JSON.stringify(row.violations) &&
			verdict.conformance === row.conformance
		)
			continue;
		await reader.updateVerdict(row, verdict);
		changed++;
	}
	console.log(words.reviewCommand.judged(revisions.length, changed));
}
