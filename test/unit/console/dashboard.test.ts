import { createRequire } from "node:module";
import { expect, test } from "vitest";
import { drawDashboard, readWidgetMetric } from "../../../console/watch/dashboard.ts";
import { openMetrics, PERIOD_SECONDS, PERIODS, statistic } from "../../../console/watch/metrics.ts";
import { isMeasured } from "../../../console/watch/platform-metrics.ts";
import { chineseTitles } from "../../../console/words/words.ts";

test("a metric of a widget is read with its dimensions and options", () => {
	const options = { stat: "p99", label: "slow", yAxis: "right" };
	expect(readWidgetMetric(["n", "Latency", "service", "s", "reason", "r", options])).toEqual({
		metric: { namespace: "n", name: "Latency", dimensions: { service: "s", reason: "r" } },
		...{ stat: "p99", label: "slow", isOnRight: true },
	});
	expect(
		readWidgetMetric([{ expression: `SEARCH('{n/local,service,type} MetricName="M"', 'Sum')` }]),
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
	expect(statistic("Sum", [])).toBe(0);
	expect(statistic("p50", [])).toBeNull();
});

test("the dashboard's own widgets are drawn, one line for each type that came", async () => {
	const body = createRequire(import.meta.url)("../../../resources/dashboard.cjs");
	const resolveVariable = async (name: string) => (name === "sls:stage" ? "local" : "receiver");
	const { widgets } = JSON.parse((await body({ resolveVariable }))["Fn::Sub"]);
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
	const drawn = drawDashboard(widgets, metrics, isMeasured, now);
	expect(drawn.times).toHaveLength(PERIODS);
	expect(drawn.times.at(-1)).toBe(Math.floor(now / 1_000 / PERIOD_SECONDS) * PERIOD_SECONDS);
	const graphs = drawn.rows.flatMap((row) => row.graphs);
	const graph = (title: string) => graphs.find((one) => one.title === title);
	expect(graph("Callbacks taken")?.lines[0]?.points.slice(-2)).toEqual([0, 5]);
	expect(graph("Unrecognized, by type of message")?.lines.map(({ label }) => label)).toEqual([
		"type 7",
		"type 42",
	]);
	expect(graph("Receive: errors and throttles")?.onlyOnAws).toHaveLength(2);
	const titles = [
		...drawn.rows.map(({ question }) => question),
		...graphs.map(({ title }) => title),
	];
	expect(Object.keys(chineseTitles).toSorted()).toEqual(titles.toSorted());
});

test("old periods are forgotten", () => {
	const metrics = openMetrics();
	const metric = { namespace: "n", name: "m", dimensions: {} };
	for (const period of [1, 2, 3 + PERIODS]) {
		metrics.add({ ...metric, value: 1, at: period * PERIOD_SECONDS * 1_000 });
	}
	expect(metrics.points(metric, "Sum", [1, 2, 3 + PERIODS])).toEqual([0, 0, 1]);
});
