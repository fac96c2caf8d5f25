import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import { isProbe } from "./intake/probe.ts";
import type { RefusalReason } from "./intake/reply.ts";
import { hasLabel } from "./message/labels.ts";
import type { Conformance } from "./message/verdict.ts";
import type { Envelope } from "./storage/envelope.ts";
import type { Kept } from "./storage/keep.ts";
import { isOfMessage, isUntimed } from "./storage/row.ts";

/** What is counted, and what is measured in milliseconds or bytes. */
const UNITS = {
	Received: MetricUnit.Count,
	Documented: MetricUnit.Count,
	Corrected: MetricUnit.Count,
	Unrecognized: MetricUnit.Count,
	Refused: MetricUnit.Count,
	/** From the request's arrival to the acknowledgement of SQS. */
	EnqueueLatency: MetricUnit.Milliseconds,
	/** From the message's own time to its arrival here. */
	PlatformDelay: MetricUnit.Milliseconds,
	BodyBytes: MetricUnit.Bytes,
	/** Other callbacks than messages. */
	OtherCallbacks: MetricUnit.Count,
	/** What an owner has sent to see it become a row; no alarm may take it for a sign of life. */
	Probes: MetricUnit.Count,
	/** What the queue did not take and receive wrote itself. */
	WrittenDirectly: MetricUnit.Count,
	Stored: MetricUnit.Count,
	Duplicates: MetricUnit.Count,
	/** Rows that were not the first of their message. */
	Revisions: MetricUnit.Count,
	/** What the table did not take this time. */
	FailedItems: MetricUnit.Count,
	/** What can never be stored, and lies in the dead-letter queue. */
	DeadLetters: MetricUnit.Count,
	/** What only the last net has kept: our own code could not handle it. */
	Unexpected: MetricUnit.Count,
	/** What the platform has and no callback brought. */
	Missed: MetricUnit.Count,
	/** From the arrival of a callback to its row. */
	ReceiveToRow: MetricUnit.Milliseconds,
} as const;

const metrics = new Metrics();

/** Adds to a metric of this invocation. */
export function count(name: keyof typeof UNITS, amount = 1): void {
	metrics.addMetric(name, UNITS[name], amount);
}

/** Counts the first invocation of a process. */
export function countColdStart(functionName: string): void {
	metrics.captureColdStartMetric(functionName);
}

const CONFORMANCE_COUNTERS = {
	documented: "Documented",
	corrected: "Corrected",
	unrecognized: "Unrecognized",
} as const satisfies Record<Conformance, keyof typeof UNITS>;

/**
 * Counts a message by how it fits the schemas, and an unrecognized one by its type as well: a type
 * that nobody knows is the first sign that the platform has changed its format.
 */
function countConformance(conformance: Conformance, type: number | undefined): void {
	count(CONFORMANCE_COUNTERS[conformance]);
	if (conformance === "unrecognized") countBy("UnrecognizedByType", "type", typeDimension(type));
}

/** Each value is a metric to pay for, and the sender chooses it: so there are few. */
function typeDimension(type: number | undefined): string {
	if (type === undefined) return "none";
	return hasLabel(type) ? String(type) : "other";
}

/**
 * Counts what was kept of a request.
 *
 * @param timeEpoch when the request arrived, milliseconds since 1970.
 */
export function countKept(
	{ row, text }: Envelope,
	outcome: Kept["outcome"],
	timeEpoch: number,
): void {
	if (outcome === "written") count("WrittenDirectly");
	if (isProbe(row)) {
		count("Probes");
		return;
	}
	count("Received");
	count("EnqueueLatency", Date.now() - timeEpoch);
	count("BodyBytes", Buffer.byteLength(text));
	if (!isOfMessage(row)) {
		count("OtherCallbacks");
		return;
	}
	if (!isUntimed(row)) count("PlatformDelay", Math.max(0, timeEpoch - Date.parse(row.sentAt)));
	countConformance(row.conformance, row.type);
}

/** Counts a callback that was not taken. */
export function countRefusal(reason: RefusalReason): void {
	count("Refused");
	countBy("RefusedByReason", "reason", reason);
}

function countBy(name: string, dimension: string, value: string): void {
	const single = metrics.singleMetric();
	single.addDimension(dimension, value);
	single.addMetric(name, MetricUnit.Count, 1);
}

/** Writes what was counted as one line in CloudWatch's embedded metric format. */
export function publishCounts(): void {
	metrics.publishStoredMetrics();
}
