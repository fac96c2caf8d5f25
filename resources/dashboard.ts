import { refusals } from "../lib/intake/reply.ts";
import type { Words } from "../lib/words/en.ts";

const WIDTH = 24;
const HEIGHT = 6;

/** One metric of a widget, as the body of a dashboard has it. */
type Entry = readonly (string | Readonly<Record<string, string>>)[];

/** A question, and the graphs that answer it. */
type Row = readonly [
	question: string,
	graphs: readonly (readonly [title: string, metrics: readonly Entry[]])[],
];

/**
 * The widgets of the dashboard's body. From top to bottom they answer one question a row; the regions
 * of the metrics follow from where the stack is deployed.
 *
 * @param isCompared whether the stage has the function that compares it with the platform's history.
 */
export function dashboardWidgets(
	service: string,
	stage: string,
	tableName: string,
	{ questions, graphs, labels }: Words,
	isCompared = false,
): readonly object[] {
	const namespace = `${service}/${stage}`;
	const name = `${service}-${stage}`;
	const label = (...parts: readonly string[]): string =>
		parts.map((part) => labels[part] ?? part).join(" ");
	const ours = (metric: string, stat: string, told = metric): Entry => [
		namespace,
		metric,
		"service",
		service,
		{ stat, label: label(told) },
	];
	const ofReason = (reason: string): Entry => [
		namespace,
		"RefusedByReason",
		"reason",
		reason,
		"service",
		service,
		{ stat: "Sum", label: label(reason) },
	];
	const lambda = (metric: string, key: string, stat: string): Entry => [
		"AWS/Lambda",
		metric,
		"FunctionName",
		`${name}-${key}`,
		{ stat, label: label(key, metric, stat) },
	];
	const api = (metric: string, stat: string): Entry => [
		"AWS/ApiGateway",
		metric,
		"ApiId",
		"${HttpApi}",
		{ stat, label: label(metric, stat) },
	];
	const sqs = (metric: string, queue: string, stat: string): Entry => [
		"AWS/SQS",
		metric,
		"QueueName",
		`${name}-${queue}`,
		{ stat, label: label(queue, metric) },
	];
	const table = (metric: string): Entry => [
		"AWS/DynamoDB",
		metric,
		"TableName",
		tableName,
		{ stat: "Sum", label: label(metric) },
	];
	const logs = (key: string): Entry => [
		"AWS/Logs",
		"IncomingBytes",
		"LogGroupName",
		`/aws/lambda/${name}-${key}`,
		{ stat: "Sum", label: label(key, "LogBytes") },
	];

	const missed: Row = [
		questions.missed,
		[[graphs.missed, [ours("Missed", "Sum"), lambda("Errors", "compare", "Sum")]]],
	];
	const rows: readonly Row[] = [
		[
			questions.alive,
			[
				[graphs.taken, [ours("Received", "Sum"), ours("OtherCallbacks", "Sum")]],
				[graphs.api, [api("Count", "Sum"), api("4xx", "Sum"), api("5xx", "Sum")]],
				[
					graphs.acknowledgement,
					[
						api("Latency", "p50"),
						api("Latency", "p99"),
						lambda("Duration", "receive", "p99"),
						ours("EnqueueLatency", "p99"),
					],
				],
			],
		],
		[
			questions.refused,
			[
				[graphs.refused, [ours("Refused", "Sum")]],
				[graphs.reasons, Object.keys(refusals).map(ofReason)],
				[
					graphs.receive,
					[lambda("Errors", "receive", "Sum"), lambda("Throttles", "receive", "Sum")],
				],
			],
		],
		[
			questions.unknown,
			[
				[
					graphs.conformance,
					[ours("Documented", "Sum"), ours("Corrected", "Sum"), ours("Unrecognized", "Sum")],
				],
				[
					graphs.unrecognized,
					[
						[
							{
								// A namespace with a hyphen has to stand in quotes.
								// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
								expression: `SEARCH('{"${namespace}",service,type} MetricName="UnrecognizedByType"', 'Sum')`,
								id: "types",
							},
						],
					],
				],
			],
		],
		[
			questions.soon,
			[
				[graphs.toRow, [ours("ReceiveToRow", "p50", "p50"), ours("ReceiveToRow", "p99", "p99")]],
				[graphs.delay, [ours("PlatformDelay", "p50", "p50"), ours("PlatformDelay", "p99", "p99")]],
				[graphs.rows, [ours("Stored", "Sum"), ours("Revisions", "Sum"), ours("Duplicates", "Sum")]],
			],
		],
		[
			questions.stuck,
			[
				[graphs.age, [sqs("ApproximateAgeOfOldestMessage", "messages", "Maximum")]],
				[
					graphs.waiting,
					[
						sqs("ApproximateNumberOfMessagesVisible", "messages", "Maximum"),
						sqs("ApproximateNumberOfMessagesNotVisible", "messages", "Maximum"),
						sqs("ApproximateNumberOfMessagesVisible", "dead-letters", "Maximum"),
					],
				],
				[
					graphs.store,
					[
						ours("FailedItems", "Sum"),
						ours("DeadLetters", "Sum"),
						ours("Unexpected", "Sum"),
						ours("WrittenDirectly", "Sum"),
						lambda("Errors", "store", "Sum"),
						lambda("Throttles", "store", "Sum"),
						table("WriteThrottleEvents"),
					],
				],
			],
		],
		...(isCompared ? [missed] : []),
		[
			questions.cost,
			[
				[
					graphs.lambda,
					[
						lambda("Duration", "receive", "Sum"),
						lambda("Duration", "store", "Sum"),
						...["receive", "store"].map(
							(key): Entry => [
								namespace,
								"ColdStart",
								"function_name",
								`${name}-${key}`,
								"service",
								service,
								{ stat: "Sum", label: label(key, "ColdStart"), yAxis: "right" },
							],
						),
					],
				],
				[
					graphs.writes,
					[table("ConsumedWriteCapacityUnits"), sqs("NumberOfMessagesSent", "messages", "Sum")],
				],
				[graphs.bytes, [ours("BodyBytes", "Sum"), logs("receive"), logs("store")]],
			],
		],
	];
	return rows.flatMap(widgetsOf);
}

function widgetsOf([question, graphs]: Row, row: number): object[] {
	const y = row * (HEIGHT + 1);
	const width = WIDTH / graphs.length;
	return [
		{
			type: "text",
			x: 0,
			y,
			width: WIDTH,
			height: 1,
			properties: { markdown: `## ${question}`, background: "transparent" },
		},
		...graphs.map(([title, metrics], column) => ({
			type: "metric",
			x: column * width,
			y: y + 1,
			width,
			height: HEIGHT,
			properties: {
				title,
				metrics,
				view: "timeSeries",
				region: "${AWS::Region}",
				period: 60,
				yAxis: { left: { min: 0 } },
			},
		})),
	];
}
