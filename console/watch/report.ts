import type { MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { Widget } from "../../build/dashboard-picture.ts";
import { isObject, parseObject, wordOf } from "../../lib/message/json-text.ts";
import type { AlarmState, Dashboard, Line } from "../protocol.ts";
import { factsOf, readAlarm, STATES } from "./alarms.ts";
import {
	drawDashboard,
	type Frame,
	lineOf,
	readWidgetMetric,
	type WidgetMetric,
} from "./dashboard.ts";

/** CloudWatch has the counts of a minute two minutes later. */
const LATE_SECONDS = 120;

/**
 * Where the points of so many hours stand: some hundred of them, whatever the time.
 *
 * @param now milliseconds since 1970.
 */
export function frameOf(hours: number, now: number): Frame {
	const period = hours <= 1 ? 60 : hours <= 24 ? 900 : 3_600;
	const points = (hours * 3_600) / period;
	const last = Math.floor((now / 1_000 - LATE_SECONDS) / period);
	return {
		period,
		times: Array.from({ length: points }, (_, i) => (last - points + 1 + i) * period),
	};
}

/** The widgets of a dashboard's body; nothing of a body that is none. */
export function widgetsIn(body: string): Widget[] {
	const { widgets } = parseObject(body) ?? {};
	return (Array.isArray(widgets) ? widgets : [])
		.filter(isObject)
		.flatMap(({ type, properties }) => {
			if (!isObject(properties) || (type !== "text" && type !== "metric")) return [];
			const { title, markdown, metrics } = properties;
			const entries = Array.isArray(metrics) ? metrics.filter((entry) => Array.isArray(entry)) : [];
			return [
				{
					...{ type, x: 0, y: 0, width: 0, height: 0 },
					properties: {
						title: wordOf(title) ?? "",
						markdown: wordOf(markdown) ?? "",
						metrics: entries.filter(isReadable),
					},
				},
			];
		});
}

/** An owner may have added what is written otherwise: it is left out. */
function isReadable(entry: readonly unknown[]): boolean {
	try {
		readWidgetMetric(entry);
		return true;
	} catch {
		return false;
	}
}

function entriesOf(widgets: readonly Widget[]): readonly WidgetMetric[] {
	return widgets.flatMap(({ properties: { metrics = [] } }) => metrics.map(readWidgetMetric));
}

/** What is to be asked for some widgets: one query for each entry, named by its place. */
export function queriesOf(widgets: readonly Widget[], Period: number): MetricDataQuery[] {
	return entriesOf(widgets).map((entry, i) => {
		const { stat: Stat } = entry;
		if ("metric" in entry) {
			const { namespace: Namespace, name: MetricName, dimensions } = entry.metric;
			const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
			return {
				Id: `m${i}`,
				MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period, Stat },
			};
		}
		const { namespace, name, dimensions } = entry.search;
		const varying = dimensions.at(-1) ?? "";
		return {
			Id: `m${i}`,
			Expression: `SEARCH('{${[`"${namespace}"`, ...dimensions].join()}} MetricName="${name}"', '${Stat}', ${Period})`,
			// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/graph-dynamic-labels.html
			Label: `\${PROP('Dim.${varying}')}`,
			Period,
		};
	});
}

/**
 * Draws the widgets with what CloudWatch has answered to their queries.
 *
 * @param results several have the name of one query, when it is a search, or when there are many points.
 */
export function reportOf(
	widgets: readonly Widget[],
	frame: Frame,
	results: readonly MetricDataResult[],
): Omit<Dashboard, "alarms" | "alarmFacts"> {
	const byId = Map.groupBy(results, ({ Id }) => Id);
	let i = 0;
	return drawDashboard(widgets, frame, (entry): readonly Line[] => {
		const found = byId.get(`m${i++}`) ?? [];
		const { stat } = entry;
		if ("metric" in entry) {
			return [lineOf(entry.label, stat, pointsOf(found, stat, frame), entry.isOnRight)];
		}
		const labelled = Map.groupBy(found, ({ Label }) => Label ?? "");
		const varying = entry.search.dimensions.at(-1);
		return [...labelled].map(([type, some]) => ({
			...lineOf(`${varying} ${type}`, stat, pointsOf(some, stat, frame)),
			type,
		}));
	});
}

/** Nothing was counted where a sum has no value; of any other statistic nothing is known there. */
function pointsOf(
	results: readonly MetricDataResult[],
	stat: string,
	{ times }: Frame,
): (number | null)[] {
	const values = new Map(
		results.flatMap(({ Timestamps = [], Values = [] }) =>
			Timestamps.map((time, i) => [time.getTime() / 1_000, Values[i] ?? null]),
		),
	);
	return times.map((time) => values.get(time) ?? (stat === "Sum" ? 0 : null));
}

/** @param described alarms of both kinds, as CloudWatch describes them. */
export function alarmsOf(
	described: readonly object[],
	prefix: string,
): Pick<Dashboard, "alarms" | "alarmFacts"> {
	const silent = described.find((alarm) => Object(alarm).AlarmName === `${prefix}-silent`);
	const alarms = described.map((alarm): AlarmState => {
		const { StateValue, ...properties }: Readonly<Record<string, unknown>> = { ...alarm };
		const { title, description, rule, isSilent } = readAlarm(properties, prefix);
		const known = Object.entries(STATES).find(([name]) => name === StateValue)?.[1] ?? "unknown";
		return { title, description, rule, state: isSilent && known === "alarm" ? "on" : known };
	});
	return { alarms, ...(silent && { alarmFacts: factsOf({ ...silent }, prefix) }) };
}
