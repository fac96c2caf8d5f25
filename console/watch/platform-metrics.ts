import { refusals } from "../../lib/intake/reply.ts";
import type { LogEvent } from "./log-line.ts";
import type { Metric, Sample } from "./metrics.ts";

/** The namespaces of AWS's own metrics that this run can tell, and which of them. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
	"AWS/ApiGateway": ["Count", "4xx", "5xx", "Latency"],
	"AWS/Lambda": ["Duration"],
	"AWS/SQS": [
		"ApproximateNumberOfMessagesVisible",
		"ApproximateNumberOfMessagesNotVisible",
		"ApproximateAgeOfOldestMessage",
		"NumberOfMessagesSent",
		"NumberOfMessagesDeleted",
	],
};

/** Whether a metric is measured here: the product's own are, of AWS's own some. */
export function isMeasured({ namespace, name }: Metric): boolean {
	return !namespace.startsWith("AWS/") || (KNOWN[namespace]?.includes(name) ?? false);
}

/**
 * What AWS would count on its own side of what the functions' log tells.
 *
 * @param prefix of the names of functions and queues.
 * @param now milliseconds since 1970.
 */
export function platformSamples(event: LogEvent, prefix: string, now: number): Sample[] {
	switch (event.event) {
		case "taken":
			return [
				apiSample("Count", now),
				...(event.place === "queued"
					? [sqsSample("NumberOfMessagesSent", `${prefix}-messages`, 1, now)]
					: []),
			];
		case "kept":
			return [sqsSample("NumberOfMessagesDeleted", `${prefix}-messages`, 1, now)];
		case "refused": {
			const name = refusals[event.reason].status < 500 ? "4xx" : "5xx";
			return [apiSample("Count", now), apiSample(name, now)];
		}
		case "ran":
			return [
				{
					namespace: "AWS/Lambda",
					name: "Duration",
					dimensions: { FunctionName: `${prefix}-${event.functionKey}` },
					value: event.ms,
					at: now,
				},
			];
		default:
			return [];
	}
}

/** A value of the API. */
export function apiSample(name: string, at: number, value = 1): Sample {
	// The template refers to the API by the name of its resource.
	const dimensions = { ApiId: "$" + "{HttpApi}" };
	return { namespace: "AWS/ApiGateway", name, dimensions, value, at };
}

/** A value of a queue. */
export function sqsSample(name: string, queueName: string, value: number, at: number): Sample {
	return { namespace: "AWS/SQS", name, dimensions: { QueueName: queueName }, value, at };
}
