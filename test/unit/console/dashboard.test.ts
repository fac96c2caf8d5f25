import { expect, test } from "vitest";
import { statistic } from "../../../build/cloudwatch.ts";
import { translated } from "../../../console/page/dashboard-words.ts";
import { openAlarms } from "../../../console/watch/alarms.ts";
import { drawDashboard, linesOfRun, readWidgetMetric } from "../../../console/watch/dashboard.ts";
import { openMetrics, POINTS, SHORTEST_PERIOD, timesOf } from "../../../console/watch/metrics.ts";
import { isMeasured } from "../../../console/watch/platform-metrics.ts";
import { languageCodes, languages } from "../../../lib/words/languages.ts";
import { dashboardWidgets } from "../../../resources/dashboard.ts";

test("a metric of a widget is read with its dimensions and options", () => {
	const options = { stat: "p99", label: "slow", yAxis: "right" };
	expect(readWidgetMetric(["n", "Latency", "service", "s", "reason", "r", options])).toEqual({
		metric: { namespace: "n", name: "Latency", dimensions: { service: "s", reason: "r" } },
		...{ stat: "p99", label: "slow", isOnRight: true },
	});
	expect(
		readWidgetMetric([{ expression: `SEARCH('{"n/local",service,type} MetricName="M"', 'Sum')` }]),
	).toEqual({
		search: { namespace: "n/local", name: "M", dimensions: ["service", "type"] },
		stat: "Sum",
	});
	expect(() => readWidgetMetric([{ expression: "RATE(m1)" }])).toThrow("not understood");
});

test.each([
	["Sum", 10],
	["Maximum", 4],
	["p50", 2],
	["p99", 4],
] as const)("%s over raw values", (stat, expected) => {
	expect(statistic(stat, [4, 1, 3, 2])).toBe(expected);
});

test("of no values only the sum is known", () => {
	const metric = { namespace: "n", name: "m", dimensions: {} };
	expect(openMetrics().points(metric, "Sum", [0], 60)).toEqual([0]);
	expect(openMetrics().points(metric, "p50", [0], 60)).toEqual([null]);
});

test("the dashboard's own widgets are drawn, one line for each type that came", async () => {
	const widgets = JSON.parse(
		JSON.stringify(dashboardWidgets("receiver", "local", "rows", languages.en)),
	);
	const metrics = openMetrics();
	const now = 1_000_000_000;
	const sample = (name: string, value: number, dimensions = {}) =>
		metrics.add({
			...{ namespace: "receiver/local", name, value, at: now },
			dimensions: { service: "receiver", ...dimensions },
		});
	sample("Received", 2);
	sample("Received", 3);
	sample("UnrecognizedByType", 1, { type: "42" });
	sample("UnrecognizedByType", 1, { type: "7" });
	const frame = timesOf(now, now);
	const drawn = drawDashboard(widgets, frame, linesOfRun(metrics, isMeasured, frame));
	expect(drawn.times).toHaveLength(POINTS);
	expect(drawn.times.at(-1)).toBe(Math.floor(now / 1_000 / SHORTEST_PERIOD) * SHORTEST_PERIOD);
	const graphs = drawn.rows.flatMap((row) => row.graphs);
	const graph = (title: string) => graphs.find((one) => one.title === title);
	expect(graph("Callbacks taken")?.lines[0]?.points.slice(-2)).toEqual([0, 5]);
	expect(graph("Unrecognized, by type of message")?.lines.map(({ label }) => label)).toEqual([
		"type 7",
		"type 42",
	]);
	expect(graph("Receive: errors and throttles")?.onlyOnAws).toHaveLength(2);
});

test("each text of the dashboard is shown in the reader's language, whichever is the stage's", () => {
	const pairs = [
		["Is the URL alive?", "回调地址还活着吗？"],
		["From callback to row, ms", "从回调到入库（毫秒）"],
		["Received", "消息"],
		["receive Errors Sum", "receive 错误 合计"],
	] as const;
	for (const texts of pairs) {
		for (const text of texts) {
			expect(languageCodes.map((code) => translated(text, code))).toEqual(texts);
		}
	}
	expect(translated("no text of ours", "zh")).toBe("no text of ours");
});

