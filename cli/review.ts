import { parseArgs } from "node:util";
import { type Reader, readTable } from "../lib/archive/reader.ts";
import type { Revision } from "../lib/archive/revisions.ts";
import { collect, reviewPlaces } from "../lib/archive/selection.ts";
import { withTexts } from "../lib/archive/texts.ts";
import { outlineOf } from "../lib/message/outline.ts";
import { INCOMPLETE } from "../lib/message/preview.ts";
import { printable } from "../lib/message/printable.ts";
import { judge } from "../lib/message/verdict.ts";
import { verdictAttributes } from "../lib/storage/row.ts";
import { enterStage } from "./stage.ts";

const USAGE = `npm run --silent review -- [options]

Lists what no schema recognizes, grouped by what is wrong with it, with one sample each.

  --show           the samples as they came (default: every text and number blanked)
  --revalidate     judge the stored messages again with today's schemas, and update their verdict
  --stage NAME     a deployed stage, with the usual AWS credentials (default: local)
`;

const LONGEST_SAMPLE = 5_000;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			show: { type: "boolean", default: false },
			revalidate: { type: "boolean", default: false },
			stage: { type: "string", default: "local" },
			help: { type: "boolean", default: false },
		},
	});
	if (values.help) {
		process.stdout.write(USAGE);
		return;
	}
	const reader = readTable((await enterStage(values.stage)).tableName);
	const everything = { since: undefined, until: undefined };
	const rows = await collect(
		reader,
		reviewPlaces,
		everything,
		() => true,
		Number.POSITIVE_INFINITY,
	);
	const revisions = await withTexts(reader, rows);
	if (values.revalidate) await revalidate(reader, revisions);
	else list(revisions, values.show);
}

function list(revisions: readonly Revision[], show: boolean): void {
	const groups = Object.entries(
		Object.groupBy(revisions, ({ row }) => row.violations?.[0] ?? "no violation is known"),
	);
	const count = ([, group = []]: (typeof groups)[number]): number => group.length;
	for (const [violation, group = []] of groups.sort((a, b) => count(b) - count(a))) {
		const newest = group.toSorted((a, b) => (a.row.receivedAt < b.row.receivedAt ? 1 : -1))[0];
		if (newest === undefined) continue;
		console.log(`${group.length} x ${printable(violation)}`);
		const { text = INCOMPLETE } = newest;
		const sample = show ? text : blanked(text);
		console.log(`    newest ${newest.row.receivedAt}  ${printable(sample)}`);
	}
	if (groups.length === 0) console.log("nothing to review");
}

/** The shape of a message without what it says; its types stay, they are what is looked for. */
function blanked(text: string): string {
	const leaf = (value: unknown, key: string): unknown => {
		if (typeof value === "string") return value === "" ? "" : "…";
		return typeof value === "number" && !/type$/i.test(key) ? 0 : value;
	};
	return outlineOf(JSON.parse(text), { longest: LONGEST_SAMPLE, mostItems: 1, leaf });
}

async function revalidate(reader: Reader, revisions: readonly Revision[]): Promise<void> {
	let changed = 0;
	for (const { row, text } of revisions) {
		if (text === undefined) continue;
		const message: object = JSON.parse(text);
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

main().catch((error: Error) => {
	console.error(`review: ${error.message}`);
	process.exit(1);
});
