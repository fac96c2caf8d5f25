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

/** What an alarm is, and what a person is told of it, in the e-mail and in docs/operations.md. */
interface Alarm {
	readonly id: string;
	readonly title: string;
	readonly fires: string;
	readonly firesNot: string;
	readonly toDo: string;
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
	readonly on: readonly string[];
	readonly off: readonly string[];
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

/**
 * All alarms of a stage.
 *
 * Those that could miss a minute whose counts come late look at several: `FILL` has put a 0 there
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html).
 */
export function alarmsOf(
	service: string,
	stage: string,
	{ silenceMinutes, quietHours }: Pick<Settings, "silenceMinutes" | "quietHours">,
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
			fires: `No callback for ${silenceMinutes} minutes.`,
			firesNot: "It tells nobody: `silence` does.",
			toDo: "See the alarm silence.",
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
			fires: "The first callback of this stage has come.",
			firesNot:
				"It tells nobody, and stays on: `silence` needs it, so that a new stage is not reported.",
			toDo: "Nothing: it says that the URL is in use.",
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
						fires: `It is one of the quiet hours, or less than ${silenceMinutes} minutes after them.`,
						firesNot: "It tells nobody: `silence` waits for its end.",
						toDo: "Nothing: it is a clock.",
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
			fires: `No callback for ${silenceMinutes} minutes, though there have been some before.`,
			firesNot:
				"Before the first callback ever; in `quietHours` and for `silenceMinutes` after them.",
			toDo: 'The platform has probably switched the URL off (10 failed callbacks in 3 minutes do that for 30 minutes): look at the rows "Is the URL alive" and "Is anything refused" of the dashboard, mend the cause, check the URL in the platform\'s console, then fetch the gap from the platform\'s message history.',
			on: ["silent", "begun"],
			off: quietHours === undefined ? [] : ["quiet-hours"],
			// The quiet hours end it, too, and a false all-clear is worse than none.
			tellsEnd: quietHours === undefined,
		},
		{
			id: "FailingAlarm",
			title: "failing",
			fires: "A callback got a 5xx, whoever gave it.",
			firesNot: "Refusals (4xx).",
			toDo: "The platform counts that against the URL. On the dashboard: refused with reason unavailable means that neither queue nor table took a message (health pages of SQS and DynamoDB, rights of the receive role); errors of receive mean that it crashed or timed out (its log; if it began with a deployment, take that back first); throttles mean that the account's concurrency is used up (a new account has 10: ask for more, or set receiveConcurrency); none of these means API Gateway itself.",
			watched: { metric: api("5xx"), stat: "Sum" },
			periodSeconds: MINUTE,
			isWrong: [">=", 1],
			missing: "notBreaching",
		},
		{
			id: "AuthenticationAlarm",
			title: "authentication",
			fires: "Three callbacks in 5 minutes had a missing or wrong token.",
			firesNot: "One or two: somebody tries URLs.",
			toDo: "What is refused is lost. If the token was changed in the platform's console, deploy with both: tokens=new,old. Otherwise somebody else knows the URL.",
			watched: sumOf(token),
			periodSeconds: 5 * MINUTE,
			isWrong: [">=", 3],
			missing: "notBreaching",
		},
		{
			id: "TurnedAwayAlarm",
			title: "turned-away",
			fires:
				"Three callbacks in 5 minutes got a 4xx for another reason than their token, from receive or from API Gateway.",
			firesNot: "Wrong tokens (`authentication`) and 5xx (`failing`).",
			toDo: 'What is refused is lost. The dashboard\'s row "Is anything refused" names the reason if receive gave one (empty, notJson, tooLarge, unrecognized); if not, API Gateway did: 429 above throttleRate (raise it), 413 above 10 MB.',
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
			fires: "The slowest percent of the answers takes more than 2 s, for 10 minutes.",
			firesNot: "A single cold start.",
			toDo: "The platform sends slow callbacks again and then switches the URL off. Look at EnqueueLatency on the dashboard and at the health page of SQS in the region.",
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
			fires: "The queue did not take a message, and receive wrote it to the table itself.",
			firesNot: "Slow answers of the queue.",
			toDo: "Nothing is lost, but answers are slow. Look at the health page of SQS in the region and at the rights of the receive role.",
			watched: sumOf(ours("WrittenDirectly")),
			periodSeconds: 5 * MINUTE,
			isWrong: [">=", 1],
			missing: "notBreaching",
		},
		{
			id: "UnrecognizedAlarm",
			title: "unrecognized",
			fires: "More than 5 % of the callbacks of 15 minutes match no known shape.",
			firesNot: "Single unknown messages among many.",
			toDo: "They are kept. Run: npm run --silent review -- --stage NAME. The platform has probably changed its format: add a correction, deploy, then run review -- --revalidate.",
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
			fires: "An error that nobody had foreseen; the message was kept as it came.",
			firesNot: "Anything that the contract names.",
			toDo: "Nothing is lost. It is a mistake in this program: npm run --silent review -- --stage NAME shows the message with the error's name, the log the rest. Mend it, deploy, then run review -- --revalidate.",
			watched: sumOf(ours("Unexpected")),
			periodSeconds: 5 * MINUTE,
			isWrong: [">=", 1],
			missing: "notBreaching",
		},
		{
			id: "StoreErrorsAlarm",
			title: "store-errors",
			fires: "Store crashed, timed out, or was not allowed to run, within the last 3 minutes.",
			firesNot: "Single messages that could not be written (`failed-items`).",
			toDo: "Nothing is lost: the messages wait for 14 days. Look at the function's log; throttles mean that the account's concurrency is used up. If it began with a deployment, take that back.",
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
			fires: `The table did not take a message, within the last ${LONGEST_PAUSE_MINUTES} minutes.`,
			firesNot: "A call that a second try mends.",
			toDo: "Nothing is lost, and nothing is to be done when the table is only away: the messages wait for 14 days and become rows by themselves. The store function's log names the reason. Look at the health page of DynamoDB, at throttling of the table, at the store role's rights and the table's name.",
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
			fires: "More messages wait than are stored in 3 minutes, for 3 of 5 minutes.",
			firesNot: "A burst that store is working off.",
			toDo: "Nothing is lost: the queue keeps them for 14 days. With failed-items or store-errors beside it, see there. Alone: store is not called (is its event source enabled? does its role still read the queue?) or has too little storeConcurrency.",
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
			fires: "A message can never be stored, and lies in the dead-letter queue.",
			firesNot: "A table that is away: such messages wait.",
			toDo: "It stays there for 14 days. npm run --silent dead-letters -- --stage NAME shows it with its reason; mend that, deploy, then: npm run redrive -- --stage NAME.",
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
			fires: "There have been dead letters for 3 days.",
			firesNot: "Dead letters that were moved back in time.",
			toDo: "They are deleted 14 days after they came. npm run --silent dead-letters -- --stage NAME shows them; mend the cause and move them back, or keep a copy: npm run redrive -- --stage NAME.",
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
		{
			id: "ReceiveErrorsAlarm",
			title: "receive-errors",
			fires: "Receive crashed or timed out.",
			firesNot: "It tells nobody: `failing` does. A deployment is taken back by it.",
			toDo: "See the alarm failing.",
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
	settings: Pick<Settings, "silenceMinutes" | "quietHours" | "alarmEmail">,
): Readonly<Record<string, object>> {
	const prefix = `${service}-${stage}`;
	const alarms = alarmsOf(service, stage, settings);
	const { alarmEmail } = settings;
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
		resources[alarm.id] =
			"on" in alarm ? compositeResource(prefix, alarm, alarms) : metricResource(prefix, alarm);
	}
	return resources;
}

const TOPIC = { Ref: "AlarmTopic" };

function metricResource(prefix: string, alarm: MetricAlarm): object {
	const { title, watched, periodSeconds, datapoints = 1, of = 1, isWrong, missing } = alarm;
	const [comparison, Threshold] = isWrong;
	return {
		Type: "AWS::CloudWatch::Alarm",
		Properties: {
			AlarmName: `${prefix}-${title}`,
			AlarmDescription: descriptionOf(alarm),
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
	alarm: CompositeAlarm,
	alarms: readonly Alarm[],
): object {
	const { title, on, off, tellsEnd } = alarm;
	const state = (other: string): string => `ALARM("${prefix}-${other}")`;
	return {
		Type: "AWS::CloudWatch::CompositeAlarm",
		// It names them, so they have to be there before.
		DependsOn: alarms.filter((other) => [...on, ...off].includes(other.title)).map(({ id }) => id),
		Properties: {
			AlarmName: `${prefix}-${title}`,
			AlarmDescription: descriptionOf(alarm),
			AlarmActions: [TOPIC],
			...(tellsEnd && { OKActions: [TOPIC] }),
			AlarmRule: [...on.map(state), ...off.map((other) => `NOT ${state(other)}`)].join(" AND "),
		},
	};
}

/** All that the e-mail shows. */
function descriptionOf({ fires, toDo }: Alarm): string {
	return `${fires} ${toDo}`;
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
export function alarmTable(settings: Pick<Settings, "silenceMinutes" | "quietHours">): string {
	const rows = alarmsOf("", "", settings).map(
		({ title, fires, firesNot, toDo }) => `| \`${title}\` | ${fires} | ${firesNot} | ${toDo} |`,
	);
	return ["| alarm | fires | fires not | what to do |", "|---|---|---|---|", ...rows].join("\n");
}
