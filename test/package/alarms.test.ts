import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import {
	type Choices,
	type CloudWatch,
	keyOf,
	openCloudWatch,
	type Rule,
	type State,
	type Transition,
	verdict,
} from "../../build/cloudwatch.ts";
import { refusals } from "../../lib/intake/reply.ts";
import { languages } from "../../lib/words/languages.ts";
import { projectRoot } from "../../local/definitions.ts";
import { alarmResources, alarmTable } from "../../resources/alarms.ts";
import { readQuietHours } from "../../resources/quiet-hours.ts";
import { type Package, packageStage, type Resource } from "./packaged.ts";

const TOKEN = "the-token-of-the-platform";
const SILENCE = 30;
const HOUR = 60;
const DAY = 24 * HOUR;
/** Shanghai, 08:00 on a day in November: minutes since 1970. */
const MORNING = Date.UTC(2026, 10, 23, 0, 0) / 60_000;
const NOON = MORNING + 4 * HOUR;
const EVENING = MORNING + 14 * HOUR;

/** What AWS does not document; every alarm has to be right with each. */
const CHOICES: readonly Choices[] = [
	{ extra: 0, late: 0, fillsNothing: true },
	{ extra: 2, late: 1, fillsNothing: true },
	{ extra: 5, late: 2, fillsNothing: true },
];

let quiet: Package;
let plain: Package;
beforeAll(async () => {
	[quiet, plain] = await Promise.all([
		packageStage("prod", `tokens=${TOKEN}`, "quietHours=22:00-08:00 Asia/Shanghai"),
		packageStage("prod", `tokens=${TOKEN}`),
	]);
}, 60_000);

const SERVICE = "miaohui-receiver";
const ours = (name: string, reason?: string): string =>
	keyOf(`${SERVICE}/prod`, name, [
		{ Name: "service", Value: SERVICE },
		...(reason === undefined ? [] : [{ Name: "reason", Value: reason }]),
	]);
const ofLambda = (name: string, key: string): string =>
	keyOf("AWS/Lambda", name, [{ Name: "FunctionName", Value: `${SERVICE}-prod-${key}` }]);
const ofQueue = (name: string, queue = "messages"): string =>
	keyOf("AWS/SQS", name, [{ Name: "QueueName", Value: `${SERVICE}-prod-${queue}` }]);
const ofApi = (name: string): string =>
	keyOf("AWS/ApiGateway", name, [{ Name: "ApiId", Value: { Ref: "HttpApi" } }]);

const VISIBLE = "ApproximateNumberOfMessagesVisible";
const HIDDEN = "ApproximateNumberOfMessagesNotVisible";

/** What a polled queue tells in each minute, even when nobody calls. */
function idle(watch: CloudWatch, from: number, to: number): void {
	for (let minute = from; minute < to; minute++) watch.put(ofQueue(VISIBLE), minute, 0);
}

/** Usual traffic: some callbacks a minute, all rows at once. */
function traffic(watch: CloudWatch, from: number, to: number): void {
	for (let minute = from; minute < to; minute++) {
		watch.put(ours("Received"), minute, 1, 1, 1);
		watch.put(ofApi("4xx"), minute, 0);
		watch.put(ofApi("5xx"), minute, 0);
		watch.put(ofApi("Latency"), minute, 40, 60, 90);
		watch.put(ofLambda("Errors", "receive"), minute, 0);
		watch.put(ofLambda("Errors", "store"), minute, 0);
		watch.put(ofLambda("Throttles", "store"), minute, 0);
		watch.put(ofQueue(VISIBLE), minute, 0);
		watch.put(ofQueue("NumberOfMessagesDeleted"), minute, 3);
	}
}

function open(template: Package, choices: Choices): CloudWatch {
	return openCloudWatch(template.resources, `${SERVICE}-prod`, choices);
}

const told = (transitions: readonly Transition[], state: State): string[] =>
	transitions.filter(({ to, isTold }) => to === state && isTold).map(({ title }) => title);
const firstAt = (transitions: readonly Transition[], wanted: string, state: State): number =>
	transitions.find(({ title, to }) => title === wanted && to === state)?.at ?? Number.NaN;