test("all of a run is drawn, or its last hour", () => {
	const now = 10_000_000_000;
	const minutes = (n: number) => now - n * 60_000;
	expect([1, 10, 40, 600].map((n) => timesOf(minutes(n), now).period)).toEqual([5, 15, 60, 60]);
	const metrics = openMetrics();
	const metric = { namespace: "n", name: "m", dimensions: {} };
	for (const n of [180, 40, 39, 0]) metrics.add({ ...metric, value: n + 1, at: minutes(n) });
	const { times, period } = timesOf(minutes(180), now);
	const points = metrics.points(metric, "Sum", times, period);
	expect(points.filter((point) => point !== 0)).toEqual([41, 40, 1]);
	expect(points.at(-1)).toBe(1);
});

const metric = { Namespace: "n", Dimensions: [{ Name: "service", Value: "s" }] };
const alarms = {
	Silent: {
		Type: "AWS::CloudWatch::Alarm",
		Properties: {
			...{ AlarmName: "r-local-silent", AlarmDescription: "Nothing came.", Threshold: 1 },
			...{ ComparisonOperator: "LessThanThreshold", EvaluationPeriods: 2 },
			TreatMissingData: "breaching",
			Metrics: [
				{ Id: "watched", Expression: "FILL(count, 0)" },
				{
					Id: "count",
					MetricStat: { Metric: { ...metric, MetricName: "Received" }, Stat: "Sum", Period: 60 },
				},
			],
		},
	},
	Dead: {
		Type: "AWS::CloudWatch::Alarm",
		Properties: {
			...{ AlarmName: "r-local-dead", AlarmDescription: "Look.", AlarmActions: ["topic"] },
			...{ ...metric, MetricName: "Dead", Statistic: "Maximum", Period: 60, Threshold: 1 },
			...{ ComparisonOperator: "GreaterThanOrEqualToThreshold", EvaluationPeriods: 1 },
			TreatMissingData: "notBreaching",
		},
	},
	Foreign: {
		Type: "AWS::CloudWatch::Alarm",
		Properties: {
			...{ AlarmName: "r-local-foreign", AlarmDescription: "", AlarmActions: ["topic"] },
			...{ ...metric, Namespace: "AWS/Lambda", MetricName: "Errors", Statistic: "Sum" },
			...{ Period: 60, Threshold: 1, ComparisonOperator: "GreaterThanThreshold" },
			...{ EvaluationPeriods: 1, TreatMissingData: "notBreaching" },
		},
	},
	Both: {
		Type: "AWS::CloudWatch::CompositeAlarm",
		Properties: {
			...{ AlarmName: "r-local-both", AlarmDescription: "", AlarmActions: ["topic"] },
			AlarmRule: 'ALARM("r-local-dead") AND NOT ALARM("r-local-silent")',
		},
	},
};

test("each alarm has its threshold and its state, and what only AWS knows is said to be unknown", () => {
	const began = 60_000_000;
	const watched = openAlarms(alarms, "r-local", isMeasured, began);
	const put = (name: string, value: number, at: number) =>
		watched.add({ ...{ namespace: "n", name, dimensions: { service: "s" } }, value, at });
	const states = (now: number) => watched.states(now).map(({ title, state }) => [title, state]);
	put("Received", 3, began);
	put("Dead", 2, began);
	expect(watched.states(began + 60_000).map(({ rule }) => rule)).toEqual([
		"FILL(Sum(Received), 0) < 1 · 2/2 × 60 s",
		"Maximum(Dead) ≥ 1 · 1/1 × 60 s",
		"Sum(Errors) > 1 · 1/1 × 60 s",
		'ALARM("dead") AND NOT ALARM("silent")',
	]);
	expect(states(began + 60_000)).toEqual([
		["silent", "ok"],
		["dead", "alarm"],
		["foreign", "unknown"],
		["both", "alarm"],
	]);
	expect(states(began + 300_000)).toEqual([
		["silent", "on"],
		["dead", "ok"],
		["foreign", "unknown"],
		["both", "ok"],
	]);
});
