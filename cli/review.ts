import { type Reader, readTable, reviewPlaces } from "../lib/archive/reader.ts";
import type { Revision } from "../lib/archive/revisions.ts";
import { selectMessages } from "../lib/archive/selection.ts";
import { parseObject } from "../lib/message/json-text.ts";
import { outlineOf } from "../lib/message/outline.ts";
import { INCOMPLETE } from "../lib/message/preview.ts";
import { printable } from "../lib/message/printable.ts";
import { judge } from "../lib/message/verdict.ts";
import { violationSentence } from "../lib/message/violation.ts";
import { verdictAttributes } from "../lib/storage/row.ts";
import { runCommand } from "./command.ts";
import { shownTime, UNREADABLE } from "./preview.ts";
import { enterStage, STAGE_USAGE, stageOptions } from "./stage.ts";

const USAGE = `npm run --silent review -- [options]

Lists what no schema recognizes, grouped by what is wrong with it, with one sample each.

  --show           the samples as they came (default: every text and number blanked)
  --revalidate     judge the stored messages again with today's schemas, and update their verdict
${STAGE_USAGE}`;

const LONGEST_SAMPLE = 5_000;

await runCommand({
	name: "review",
	usage: USAGE,
	options: {
		show: { type: "boolean", default: false },
		revalidate: { type: "boolean", default: false },
		...stageOptions,
	},
	async run(values) {
		const { tableName } = await enterStage(values);
		const reader = readTable(tableName, ({ pk, sk }) =>
			console.log(printable(`${UNREADABLE}  a row of another kind: ${pk} ${sk}`)),
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
		({ row }) => row.violations?.[0] ?? "no violation is known",
	);
	for (const [violation, group] of [...groups].sort(([, a], [, b]) => b.length - a.length)) {
		const newest = group.reduce((a, b) => (a.row.receivedAt < b.row.receivedAt ? b : a));
		const text = await newest.text();
		const sample = text === undefined ? INCOMPLETE : show ? text : blanked(text);
		console.log(`${group.length} x ${printable(violationSentence(violation))}`);
		console.log(`    newest ${shownTime(newest.row.receivedAt)}  ${printable(sample)}`);
	}
	if (groups.size === 0) console.log("nothing to review");
}

/** The shape of a message without what it says; its types stay, they are what is looked for. */
function blanked(text: string): string {
	const message = parseObject(text);
	if (message === undefined) return UNREADABLE;
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
	console.log(`${revisions.length} judged again, ${changed} changed`);
}
