"use strict";
const { refusals } = require("../lib/intake/reply.ts");

const WIDTH = 24;
const HEIGHT = 6;

/**
 * The dashboard's body. From top to bottom it answers one question a row; the regions of the metrics
 * follow from where the stack is deployed.
 */
module.exports = async ({ resolveVariable }) => {
	const [service, stage] = await Promise.all(["self:service", "sls:stage"].map(resolveVariable));
	const namespace = `${service}/${stage}`;
	const name = `${service}-${stage}`;
	const ours = (metric, stat, label = metric) => [
		namespace,
		metric,
		"service",
		service,
		{ stat, label },
	];
	const ofReason = (reason) => [
		namespace,
		"RefusedByReason",
		"reason",
		reason,
		"service",
		service,
		{ stat: "Sum", label: reason },
	];
	const lambda = (metric, key, stat) => [
		"AWS/Lambda",
		metric,
		"FunctionName",
		`${name}-${key}`,
		{ stat, label: `${key} ${metric} ${stat}` },
	];
	const api = (metric, stat) => [
		"AWS/ApiGateway",
		metric,
		"ApiId",
		"${HttpApi}",
		{ stat, label: `${metric} ${stat}` },
	];
	const sqs = (metric, queue, stat) => [
		"AWS/SQS",
		metric,
		"QueueName",
		`${name}-${queue}`,
		{ stat, label: `${queue} ${metric}` },
	];
	const table = (metric) => [
		"AWS/DynamoDB",
		metric,
		"TableName",
		`${name}-messages`,
		{ stat: "Sum", label: metric },
	];
	const logs = (key) => [
		"AWS/Logs",
		"IncomingBytes",
		"LogGroupName",
		`/aws/lambda/${name}-${key}`,
		{ stat: "Sum", label: `${key} log bytes` },
	];

	const rows = [
		[
			"Is the URL alive?",
			[
				["Callbacks taken", [ours("Received", "Sum"), ours("OtherCallbacks", "Sum")]],
				[
					"Requests and errors of the API",
					[api("Count", "Sum"), api("4xx", "Sum"), api("5xx", "Sum")],
				],
				[
					"Time to the acknowledgement, ms",
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
			"Is anything refused?",
			[
				["Refused", [ours("Refused", "Sum")]],
				["Refused, by reason", Object.keys(refusals).map(ofReason)],
				[
					"Receive: errors and throttles",
					[lambda("Errors", "receive", "Sum"), lambda("Throttles", "receive", "Sum")],
				],
			],
		],
		[
			"Is anything not understood?",
			[
				[
					"Conformance",
					[ours("Documented", "Sum"), ours("Corrected", "Sum"), ours("Unrecognized", "Sum")],
				],
				[
					"Unrecognized, by type of message",
					[
						[
							{
								expression: `SEARCH('{${namespace},service,type} MetricName="UnrecognizedByType"', 'Sum')`,
								id: "types",
							},
						],
					],
				],
			],
		],
		[
			"How long until a message is a row?",
			[
				[
					"From callback to row, ms",
					[ours("ReceiveToRow", "p50", "p50"), ours("ReceiveToRow", "p99", "p99")],
				],
				[
					"From the platform's time to the callback, ms",
					[ours("PlatformDelay", "p50", "p50"), ours("PlatformDelay", "p99", "p99")],
				],
				[
					"Rows, revisions and duplicates",
					[ours("Stored", "Sum"), ours("Revisions", "Sum"), ours("Duplicates", "Sum")],
				],
			],
		],
		[
			"Is anything stuck?",
			[
				[
					"Age of the oldest message, s",
					[sqs("ApproximateAgeOfOldestMessage", "messages", "Maximum")],
				],
				[
					"Waiting, and dead letters",
					[
						sqs("ApproximateNumberOfMessagesVisible", "messages", "Maximum"),
						sqs("ApproximateNumberOfMessagesNotVisible", "messages", "Maximum"),
						sqs("ApproximateNumberOfMessagesVisible", "dead-letters", "Maximum"),
					],
				],
				[
					"Store: failed items, errors, throttles",
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
		[
			"What does it cost?",
			[
				[
					"Lambda time, ms, and cold starts",
					[
						lambda("Duration", "receive", "Sum"),
						lambda("Duration", "store", "Sum"),
						...["receive", "store"].map((key) => [
							namespace,
							"ColdStart",
							"function_name",
							`${name}-${key}`,
							"service",
							service,
							{ stat: "Sum", label: `${key} cold starts`, yAxis: "right" },
						]),
					],
				],
				[
					"Writes to the table, and messages sent",
					[table("ConsumedWriteCapacityUnits"), sqs("NumberOfMessagesSent", "messages", "Sum")],
				],
				["Bytes of bodies and of logs", [ours("BodyBytes", "Sum"), logs("receive"), logs("store")]],
			],
		],
	];
	return { "Fn::Sub": JSON.stringify({ widgets: rows.flatMap(widgetsOf) }) };
};

function widgetsOf([question, graphs], row) {
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
