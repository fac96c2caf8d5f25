import { statistic } from "../../build/cloudwatch.ts";

/** What is asked of a metric. */
export interface Metric {
	readonly namespace: string;
	readonly name: string;
	readonly dimensions: Readonly<Record<string, string>>;
}

/** One value of a metric. */
export interface Sample extends Metric {
	readonly value: number;
	/** Milliseconds since 1970. */
	readonly at: number;
}

/** The metrics of the last hour of this run, as CloudWatch would hold them, but by shorter periods. */
export interface Metrics {
	add(sample: Sample): void;
	/**
	 * @param times where the points begin, in seconds since 1970.
	 * @param period of each point, a multiple of {@link SHORTEST_PERIOD}.
	 * @param stat a statistic of CloudWatch: Sum, Maximum, or a percentile such as p99.
	 */
	points(metric: Metric, stat: string, times: readonly number[], period: number): (number | null)[];
	/** The values that a dimension of a metric has had. */
	valuesOf(namespace: string, name: string, dimension: string): string[];
}

/** In seconds. CloudWatch has 60; whoever looks at a run that has just begun does not wait that long. */
export const SHORTEST_PERIOD = 5;

const KEPT_SECONDS = 3_600;

/** How many points a graph has. */
export const POINTS = 60;

/**
 * Where the points of a graph begin, in seconds since 1970, and how long each is: all of a run is to be
 * seen, or its last hour.
 *
 * @param began and `now` in milliseconds since 1970.
 */
export function timesOf(began: number, now: number): { times: number[]; period: number } {
	const seconds = (now - began) / 1_000;
	const period = [SHORTEST_PERIOD, 15].find((one) => one * (POINTS - 1) >= seconds) ?? 60;
	const last = Math.floor(now / 1_000 / period);
	return {
		times: Array.from({ length: POINTS }, (_, i) => (last - POINTS + 1 + i) * period),
		period,
	};
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
			const period = Math.floor(at / 1_000 / SHORTEST_PERIOD);
			const values = known.periods.get(period);
			if (values) values.push(value);
			else known.periods.set(period, [value]);
			for (const old of known.periods.keys()) {
				if (old >= period - KEPT_SECONDS / SHORTEST_PERIOD) break;
				known.periods.delete(old);
			}
		},
		points(metric, stat, times, period) {
			const known = metrics.get(keyOf(metric))?.periods;
			return times.map((time) => {
				const values: number[] = [];
				for (let at = time; at < time + period; at += SHORTEST_PERIOD) {
					for (const value of known?.get(at / SHORTEST_PERIOD) ?? []) values.push(value);
				}
				if (values.length > 0) return statistic(stat, values);
				// Of no values only the sum is known.
				return stat === "Sum" ? 0 : null;
			});
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

function keyOf({ namespace, name, dimensions }: Metric): string {
	const sorted = Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1));
	return JSON.stringify([namespace, name, sorted]);
}
