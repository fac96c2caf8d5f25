import type { Sample } from "./log-line.ts";

/** What is asked of a metric. */
export interface Metric {
	readonly namespace: string;
	readonly name: string;
	readonly dimensions: Readonly<Record<string, string>>;
}

/** The metrics of this run, as CloudWatch would hold them, but by shorter periods. */
export interface Metrics {
	add(sample: Sample): void;
	/**
	 * @param periods numbers of periods, see {@link periodOf}.
	 * @param stat a statistic of CloudWatch: Sum, Maximum, or a percentile such as p99.
	 */
	points(metric: Metric, stat: string, periods: readonly number[]): (number | null)[];
	/** The values that a dimension of a metric has had. */
	valuesOf(namespace: string, name: string, dimension: string): string[];
}

/** CloudWatch's dashboard has 60; whoever looks at a local run does not wait that long. */
export const PERIOD_SECONDS = 5;

/** How many periods are kept. */
export const PERIODS = 60;

/** The number of the period of a time in milliseconds since 1970. */
export function periodOf(time: number): number {
	return Math.floor(time / 1_000 / PERIOD_SECONDS);
}

/** Starts with nothing. */
export function openMetrics(): Metrics {
	const metrics = new Map<string, { metric: Metric; periods: Map<number, number[]> }>();
	return {
		add({ namespace, name, dimensions, value, at }) {
			const metric = { namespace, name, dimensions };
			const key = keyOf(metric);
			const known = metrics.get(key) ?? { metric, periods: new Map<number, number[]>() };
			metrics.set(key, known);
			const period = periodOf(at);
			const values = known.periods.get(period);
			if (values) values.push(value);
			else known.periods.set(period, [value]);
			for (const old of known.periods.keys()) {
				if (old >= period - PERIODS) break;
				known.periods.delete(old);
			}
		},
		points(metric, stat, periods) {
			const known = metrics.get(keyOf(metric))?.periods;
			return periods.map((period) => statistic(stat, known?.get(period) ?? []));
		},
		valuesOf(namespace, name, dimension) {
			const found = [...metrics.values()]
				.map(({ metric }) => metric)
				.filter((metric) => metric.namespace === namespace && metric.name === name)
				.flatMap(({ dimensions }) => dimensions[dimension] ?? []);
			return [...new Set(found)].sort((a, b) => Number(a) - Number(b));
		},
	};
}

/** @returns the statistic over all values; of no values only the sum is known. */
export function statistic(stat: string, values: readonly number[]): number | null {
	if (stat === "Sum") return values.reduce((sum, value) => sum + value, 0);
	if (values.length === 0) return null;
	const sorted = values.toSorted((a, b) => a - b);
	const share = stat === "Maximum" ? 1 : Number(/^p([\d.]+)$/.exec(stat)?.[1] ?? "50") / 100;
	return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}

function keyOf({ namespace, name, dimensions }: Metric): string {
	const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
	return JSON.stringify([namespace, name, sorted]);
}