interface Failure {
	readonly what: string;
	/** Data of one minute of it. */
	readonly minute: (watch: CloudWatch, minute: number) => void;
	readonly lasts: number;
	/** Who has to tell of it, within how many minutes, and how many after its end it is over at the latest. */
	readonly alarms: Readonly<Record<string, readonly [within: number, over: number]>>;
	/** Whether the usual traffic goes on. */
	readonly isSilent?: true;
	/** Data of one minute of the time after it. */
	readonly recovery?: (watch: CloudWatch, minute: number) => void;
}

const refusedByToken = (watch: CloudWatch, minute: number): void => {
	watch.put(ours("RefusedByReason", "token"), minute, 1, 1);
	watch.put(ofApi("4xx"), minute, 1, 1);
};

const failures: readonly Failure[] = [
	{
		what: "nobody calls any more",
		minute: (watch, minute) => idle(watch, minute, minute + 1),
		lasts: 2 * HOUR,
		alarms: { silence: [SILENCE + 5, 5] },
		isSilent: true,
	},
	{
		what: "the token was changed",
		minute: refusedByToken,
		lasts: 15,
		alarms: { authentication: [5, 15] },
	},
	{
		what: "API Gateway throttles",
		minute: (watch, minute) => watch.put(ofApi("4xx"), minute, 1, 1),
		lasts: 15,
		alarms: { "turned-away": [6, 15] },
	},
	{
		what: "receive dies at every start",
		minute(watch, minute) {
			watch.put(ofApi("5xx"), minute, 1);
			watch.put(ofLambda("Errors", "receive"), minute, 1);
		},
		lasts: 10,
		alarms: { failing: [3, 5] },
	},
	{
		what: "there is no concurrency for receive",
		minute: (watch, minute) => watch.put(ofApi("5xx"), minute, 1),
		lasts: 10,
		alarms: { failing: [3, 5] },
	},
	{
		what: "queue and table are both away",
		minute(watch, minute) {
			watch.put(ofApi("5xx"), minute, 1);
			watch.put(ours("RefusedByReason", "unavailable"), minute, 1);
		},
		lasts: 10,
		alarms: { failing: [3, 5] },
	},
	{
		what: "SQS is slow",
		minute: (watch, minute) => watch.put(ofApi("Latency"), minute, 2_600, 2_700, 2_800),
		lasts: 30,
		alarms: { slow: [14, 20] },
	},
	{
		what: "SQS takes nothing",
		minute: (watch, minute) => watch.put(ours("WrittenDirectly"), minute, 1),
		lasts: 10,
		alarms: { "written-directly": [3, 20] },
	},
	{
		what: "the platform sends a new shape",
		minute: (watch, minute) => watch.put(ours("Unrecognized"), minute, 1),
		lasts: 30,
		alarms: { unrecognized: [8, 40] },
	},
	{
		what: "a mistake of ours shows",
		minute: (watch, minute) => watch.put(ours("Unexpected"), minute, 1),
		lasts: 1,
		alarms: { unexpected: [3, 20] },
	},
	{
		what: "store dies on every batch",
		minute(watch, minute) {
			watch.put(ofLambda("Errors", "store"), minute, 1);
			watch.put(ofQueue(HIDDEN), minute, 30);
			watch.put(ofQueue("NumberOfMessagesDeleted"), minute, -3);
		},
		lasts: 20,
		alarms: { "store-errors": [2, 8], waiting: [6, 10] },
	},
	{
		what: "store is not called",
		minute(watch, minute) {
			watch.put(ofQueue(VISIBLE), minute, 30);
			watch.put(ofQueue("NumberOfMessagesDeleted"), minute, -3);
		},
		lasts: 20,
		alarms: { waiting: [6, 10] },
	},
	{
		what: "the table is away, and everything has been received more than three times",
		minute(watch, minute) {
			watch.put(ours("FailedItems"), minute, 10);
			watch.put(ofQueue(HIDDEN), minute, 500);
			watch.put(ofQueue("NumberOfMessagesDeleted"), minute, -3);
		},
		lasts: 3 * HOUR,
		alarms: { "failed-items": [3, 45], waiting: [6, 10] },
	},
	{
		what: "a message can never be stored",
		minute: (watch, minute) => watch.put(ours("DeadLetters"), minute, 1),
		lasts: 1,
		alarms: { "dead-letters": [3, 30] },
	},
	{
		what: "a dead letter lies for four days",
		minute: (watch, minute) => watch.put(ofQueue(VISIBLE, "dead-letters"), minute, 1),
		lasts: 4 * DAY,
		// A queue is active for some hours after the last call.
		recovery: (watch, minute) => watch.put(ofQueue(VISIBLE, "dead-letters"), minute, 0),
		alarms: { "dead-letters": [3, 30], "dead-letters-old": [3 * DAY + HOUR, 7 * HOUR] },
	},
];

