import { diffLines } from "diff";
import { linesOf } from "./layout.ts";

/** One line of a revision, and how it differs from the revision before it. */
export interface ChangedLine {
	readonly text: string;
	readonly change: "same" | "added" | "removed";
}

/** After so long two bodies are shown as wholly different. */
const PATIENCE_MS = 300;
/** What cannot be laid out is compared by its beginning. */
const LONGEST_COMPARED = 5_000;

/** Compares two bodies as they are laid out. */
export function changesOf(before: string, after: string): ChangedLine[] {
	const [old, young] = [laidOut(before), laidOut(after)];
	const parts = diffLines(old, young, { timeout: PATIENCE_MS }) ?? [
		{ value: old, removed: true, added: false },
		{ value: young, removed: false, added: true },
	];
	return parts.flatMap(({ value, added, removed }) =>
		value
			.replace(/\n$/, "")
			.split("\n")
			.map((text) => ({ text, change: added ? "added" : removed ? "removed" : "same" })),
	);
}

/** A comma after the last member that was would make that member differ, too. */
function laidOut(text: string): string {
	const lines = linesOf(text).map((line) => line.text.replace(/,$/, ""));
	return `${lines.length > 0 ? lines.join("\n") : text.slice(0, LONGEST_COMPARED)}\n`;
}
