import type { Widget } from "../../build/dashboard-picture.ts";
import { isObject, wordOf } from "../../lib/message/json-text.ts";
import type { Dashboard, DashboardRow, Graph, Line } from "../protocol.ts";
import type { Metric, Metrics } from "./metrics.ts";

/** A metric as a widget names it. */
export type WidgetMetric =
	| {
			readonly metric: Metric;
			readonly stat: string;
			readonly label: string;
			readonly isOnRight: boolean;
	  }
	/** One line for each value that a dimension has. */
	| {
			readonly search: {
				readonly namespace: string;
				readonly name: string;
				readonly dimensions: readonly string[];
			};
			readonly stat: string;
	  };

/**
 * Reads one entry of a widget's `metrics`
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html).
 *
 * @throws Error when it is written in a way that the product's own dashboard is not.
 */
export function readWidgetMetric(entry: readonly unknown[]): WidgetMetric {
	const options = entry.at(-1);
	const { expression, stat, label, yAxis } = isObject(options) ? options : {};
	if (typeof expression === "string") return searchOf(expression);
	const [namespace, name, ...rest] = entry.filter((part) => typeof part === "string");
	// "." stands for what the entry before says, which the product's own dashboard does not use.
	if (namespace === undefined || name === undefined || entry.includes(".")) {
		throw new Error("a widget's metric has no name");
	}
	const dimensions: Record<string, string> = {};
	for (let i = 0; i + 1 < rest.length; i += 2) dimensions[rest[i] ?? ""] = rest[i + 1] ?? "";
	return {
		metric: { namespace, name, dimensions },
		stat: wordOf(stat) ?? "Sum",
		label: wordOf(label) ?? name,
		isOnRight: yAxis === "right",
	};
}

/** `SEARCH('{"namespace",dimension,…} MetricName="name"', 'stat')` */
function searchOf(expression: string): WidgetMetric {
	const [, namespace = "", dimensions = "", name = "", stat = ""] =
		/^SEARCH\('\{"([^"}]+)"((?:,\w+)+)\} MetricName="(\w+)"', '(\w+)'\)$/.exec(expression) ?? [];
	if (stat === "") throw new Error(`a widget's expression is not understood: ${expression}`);
	return { search: { namespace, name, dimensions: dimensions.slice(1).split(",") }, stat };
}

/**
 * Draws a dashboard's widgets.
 *
 * @param frame the points' places in time.
 * @param linesOf draws one entry; undefined when its metric is not measured here.
 */
export function drawDashboard(
	widgets: readonly Widget[],
	frame: Frame,
	linesOf: (entry: WidgetMetric) => readonly Line[] | undefined,
): Omit<Dashboard, "alarms" | "alarmFacts"> {
	const rows: { question: string; graphs: Graph[] }[] = [];
	for (const { type, properties } of widgets) {
		if (type === "text") {
			rows.push({ question: (properties.markdown ?? "").replace(/^#+ /, ""), graphs: [] });
			continue;
		}
		const drawn = (properties.metrics ?? []).map(readWidgetMetric).map((entry) => ({
			label: "metric" in entry ? entry.label : entry.search.name,
			lines: linesOf(entry),
		}));
		rows.at(-1)?.graphs.push({
			title: properties.title ?? "",
			lines: drawn.flatMap(({ lines = [] }) => lines),
			onlyOnAws: drawn.flatMap(({ label, lines }) => (lines ? [] : [label])),
		});
	}
	return { ...frame, rows: rows satisfies DashboardRow[] };
}

/** Where the points of a graph stand in time. */
export type Frame = Pick<Dashboard, "times" | "period">;

/** @returns the line of a metric with a label; what can be added up has a total, too. */
export function lineOf(
	label: string,
	stat: string,
	points: readonly (number | null)[],
	isOnRight = false,
): Line {
	const total = points.reduce<number>((sum, point) => sum + (point ?? 0), 0);
	return { label, points, isOnRight, ...(stat === "Sum" && { total }) };
}

/**
 * Draws what this run has measured.
 *
 * @param isKnown whether anything here measures a metric.
 */
export function linesOfRun(
	metrics: Metrics,
	isKnown: (metric: Metric) => boolean,
	{ times, period }: Frame,
): (entry: WidgetMetric) => readonly Line[] | undefined {
	return (entry) => {
		const { stat } = entry;
		if ("metric" in entry) {
			const { metric, label, isOnRight } = entry;
			if (!isKnown(metric)) return undefined;
			return [lineOf(label, stat, metrics.points(metric, stat, times, period), isOnRight)];
		}
		const { namespace, name, dimensions } = entry.search;
		const varying = dimensions.at(-1) ?? "";
		const service = metrics.valuesOf(namespace, name, "service")[0] ?? "";
		return metrics.valuesOf(namespace, name, varying).map((value) => {
			const metric = { namespace, name, dimensions: { service, [varying]: value } };
			const points = metrics.points(metric, stat, times, period);
			return { ...lineOf(`${varying} ${value}`, stat, points), type: value };
		});
	};
}
