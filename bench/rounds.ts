import { arch, cpus, release } from "node:os";
import Table from "cli-table3";

/** One way of doing a job: measures itself once, in the table's unit. */
export interface Column {
	readonly name: string;
	measure(): Promise<number> | number;
}

/** What the rounds gave for a column. */
export interface Result {
	readonly name: string;
	readonly minimum: number;
	readonly median: number;
	/** The median of the ratios within each round. */
	readonly ratio: number;
}

/**
 * Measures all columns in turn, round after round, so that whatever else the machine does meets them
 * alike; one round before does not count.
 *
 * @param base name of the column that the others are compared with, within each round.
 */
export async function measureRounds(
	columns: readonly Column[],
	rounds: number,
	base: string,
): Promise<Result[]> {
	const measured: Map<string, number>[] = [];
	for (let round = -1; round < rounds; round++) {
		const values = new Map<string, number>();
		for (const { name, measure } of columns) values.set(name, await measure());
		if (round >= 0) measured.push(values);
	}
	return columns.map(({ name }) => {
		const own = measured.map((values) => values.get(name) ?? Number.NaN);
		const ratios = measured.map((values) => (values.get(name) ?? 0) / (values.get(base) ?? 0));
		return { name, minimum: Math.min(...own), median: median(own), ratio: median(ratios) };
	});
}

/** Prints results as the Markdown that stands in README.md. */
export function printResults(title: string, unit: string, base: string, results: Result[]): void {
	console.log(`\n${title}\n`);
	printTable(
		["", `min ${unit}`, `median ${unit}`, `× ${base}`],
		results.map(({ name, minimum, median, ratio }) => [
			name,
			number(minimum),
			number(median),
			number(ratio),
		]),
	);
}

/** Prints a table as Markdown. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
	const edges = { top: "", "top-mid": "", "top-left": "", "top-right": "" };
	const none = { bottom: "", "bottom-mid": "", "bottom-left": "", "bottom-right": "" };
	const lines = { left: "|", right: "|", middle: "|", mid: "", "left-mid": "", "mid-mid": "" };
	const table = new Table({
		head: [...head],
		chars: { ...edges, ...none, ...lines, "right-mid": "" },
		style: { head: [], border: [] },
	});
	table.push(
		head.map((_, column) => (column === 0 ? "---" : "--:")),
		...rows.map((row) => [...row]),
	);
	console.log(table.toString());
}

/** Prints what the figures were measured on. */
export function printMachine(): void {
	const [cpu] = cpus();
	console.log(
		`${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus().length} × ${cpu?.model}, Linux ${release()} ${arch()}`,
	);
}

/** The value below which a part of a list lies. */
export function quantile(values: readonly number[], part: number): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

/** The value in the middle of a list. */
export function median(values: readonly number[]): number {
	return quantile(values, 0.5);
}

/** Three digits say more than the measurement can. */
export function number(value: number): string {
	return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
