"use strict";

/**
 * The alarms and who is told of them, as CloudFormation resources. Each description says what to do: it is all that the
 * e-mail shows.
 */
module.exports = async ({ resolveVariable }) => {
	const [service, stage] = await Promise.all(["self:service", "sls:stage"].map(resolveVariable));
	const { alarmEmail, silenceMinutes: silence } = await resolveVariable("self:custom.settings");
	const namespace = `${service}/${stage}`;
	const name = `${service}-${stage}`;
	const ours = (MetricName, dimensions = {}) =>
		metric(namespace, MetricName, { service, ...dimensions });
	const lambda = (MetricName, functionKey) =>
		metric("AWS/Lambda", MetricName, { FunctionName: `${name}-${functionKey}` });
	const sqs = (MetricName, queue) =>
		metric("AWS/SQS", MetricName, { QueueName: `${name}-${queue}` });

	return {
		AlarmTopic: { Type: "AWS::SNS::Topic", Properties: { TopicName: `${name}-alarms` } },
		...(alarmEmail && { AlarmEmail: subscription(alarmEmail) }),
		SilenceAlarm: alarm(name, "silence", {
			...ours("Received"),
			Statistic: "Sum",
			Period: silence * 60,
			ComparisonOperator: "LessThanThreshold",
			Threshold: 1,
			// A counter that nobody counts has no data at all.
			TreatMissingData: "breaching",
			AlarmDescription: `No callback for ${silence} minutes. The platform has probably switched the URL off (10 failed callbacks in 3 minutes do that for 30 minutes): look at the rows "Is the URL alive" and "Is anything refused" of the dashboard, mend the cause, check the URL in the platform's console, then fetch the gap from the platform's message history.`,
		}),
		AuthenticationAlarm: alarm(name, "authentication", {
			...ours("RefusedByReason", { reason: "token" }),
			Statistic: "Sum",
			Period: 300,
			ComparisonOperator: "GreaterThanOrEqualToThreshold",
			Threshold: 3,
			AlarmDescription:
				"Callbacks with a missing or wrong token are refused, and so are lost. If the token was changed in the platform's console, deploy with both: --param tokens=new,old. Otherwise somebody else knows the URL.",
		}),
		UnrecognizedAlarm: alarm(name, "unrecognized", {
			Metrics: [
				share("share", "100 * FILL(unrecognized, 0) / received"),
				part("unrecognized", ours("Unrecognized"), 900),
				part("received", ours("Received"), 900),
			],
			ComparisonOperator: "GreaterThanThreshold",
			Threshold: 5,
			AlarmDescription:
				"More than 5 % of the messages match no known shape. They are kept. Run: npm run --silent review -- --stage NAME. The platform has probably changed its format: add a correction, deploy, then run review -- --revalidate.",
		}),
		ReceiveErrorsAlarm: alarm(name, "receive-errors", {
			...lambda("Errors", "receive"),
			Statistic: "Sum",
			Period: 60,
			ComparisonOperator: "GreaterThanOrEqualToThreshold",
			Threshold: 1,
			AlarmDescription:
				"Receive crashed or timed out, and the platform counts that against the URL. Look at the function's log; if it began with a deployment, roll that back first.",
		}),
		ReceiveThrottlesAlarm: alarm(name, "receive-throttles", {
			...lambda("Throttles", "receive"),
			Statistic: "Sum",
			Period: 60,
			ComparisonOperator: "GreaterThanOrEqualToThreshold",
			Threshold: 1,
			AlarmDescription:
				"Lambda refuses to run receive: the account's concurrency is used up (a new account may have 10). Ask for a higher quota, or find what else uses it.",
		}),
		ReceiveSlowAlarm: alarm(name, "receive-slow", {
			...lambda("Duration", "receive"),
			ExtendedStatistic: "p99",
			Period: 300,
			EvaluationPeriods: 2,
			ComparisonOperator: "GreaterThanThreshold",
			Threshold: 2000,
			AlarmDescription:
				"The slowest percent of the acknowledgements takes more than 2 s; the platform retries slow callbacks and then switches the URL off. Look at EnqueueLatency on the dashboard and at the health page of SQS in the region.",
		}),
		UnavailableAlarm: alarm(name, "unavailable", {
			...ours("RefusedByReason", { reason: "unavailable" }),
			Statistic: "Sum",
			Period: 60,
			ComparisonOperator: "GreaterThanOrEqualToThreshold",
			Threshold: 1,
			AlarmDescription:
				"Neither the queue nor the table took a message, and the platform was asked to send it again. Look at the health pages of SQS and DynamoDB in the region and at the rights of the receive role.",
		}),
		WrittenDirectlyAlarm: alarm(name, "written-directly", {
			...ours("WrittenDirectly"),
			Statistic: "Sum",
			Period: 300,
			ComparisonOperator: "GreaterThanOrEqualToThreshold",
			Threshold: 1,
			AlarmDescription:
				"The queue did not take messages, so receive wrote them to the table itself. Nothing is lost, but acknowledgements are slow. Look at the health page of SQS in the region and at the rights of the receive role.",
		}),
		OldestMessageAlarm: alarm(name, "oldest-message", {
			...sqs("ApproximateAgeOfOldestMessage", "messages"),
			Statistic: "Maximum",
			Period: 60,
			EvaluationPeriods: 3,
			ComparisonOperator: "GreaterThanThreshold",
			Threshold: 180,
			AlarmDescription:
				"Messages wait for more than 3 minutes before they become rows. Nothing is lost: the queue keeps them for 4 days. Look at the store function's errors and at throttling of the table.",
		}),
		FailedItemsAlarm: alarm(name, "failed-items", {
			...ours("FailedItems"),
			Statistic: "Sum",
			Period: 300,
			EvaluationPeriods: 2,
			ComparisonOperator: "GreaterThanOrEqualToThreshold",
			Threshold: 1,
			AlarmDescription:
				"Messages could not be written in this try; each has five. The store function's log names the reason. Lambda's own Errors metric does not see this.",
		}),
		UnexpectedAlarm: alarm(name, "unexpected", {
			...ours("Unexpected"),
			Statistic: "Sum",
			Period: 60,
			ComparisonOperator: "GreaterThanOrEqualToThreshold",
			Threshold: 1,
			AlarmDescription:
				"A message met a fault in this receiver's own code or keys. It is kept, as an unrecognized row without its attributes. Its log line names the error: report it, deploy the mended version, then run review -- --revalidate.",
		}),
		DeadLettersAlarm: alarm(name, "dead-letters", {
			...sqs("ApproximateNumberOfMessagesVisible", "dead-letters"),
			Statistic: "Maximum",
			Period: 60,
			ComparisonOperator: "GreaterThanOrEqualToThreshold",
			Threshold: 1,
			AlarmDescription:
				"A message failed five times and lies in the dead-letter queue, for 14 days. Find the reason in the store function's log, mend it, then start a redrive of that queue.",
		}),
	};
};

function subscription(Endpoint) {
	return {
		Type: "AWS::SNS::Subscription",
		Properties: { TopicArn: { Ref: "AlarmTopic" }, Protocol: "email", Endpoint },
	};
}

function metric(Namespace, MetricName, dimensions) {
	const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
	return { Namespace, MetricName, Dimensions };
}

function share(Id, Expression) {
	return { Id, Expression, Label: `${Id} in percent`, ReturnData: true };
}

function part(Id, Metric, Period) {
	return { Id, MetricStat: { Metric, Period, Stat: "Sum" }, ReturnData: false };
}

function alarm(prefix, title, properties) {
	return {
		Type: "AWS::CloudWatch::Alarm",
		Properties: {
			AlarmName: `${prefix}-${title}`,
			EvaluationPeriods: 1,
			TreatMissingData: "notBreaching",
			AlarmActions: [{ Ref: "AlarmTopic" }],
			OKActions: [{ Ref: "AlarmTopic" }],
			...properties,
		},
	};
}
