import { descriptionOf } from "../lib/words/alarm.ts";
import type { AlarmFacts, AlarmTitle, Words } from "../lib/words/en.ts";
import type { Settings } from "./parameters.ts";
import { DAY, inDay } from "./quiet-hours.ts";

/** A metric as CloudFormation names it. */
interface Metric {
	readonly Namespace: string;
	readonly MetricName: string;
	readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** One metric, or an expression over some of the same period. */
type Watched =
	| { readonly metric: Metric; readonly stat: string }
	| {
			readonly expression: string;
			readonly parts: Readonly<Record<string, readonly [metric: Metric, stat: string]>>;
	  };

/** What an alarm is; what a person is told of it stands in the words of each language. */
interface Alarm {
	readonly id: string;
	readonly title: AlarmTitle;
}

interface MetricAlarm extends Alarm {
	readonly watched: Watched;
	readonly periodSeconds: number;
	/** How many of the last so many periods have to be wrong; 1 of 1 when left out. */
	readonly datapoints?: number;
	readonly of?: number;
	readonly isWrong: readonly [comparison: ">=" | ">" | "<", threshold: number];
	readonly missing: "breaching" | "notBreaching" | "ignore";
	/** Not told anybody by itself: it serves another alarm, or deployments. */
	readonly isSilent?: true;
}

/** Wrong when some alarms are on and others are not. */
interface CompositeAlarm extends Alarm {
	readonly on: readonly AlarmTitle[];
	readonly off: readonly AlarmTitle[];
	/** Whether somebody is told when it is over. */
	readonly tellsEnd: boolean;
}

const MINUTE = 60;
const HOUR = 3_600;

/** How many minutes an alarm may take to see the clock: for so long before, quiet hours are quiet. */
const QUIET_LEAD = 3;

/** What CloudWatch may be late with the counts of a minute; with it, silence is not told too early. */
const LATE_MINUTES = 2;

/**
 * The longest that store lets a message wait between two tries, and a little more: so long a failure
 * may have no other after it and still go on.
 */
const LONGEST_PAUSE_MINUTES = 35;

/** The metrics of a queue without messages come up to 15 minutes late when the first message comes. */
const SQS_WAKES_MINUTES = 20;

/** What the alarms depend on. */
export type AlarmSettings = Pick<Settings, "silenceMinutes" | "quietHours"> & {
	/** Whether the stage compares itself with the platform's history. */
	readonly history?: object | undefined;
};

/** What their words depend on beside the stage. */
export function minutesOf({
	silenceMinutes,
}: Pick<Settings, "silenceMinutes">): Omit<AlarmFacts, "stage"> {
	return { silence: silenceMinutes, pause: LONGEST_PAUSE_MINUTES };
}

/** For how long there has to be no callback, of the resource of the alarm `silent`, in minutes. */
export function silenceOf(silent: Readonly<Record<string, unknown>>): number {
	return Number(silent.EvaluationPeriods) - LATE_MINUTES;
}

/**
 * All alarms of a stage.
 *
 * Those that could miss a minute whose counts come late look at several: `FILL` has put a 0 there
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html).
 */
export function alarmsOf(
	service: string,
	stage: string,
	{ silenceMinutes, quietHours, history }: AlarmSettings,
): readonly (MetricAlarm | CompositeAlarm)[] {
	const ours = (name: string, dimensions: Readonly<Record<string, string>> = {}): Metric =>
		metric(`${service}/${stage}`, name, { service, ...dimensions });
	const lambda = (name: string, key: string): Metric =>
		metric("AWS/Lambda", name, { FunctionName: `${service}-${stage}-${key}` });
	const sqs = (name: string, queue: string): Metric =>
		metric("AWS/SQS", name, { QueueName: `${service}-${stage}-${queue}` });
	const api = (name: string): Metric =>
		metric("AWS/ApiGateway", name, { ApiId: { Ref: "HttpApi" } });
	const token = ours("RefusedByReason", { reason: "token" });
	const waiting = sqs("ApproximateNumberOfMessagesVisible", "messages");

	return [
		{
			id: "SilentAlarm",
			title: "silent",
			watched: sumOf(ours("Received")),
			periodSeconds: MINUTE,
			datapoints: silenceMinutes + LATE_MINUTES,
			of: silenceMinutes + LATE_MINUTES,
			isWrong: ["<", 1],
			missing: "breaching",
			isSilent: true,
		},
		{
			id: "BegunAlarm",
			title: "begun",
			watched: { metric: ours("Received"), stat: "Sum" },
			periodSeconds: MINUTE,
			isWrong: [">=", 1],
			missing: "ignore",
			isSilent: true,
		},
		...(quietHours === undefined
			? []
			: [
					{
						id: "QuietHoursAlarm",
						title: "quiet-hours",
						// A queue that is polled has this count in every minute.
						watched: {
							expression: clockExpression(
								inDay(quietHours.from - QUIET_LEAD),
								inDay(quietHours.to + silenceMinutes),
							),
							parts: { waiting: [waiting, "Maximum"] },
						},
						periodSeconds: MINUTE,
						isWrong: [">=", 1],
						missing: "ignore",
						isSilent: true,
					} satisfies MetricAlarm,
				]),
		{
			id: "SilenceAlarm",
			title: "silence",
			on: ["silent", "begun"],
			off: quietHours === undefined ? [] : ["quiet-hours"],
			// The quiet hours end it, too, and a false all-clear is worse than none.
			tellsEnd: quietHours === undefined,
		},
		{
			id: "FailingAlarm",
			title: "failing",
			watched: { metric: api("5xx"), stat: "Sum" },
			periodSeconds: MINUTE,
			isWrong: [">=", 1],
			missing: "notBreaching",
		},
		{
			id: "AuthenticationAlarm",
			title: "authentication",
			watched: sumOf(token),
			periodSeconds: 5 * MINUTE,
			isWrong: [">=", 3],
			missing: "notBreaching",
		},
		{
			id: "TurnedAwayAlarm",
			title: "turned-away",
			watched: {
				expression: "FILL(refused, 0) - FILL(token, 0)",
				parts: { refused: [api("4xx"), "Sum"], token: [token, "Sum"] },
			},
			periodSeconds: 5 * MINUTE,
			isWrong: [">=", 3],
			missing: "notBreaching",
		},
		{
			id: "SlowAlarm",
			title: "slow",
			watched: { metric: api("Latency"), stat: "p99" },
			periodSeconds: 5 * MINUTE,
			datapoints: 2,
			of: 2,
			isWrong: [">", 2_000],
			missing: "notBreaching",
		},
		{
			id: "WrittenDirectlyAlarm",
			title: "written-directly",
			watched: sumOf(ours("WrittenDirectly")),
			periodSeconds: 5 * MINUTE,
			isWrong: [">=", 1],
			missing: "notBreaching",
		},
		{
			id: "UnrecognizedAlarm",
			title: "unrecognized",
			watched: {
				expression: "100 * FILL(unrecognized, 0) / received",
				parts: {
					unrecognized: [ours("Unrecognized"), "Sum"],
					received: [ours("Received"), "Sum"],
				},
			},
			periodSeconds: 15 * MINUTE,
			isWrong: [">", 5],
			missing: "notBreaching",
		},
		{
			id: "UnexpectedAlarm",
			title: "unexpected",
			watched: sumOf(ours("Unexpected")),
			periodSeconds: 5 * MINUTE,
			isWrong: [">=", 1],
			missing: "notBreaching",
		},
		{
			id: "StoreErrorsAlarm",
			title: "store-errors",
			watched: {
				expression: "FILL(errors, 0) + FILL(throttles, 0)",
				parts: {
					errors: [lambda("Errors", "store"), "Sum"],
					throttles: [lambda("Throttles", "store"), "Sum"],
				},
			},
			periodSeconds: MINUTE,
			datapoints: 1,
			of: 3,
			isWrong: [">=", 1],
			missing: "notBreaching",
		},
		{
			id: "FailedItemsAlarm",
			title: "failed-items",
			watched: { metric: ours("FailedItems"), stat: "Sum" },
			periodSeconds: MINUTE,
			datapoints: 1,
			of: LONGEST_PAUSE_MINUTES,
			isWrong: [">=", 1],
			missing: "notBreaching",
		},
		{
			id: "WaitingAlarm",
			title: "waiting",
			// SQS leaves what was received more than three times out of the age of its oldest message, but
			// counts it. What comes in a steady stream is never all away: this is the time it takes to clear.
			watched: {
				expression: "FILL(visible, 0) + FILL(hidden, 0) - 3 * FILL(done, 0)",
				parts: {
					visible: [waiting, "Maximum"],
					hidden: [sqs("ApproximateNumberOfMessagesNotVisible", "messages"), "Maximum"],
					done: [sqs("NumberOfMessagesDeleted", "messages"), "Sum"],
				},
			},
			periodSeconds: MINUTE,
			datapoints: 3,
			of: 5,
			isWrong: [">", 0],
			missing: "notBreaching",
		},
		{
			id: "DeadLettersAlarm",
			title: "dead-letters",
			watched: {
				expression: "FILL(moved, 0) + FILL(lying, 0)",
				parts: {
					moved: [ours("DeadLetters"), "Sum"],
					lying: [sqs("ApproximateNumberOfMessagesVisible", "dead-letters"), "Maximum"],
				},
			},
			periodSeconds: MINUTE,
			datapoints: 1,
			of: SQS_WAKES_MINUTES,
			isWrong: [">=", 1],
			missing: "notBreaching",
		},
		{
			id: "DeadLettersOldAlarm",
			title: "dead-letters-old",
			watched: {
				metric: sqs("ApproximateNumberOfMessagesVisible", "dead-letters"),
				stat: "Maximum",
			},
			periodSeconds: 6 * HOUR,
			datapoints: 12,
			of: 12,
			isWrong: [">=", 1],
			missing: "notBreaching",
		},
		...(history === undefined
			? []
			: [
					{
						id: "MissedAlarm",
						title: "missed",
						// A comparison that fails tells nothing, and that has to be told as well.
						watched: {
							expression: "FILL(missed, 0) + FILL(errors, 0)",
							parts: {
								missed: [ours("Missed"), "Sum"],
								errors: [lambda("Errors", "compare"), "Sum"],
							},
						},
						periodSeconds: 5 * MINUTE,
						isWrong: [">=", 1],
						missing: "notBreaching",
					} satisfies MetricAlarm,
				]),
		{
			id: "ReceiveErrorsAlarm",
			title: "receive-errors",
			watched: { metric: lambda("Errors", "receive"), stat: "Sum" },
			periodSeconds: MINUTE,
			isWrong: [">=", 1],
			missing: "notBreaching",
			isSilent: true,
		},
	];
}

/**
 * A count that is not there is 0. Without this, an alarm on a count that comes seldom looks at older
 * periods, which begin anew with each minute, and goes on and off.
 */
function sumOf(metric: Metric): Watched {
	return { expression: "FILL(count, 0)", parts: { count: [metric, "Sum"] } };
}

/** 1 in the minutes of the day (in UTC) from the first to before the second, else 0. */
function clockExpression(from: number, to: number): string {
	const minute = "60 * HOUR(FILL(waiting, 0)) + MINUTE(FILL(waiting, 0))";
	const [after, before] = [`${minute} >= ${from}`, `${minute} < ${to === 0 ? DAY : to}`];
	return `IF((${after}) ${from < to || to === 0 ? "AND" : "OR"} (${before}), 1, 0)`;
}

function metric(
	Namespace: string,
	MetricName: string,
	dimensions: Readonly<Record<string, unknown>>,
): Metric {
	const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
	return { Namespace, MetricName, Dimensions };
}

const COMPARISONS = {
	">=": "GreaterThanOrEqualToThreshold",
	">": "GreaterThanThreshold",
	"<": "LessThanThreshold",
} as const;

/** The alarms and who is told of them, as CloudFormation resources by their logical ids. */
export function alarmResources(
	service: string,
	stage: string,
	settings: AlarmSettings & Pick<Settings, "alarmEmail">,
	words: Words,
): Readonly<Record<string, object>> {
	const prefix = `${service}-${stage}`;
	const alarms = alarmsOf(service, stage, settings);
	const { alarmEmail } = settings;
	const texts = words.alarms({ ...minutesOf(settings), stage });
	const resources: Record<string, object> = {
		AlarmTopic: { Type: "AWS::SNS::Topic", Properties: { TopicName: `${prefix}-alarms` } },
	};
	if (alarmEmail !== "") {
		resources.AlarmEmail = {
			Type: "AWS::SNS::Subscription",
			Properties: { TopicArn: TOPIC, Protocol: "email", Endpoint: alarmEmail },
		};
	}
	for (const alarm of alarms) {
		const named = {
			AlarmName: `${prefix}-${alarm.title}`,
			AlarmDescription: descriptionOf(texts[alarm.title], words),
		};
		resources[alarm.id] =
			"on" in alarm
				? compositeResource(prefix, named, alarm, alarms)
				: metricResource(named, alarm);
	}
	return resources;
}

const TOPIC = { Ref: "AlarmTopic" };

function metricResource(named: object, alarm: MetricAlarm): object {
	const { watched, periodSeconds, datapoints = 1, of = 1, isWrong, missing } = alarm;
	const [comparison, Threshold] = isWrong;
	return {
		Type: "AWS::CloudWatch::Alarm",
		Properties: {
			...named,
			...(alarm.isSilent !== true && { AlarmActions: [TOPIC], OKActions: [TOPIC] }),
			...("metric" in watched
				? { ...watched.metric, ...statisticOf(watched.stat), Period: periodSeconds }
				: { Metrics: queriesOf(watched, periodSeconds) }),
			EvaluationPeriods: of,
			...(datapoints !== of && { DatapointsToAlarm: datapoints }),
			ComparisonOperator: COMPARISONS[comparison],
			Threshold,
			TreatMissingData: missing,
		},
	};
}

function compositeResource(
	prefix: string,
	named: object,
	alarm: CompositeAlarm,
	alarms: readonly Alarm[],
): object {
	const { on, off, tellsEnd } = alarm;
	const state = (other: string): string => `ALARM("${prefix}-${other}")`;
	return {
		Type: "AWS::CloudWatch::CompositeAlarm",
		// It names them, so they have to be there before.
		DependsOn: alarms.filter((other) => [...on, ...off].includes(other.title)).map(({ id }) => id),
		Properties: {
			...named,
			AlarmActions: [TOPIC],
			...(tellsEnd && { OKActions: [TOPIC] }),
			AlarmRule: [...on.map(state), ...off.map((other) => `NOT ${state(other)}`)].join(" AND "),
		},
	};
}

function statisticOf(stat: string): object {
	return stat.startsWith("p") ? { ExtendedStatistic: stat } : { Statistic: stat };
}

function queriesOf(
	{ expression, parts }: Extract<Watched, { expression: string }>,
	Period: number,
): object[] {
	return [
		{ Id: "watched", Expression: expression, ReturnData: true },
		...Object.entries(parts).map(([Id, [Metric, Stat]]) => ({
			Id,
			MetricStat: { Metric, Period, Stat },
			ReturnData: false,
		})),
	];
}

/** The table of docs/operations.md. */
export function alarmTable(settings: AlarmSettings, { alarms, alarmHeads }: Words): string {
	const texts = alarms({ ...minutesOf(settings), stage: "NAME" });
	const rows = alarmsOf("", "", settings).map(({ title }) => {
		const { fires, firesNot, toDo } = texts[title];
		return `| \`${title}\` | ${fires} | ${firesNot} | ${toDo} |`;
	});
	return [`| ${alarmHeads.join(" | ")} |`, "|---|---|---|---|", ...rows].join("\n");
}