describe.each(CHOICES)("with %o", (choices) => {
	test.each(failures)("$what", ({ minute, lasts, alarms, isSilent, recovery }) => {
		// Whole days need not have a night here: `plain` knows of none.
		const watch = open(plain, choices);
		const end = NOON + lasts;
		const after = end + 8 * HOUR;
		traffic(watch, MORNING, NOON);
		if (!isSilent) traffic(watch, NOON, end);
		for (let now = NOON; now < end; now++) minute(watch, now);
		traffic(watch, end, after);
		for (let now = end; now < after; now++) recovery?.(watch, now);
		expect(told(watch.run(MORNING, NOON), "ALARM")).toEqual([]);
		const transitions = watch.run(NOON, after);
		expect(told(transitions, "ALARM").toSorted()).toEqual(Object.keys(alarms).toSorted());
		for (const [title, [within, over]] of Object.entries(alarms)) {
			expect(firstAt(transitions, title, "ALARM") - NOON, title).toBeLessThanOrEqual(
				within + choices.late,
			);
			const isOver = transitions.filter(({ title: one, to }) => one === title && to === "OK");
			expect((isOver.at(-1)?.at ?? 0) - end, title).toBeLessThanOrEqual(
				over + choices.extra + choices.late,
			);
			expect(watch.state(title)).toBe("OK");
		}
	});

	test("silence is told within its minutes and five more, and not before them", () => {
		const watch = open(plain, choices);
		traffic(watch, MORNING, NOON);
		idle(watch, NOON, NOON + 2 * HOUR);
		const at = firstAt(watch.run(MORNING, NOON + 2 * HOUR), "silence", "ALARM") - NOON;
		expect(at).toBeGreaterThanOrEqual(SILENCE);
		expect(at).toBeLessThanOrEqual(SILENCE + 5);
	});
});

test.each<[string, number, (watch: CloudWatch, minute: number) => void]>([
	["failing", 1, (watch, minute) => watch.put(ofApi("5xx"), minute, 1)],
	[
		"authentication",
		3,
		(watch, minute) => {
			watch.put(ours("RefusedByReason", "token"), minute, 1);
			watch.put(ofApi("4xx"), minute, 1);
		},
	],
	["turned-away", 3, (watch, minute) => watch.put(ofApi("4xx"), minute, 1)],
	["written-directly", 1, (watch, minute) => watch.put(ours("WrittenDirectly"), minute, 1)],
	// Of 45 in a quarter of an hour: 6.7 %, and 4.4 %.
	["unrecognized", 3, (watch, minute) => watch.put(ours("Unrecognized"), minute, 1)],
	["unexpected", 1, (watch, minute) => watch.put(ours("Unexpected"), minute, 1)],
	["store-errors", 1, (watch, minute) => watch.put(ofLambda("Throttles", "store"), minute, 1)],
	["failed-items", 1, (watch, minute) => watch.put(ours("FailedItems"), minute, 1)],
	["dead-letters", 1, (watch, minute) => watch.put(ours("DeadLetters"), minute, 1)],
])("%s is told at %i, and not at one less", (title, least, put) => {
	for (const times of [least, least - 1]) {
		const watch = open(plain, { extra: 0, late: 0, fillsNothing: true });
		traffic(watch, NOON - HOUR, NOON + HOUR);
		for (let n = 0; n < times; n++) put(watch, NOON);
		const expected = times === least ? [title] : [];
		expect([...new Set(told(watch.run(NOON - HOUR, NOON + HOUR), "ALARM"))]).toEqual(expected);
	}
});

