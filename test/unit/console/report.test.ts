import { expect, test } from "vitest";
import {
	alarmsOf,
	frameOf,
	queriesOf,
	reportOf,
	widgetsIn,
} from "../../../console/watch/report.ts";
import { languages } from "../../../lib/words/languages.ts";
import { dashboardWidgets } from "../../../resources/dashboard.ts";

/** The body as GetDashboard hands it out: CloudFormation has put the API's id in. */
const template = JSON.stringify({
	widgets: dashboardWidgets("receiver", "prod", "rows", languages.en),
});
const body = template.replaceAll(`$${"{HttpApi}"}`, "a1b2c3d4e5");
const widgets = widgetsIn(body);
const NOW = Date.parse("2026-02-01T10:00:30.000Z");

test.each([
	[1, 60, 60, "2026-02-01T09:58:00.000Z"],
	[24, 900, 96, "2026-02-01T09:45:00.000Z"],
	[168, 3_600, 168, "2026-02-01T09:00:00.000Z"],
])(
	"%i hours are points of %i s, %i of them, up to what CloudWatch has",
	(hours, period, n, last) => {
		const frame = frameOf(hours, NOW);
		expect(frame.period).toBe(period);
		expect(frame.times).toHaveLength(n);
		expect(new Date((frame.times.at(-1) ?? 0) * 1_000).toISOString()).toBe(last);
		expect((frame.times[1] ?? 0) - (frame.times[0] ?? 0)).toBe(period);
	},
);

test("each metric of the deployed dashboard is a query of its own, with its dimensions", () => {
	const queries = queriesOf(widgets, 900);
	expect(queries).toHaveLength(49);
	expect(new Set(queries.map(({ Id }) => Id)).size).toBe(49);
	expect(queries[0]).toEqual({
		Id: "m0",
		MetricStat: {
			Metric: {
				...{ Namespace: "receiver/prod", MetricName: "Received" },
				Dimensions: [{ Name: "service", Value: "receiver" }],
			},
			...{ Period: 900, Stat: "Sum" },
		},
	});
	expect(JSON.stringify(queries)).toContain('{"Name":"ApiId","Value":"a1b2c3d4e5"}');
	expect(queries.filter(({ Expression }) => Expression)).toMatchObject([
		{
			Expression: `SEARCH('{"receiver/prod",service,type} MetricName="UnrecognizedByType"', 'Sum', 900)`,
			Label: `$${"{PROP('Dim.type')}"}`,
			Period: 900,
		},
	]);
});

test("what CloudWatch answers is drawn where it belongs: a sum without a value is zero, else nothing is known", () => {
	const frame = frameOf(1, NOW);
	const at = (i: number) => new Date((frame.times.at(i) ?? 0) * 1_000);
	const idOf = (metric: string, stat: string) =>
		queriesOf(widgets, 60).find(
			({ MetricStat, Expression }) =>
				Expression?.includes(metric) ||
				(MetricStat?.Metric?.MetricName === metric && MetricStat.Stat === stat),
		)?.Id ?? "";
	// The shape of GetMetricData's answers; a long one comes in several.
	const results = [
		{ Id: idOf("Received", "Sum"), Label: "Received", Timestamps: [at(-2)], Values: [3] },
		{ Id: idOf("Received", "Sum"), Label: "Received", Timestamps: [at(-1)], Values: [4] },
		{ Id: idOf("Latency", "p99"), Label: "Latency", Timestamps: [at(-1)], Values: [12.5] },
		{ Id: idOf("UnrecognizedByType", ""), Label: "42", Timestamps: [at(0)], Values: [1] },
		{ Id: idOf("UnrecognizedByType", ""), Label: "7", Timestamps: [at(-1)], Values: [2] },
		{ Id: idOf("ColdStart", "Sum"), StatusCode: "Complete" as const },
	];
	const { rows } = reportOf(widgets, frame, results);
	const graph = (title: string) =>
		rows.flatMap(({ graphs }) => graphs).find((one) => one.title === title);
	const received = graph("Callbacks taken")?.lines[0];
	expect(received).toMatchObject({ label: "Received", total: 7 });
	expect(received?.points.slice(-3)).toEqual([0, 3, 4]);
	const slow = graph("Time to the acknowledgement, ms")?.lines[1];
	expect(slow?.points.slice(-2)).toEqual([null, 12.5]);
	expect(slow).not.toHaveProperty("total");
	const types = graph("Unrecognized, by type of message")?.lines;
	expect(types?.map(({ label, total }) => [label, total])).toEqual([
		["type 42", 1],
		["type 7", 2],
	]);
	const cold = graph("Lambda time, ms, and cold starts")?.lines.filter((line) => line.isOnRight);
	expect(cold?.map(({ total }) => total)).toEqual([0, 0]);
	expect(rows.flatMap(({ graphs }) => graphs).flatMap(({ onlyOnAws }) => onlyOnAws)).toEqual([]);
});

