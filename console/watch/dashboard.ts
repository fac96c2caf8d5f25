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
	if (namespace === undefined || name === undefined) {
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

/** `SEARCH('{namespace,dimension,…} MetricName="name"', 'stat')` */
function searchOf(expression: string): WidgetMetric {
	const [, schema = "", name = "", stat = ""] =
		/^SEARCH\('\{([^}]+)\} MetricName="(\w+)"', '(\w+)'\)$/.exec(expression) ?? [];
	const [namespace = "", ...dimensions] = schema.split(",");
	if (stat === "") throw new Error(`a widget's expression is not understood: ${expression}`);
	return { search: { namespace, name, dimensions }, stat };
}

/**
 * Draws the dashboard's widgets, as far as this machine knows their metrics.
 *
 * @param isKnown whether anything here measures a metric.
 * @param frame the points' places in time.
 */
export function drawDashboard(
	widgets: readonly Widget[],
	metrics: Metrics,
	isKnown: (metric: Metric) => boolean,
	frame: Frame,
): Omit<Dashboard, "alarms" | "alarmFacts"> {
	const rows: { question: string; graphs: Graph[] }[] = [];
	for (const { type, properties } of widgets) {
		if (type === "text") {
			rows.push({ question: (properties.markdown ?? "").replace(/^#+ /, ""), graphs: [] });
			continue;
		}
		const entries = (properties.metrics ?? []).map(readWidgetMetric);
		rows.at(-1)?.graphs.push({
			title: properties.title ?? "",
			lines: entries.flatMap((entry) => linesOf(entry, metrics, isKnown, frame)),
			onlyOnAws: entries.flatMap((entry) =>
				"metric" in entry && !isKnown(entry.metric) ? [entry.label] : [],
			),
		});
	}
	return { ...frame, rows: rows satisfies DashboardRow[] };
}

type Frame = Pick<Dashboard, "times" | "period">;

function linesOf(
	entry: WidgetMetric,
	metrics: Metrics,
	isKnown: (metric: Metric) => boolean,
	{ times, period }: Frame,
): Line[] {
	const lineOf = (metric: Metric, stat: string, label: string, isOnRight: boolean) => {
		const points = metrics.points(metric, stat, times, period);
		const total = points.reduce<number>((sum, point) => sum + (point ?? 0), 0);
		return { label, points, isOnRight, ...(stat === "Sum" && { total }) };
	};
	if ("metric" in entry) {
		const { metric, stat, label, isOnRight } = entry;
		if (!isKnown(metric)) return [];
		return [lineOf(metric, stat, label, isOnRight)];
	}
	const { namespace, name, dimensions } = entry.search;
	const varying = dimensions.at(-1) ?? "";
	const service = metrics.valuesOf(namespace, name, "service")[0] ?? "";
	return metrics.valuesOf(namespace, name, varying).map((value) => {
		const metric = { namespace, name, dimensions: { service, [varying]: value } };
		return { ...lineOf(metric, entry.stat, `${varying} ${value}`, false), type: value };
	});
}