describe.each([true, false])(
	"FILL of a metric without any data gives its value: %s",
	(fillsNothing) => {
		const choices = { extra: 3, late: 1, fillsNothing };

		test("day one: nobody is told of anything before the first callback ever", () => {
			for (const template of [plain, quiet]) {
				const watch = open(template, choices);
				idle(watch, MORNING, MORNING + 3 * DAY);
				expect(told(watch.run(MORNING, MORNING + 3 * DAY), "ALARM")).toEqual([]);
			}
		});

		test("a day with a quiet night tells nobody of anything; without quietHours it does", () => {
			const night = (template: Package): string[] => {
				const watch = open(template, choices);
				for (const day of [0, DAY]) {
					traffic(watch, MORNING + day + 5, EVENING + day - 10);
					idle(watch, EVENING + day - 10, MORNING + day + DAY + 5);
				}
				return told(watch.run(MORNING, MORNING + 2 * DAY), "ALARM");
			};
			expect(night(quiet)).toEqual([]);
			expect(night(plain)).toEqual(["silence", "silence"]);
		});

		test("a morning without callbacks is told when the quiet hours and the silence are over", () => {
			const watch = open(quiet, choices);
			traffic(watch, MORNING, EVENING);
			idle(watch, EVENING, MORNING + DAY + 2 * HOUR);
			const transitions = watch.run(MORNING, MORNING + DAY + 2 * HOUR);
			const at = firstAt(transitions, "silence", "ALARM") - (MORNING + DAY);
			expect(at).toBeGreaterThanOrEqual(SILENCE);
			expect(at).toBeLessThanOrEqual(SILENCE + 5);
			expect(told(transitions, "OK")).not.toContain("silence");
		});

		test("a silence that begins just before the quiet hours is not told in them", () => {
			const watch = open(quiet, choices);
			traffic(watch, MORNING, EVENING - SILENCE - 1);
			idle(watch, EVENING - SILENCE - 1, EVENING + HOUR);
			expect(told(watch.run(MORNING, EVENING + HOUR), "ALARM")).toEqual([]);
		});
	},
);

test("every alarm that tells somebody has a failure here", () => {
	const tells = Object.values(plain.resources).flatMap(({ Properties }) =>
		Properties.AlarmActions ? String(Properties.AlarmName).replace(`${SERVICE}-prod-`, "") : [],
	);
	expect(tells.toSorted()).toEqual(
		[...new Set(failures.flatMap(({ alarms }) => Object.keys(alarms)))].toSorted(),
	);
});

test("each failure that the platform can see is counted by exactly one alarm", () => {
	const answers = [
		...Object.entries(refusals).map(([reason, { status }]) => ({ status, reason })),
		// What API Gateway answers by itself, and what it makes of a receive that died or got no room.
		...[413, 429, 500, 503, 504].map((status) => ({ status, reason: undefined })),
	];
	for (const { status, reason } of answers) {
		const watch = open(plain, { extra: 2, late: 0, fillsNothing: true });
		traffic(watch, NOON - 10, NOON + 10);
		for (let n = 0; n < 3; n++) {
			watch.put(ofApi(status < 500 ? "4xx" : "5xx"), NOON + n, 1);
			if (reason) watch.put(ours("RefusedByReason", reason), NOON + n, 1);
		}
		const expected =
			status >= 500 ? "failing" : reason === "token" ? "authentication" : "turned-away";
		expect(told(watch.run(NOON - 10, NOON + 10), "ALARM"), `${status} ${reason}`).toEqual([
			expected,
		]);
	}
});

test("the table of docs/operations.md is that of the alarms", async () => {
	const docs = await readFile(`${projectRoot}/docs/operations.md`, "utf8");
	const quietHours = readQuietHours("22:00-08:00 Asia/Shanghai", 2026);
	const all = { silenceMinutes: SILENCE, quietHours, history: {} };
	expect(docs).toContain(alarmTable(all, languages.en));
});