test("an alarm has its rule, and the state that CloudWatch gives it", () => {
	const metric = { Namespace: "n", Dimensions: [{ Name: "service", Value: "s" }] };
	const described = [
		{
			...{ AlarmName: "r-prod-dead", AlarmDescription: "Look.", StateValue: "ALARM" },
			...{ ...metric, MetricName: "Dead", Statistic: "Maximum", Period: 60, Threshold: 1 },
			...{ ComparisonOperator: "GreaterThanOrEqualToThreshold", EvaluationPeriods: 1 },
			AlarmActions: ["arn:aws:sns:eu-central-1:123456789012:topic"],
		},
		{
			...{ AlarmName: "r-prod-silent", AlarmDescription: "Nothing came.", Threshold: 1 },
			...{ StateValue: "ALARM", AlarmActions: [], DatapointsToAlarm: 32, EvaluationPeriods: 32 },
			ComparisonOperator: "LessThanThreshold",
			Metrics: [
				{ Id: "watched", Expression: "FILL(count, 0)", ReturnData: true },
				{
					Id: "count",
					MetricStat: { Metric: { ...metric, MetricName: "Received" }, Period: 60, Stat: "Sum" },
					ReturnData: false,
				},
			],
		},
		{
			...{ AlarmName: "r-prod-silence", AlarmDescription: "", StateValue: "INSUFFICIENT_DATA" },
			...{ AlarmRule: 'ALARM("r-prod-silent") AND NOT ALARM("r-prod-quiet")' },
			AlarmActions: ["arn:aws:sns:eu-central-1:123456789012:topic"],
		},
		{ AlarmName: "r-prod-new", AlarmDescription: "", AlarmActions: ["x"] },
	];
	const { alarms, alarmFacts } = alarmsOf(described, "r-prod");
	expect(alarmFacts).toMatchObject({ silence: 30 });
	expect(alarms).toMatchObject([
		{ title: "dead", state: "alarm", rule: "Maximum(Dead) ≥ 1 · 1/1 × 60 s" },
		{ title: "silent", state: "on", rule: "FILL(Sum(Received), 0) < 1 · 32/32 × 60 s" },
		{ title: "silence", state: "noData", rule: 'ALARM("silent") AND NOT ALARM("quiet")' },
		{ title: "new", state: "unknown" },
	]);
});

test("a body that is none, or what an owner has added, breaks nothing", () => {
	for (const odd of ["", "[]", "{", '{"widgets":7}', '{"widgets":[1,{"type":"metric"}]}']) {
		expect(widgetsIn(odd)).toEqual([]);
	}
	const added = {
		widgets: [
			{ type: "log", properties: { query: "fields @message" } },
			{ type: "text", properties: { markdown: "## Mine" } },
			{
				type: "metric",
				properties: {
					title: "Mine",
					metrics: [["n", "m"], [".", "o"], [{ expression: "RATE(m1)" }], 5],
				},
			},
		],
	};
	const own = widgetsIn(JSON.stringify(added));
	expect(queriesOf(own, 60)).toHaveLength(1);
	expect(reportOf(own, frameOf(1, NOW), []).rows).toMatchObject([
		{ question: "Mine", graphs: [{ title: "Mine", lines: [{ label: "m", total: 0 }] }] },
	]);
});
