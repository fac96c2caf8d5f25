import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Conformance } from "./verdict.ts";

/** What is counted, one per callback or message. */
export type Counter =
	| "Received"
	| "Documented"
	| "Corrected"
	| "Unrecognized"
	| "Refused"
	| "Stored"
	| "Duplicates"
	| "FailedItems";

/** Logs one JSON object a line. Never give it a message's text, a name or a token. */
export const logger = new Logger();

const metrics = new Metrics();

/** Adds to a metric of this invocation. */
export function count(counter: Counter, amount = 1): void {
	metrics.addMetric(counter, MetricUnit.Count, amount);
}

const COUNTERS = {
	documented: "Documented",
	corrected: "Corrected",
	unrecognized: "Unrecognized",
} as const satisfies Record<Conformance, Counter>;

/**
 * Counts a message by how it fits the schemas, and an unrecognized one by its type as well: a type
 * that nobody knows is the first sign that the platform has changed its format.
 */
export function countConformance(conformance: Conformance, type: number | undefined): void {
	count(COUNTERS[conformance]);
	if (conformance !== "unrecognized") return;
	const byType = metrics.singleMetric();
	byType.addDimension("type", String(type ?? "none"));
	byType.addMetric("UnrecognizedByType", MetricUnit.Count, 1);
}

/** Writes what was counted as one line in CloudWatch's embedded metric format. */
export function publishCounts(): void {
	metrics.publishStoredMetrics();
}

/**
 * What may be logged of an error: its name and where it came from. Messages of the SDK quote item
 * sizes and hosts, those of a parser quote its input; the former help, the latter must not be seen.
 */
export function describe(error: unknown): { name: string; message: string } {
	if (!(error instanceof Error)) return { name: "unknown", message: "" };
	return {
		name: error.name,
		message: error instanceof SyntaxError ? "" : error.message,
	};
}