test("no alarm looks back further, or at more, than CloudWatch allows", () => {
	const longest = { silenceMinutes: 1_400, quietHours: { from: 0, to: 1 }, alarmEmail: "" };
	const alarms = Object.values(alarmResources("s", "prod", longest, languages.en))
		.map((resource): Resource => Object(resource))
		.filter(({ Type }) => Type === "AWS::CloudWatch::Alarm");
	expect(alarms).toHaveLength(16);
	for (const { Properties } of alarms) {
		const { AlarmName, Metrics, Period, EvaluationPeriods } = Properties;
		const parts = (Array.isArray(Metrics) ? Metrics : []).flatMap(
			(one) => Object(one).MetricStat ?? [],
		);
		const [period, ...others] = new Set([...parts.map((part) => part.Period), Period]);
		// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
		const most = Number(period) < 3_600 ? 86_400 : 604_800;
		expect(others.filter(Boolean), String(AlarmName)).toEqual([]);
		expect(parts.length, String(AlarmName)).toBeLessThanOrEqual(10);
		expect(Number(period) * Number(EvaluationPeriods), String(AlarmName)).toBeLessThanOrEqual(most);
	}
});

test.each(Object.values(languages))(
	"what an alarm says fits into its description, and into JSON as it is: $tag",
	({ alarms }) => {
		const texts = Object.values(alarms({ stage: "s".repeat(40), silence: 1_400, pause: 35 }));
		expect(texts).toHaveLength(18);
		for (const { fires, toDo } of texts) {
			// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
			expect(`${fires} ${toDo}`.length).toBeLessThanOrEqual(1_024);
			// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
			expect(`${fires} ${toDo}`).not.toMatch(/["\\<>\p{Cc}]/u);
		}
	},
);

test("what can decide nothing any more is forgotten: npm start runs for weeks", () => {
	const watch = open(plain, { extra: 0, late: 0, fillsNothing: true });
	const sizes = [1, 2, 3, 4, 5].map((day) => {
		const from = MORNING + day * DAY;
		for (let minute = from; minute < from + DAY; minute++) {
			watch.put(ofQueue(VISIBLE, "dead-letters"), minute, 0);
			watch.put(ofApi("5xx"), minute, 0);
			watch.put("a metric that no alarm watches", minute, 0);
		}
		watch.run(from + DAY - 1, from + DAY);
		return watch.size();
	});
	// The alarm that looks back farthest has twelve periods of six hours.
	expect(sizes.at(-1)).toBe(sizes.at(-2));
	expect(sizes.at(-1)).toBeGreaterThanOrEqual(3 * DAY);
	expect(sizes.at(-1)).toBeLessThan(4 * DAY);
});

describe("the model says what the tables of AWS's documentation say", () => {
	const value = (mark: string): number | undefined =>
		mark === "X" ? 1 : mark === "0" ? 0 : undefined;
	const ask = (m: number, n: number, marks: string, missing: string): State => {
		const rule: Rule = {
			evaluationPeriods: n,
			datapointsToAlarm: m,
			isBreaching: (one) => one >= 1,
			missing,
		};
		return verdict(rule, marks.split(" ").map(value), "INSUFFICIENT_DATA");
	};
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html; "retain"
	// is INSUFFICIENT_DATA here.
	test.each<[number, number, string, State, State, State]>([
		[3, 3, "0 - X - X", "OK", "OK", "OK"],
		[3, 3, "0 - - - -", "OK", "OK", "OK"],
		[3, 3, "- - - - -", "INSUFFICIENT_DATA", "ALARM", "OK"],
		[3, 3, "0 X X - X", "ALARM", "ALARM", "ALARM"],
		[3, 3, "- - X - -", "INSUFFICIENT_DATA", "ALARM", "OK"],
		[2, 3, "0 - X - X", "ALARM", "ALARM", "ALARM"],
		[2, 3, "0 0 X 0 X", "ALARM", "ALARM", "ALARM"],
		[2, 3, "0 - X - -", "OK", "ALARM", "OK"],
		[2, 3, "- - - - 0", "OK", "ALARM", "OK"],
		[2, 3, "- - - X -", "INSUFFICIENT_DATA", "ALARM", "OK"],
	])("%i of %i, %s", (m, n, marks, ignore, breaching, notBreaching) => {
		expect(ask(m, n, marks, "ignore")).toBe(ignore);
		expect(ask(m, n, marks, "breaching")).toBe(breaching);
		expect(ask(m, n, marks, "notBreaching")).toBe(notBreaching);
	});
});
