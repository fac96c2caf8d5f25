import { type RefusalReason, refusals } from "../../lib/intake/reply.ts";
import { events } from "../../lib/log-events.ts";
import {
	type Fields,
	isObject,
	numberOf,
	parseObject,
	wordOf,
} from "../../lib/message/json-text.ts";
import type { RowKey } from "../../lib/storage/row.ts";
import type { Outcome } from "../../lib/storage/table.ts";
import type { Journey } from "../protocol.ts";
import { given } from "./fields.ts";
import type { Sample } from "./metrics.ts";

/** What a line of the functions' log tells. Times are ISO 8601 in ms. */
export type LogEvent = Taken | Kept | NotStored | Refused | Counted | Ran;

/** Receive has made a request safe. */
export interface Taken {
	readonly event: "taken";
	readonly at: string;
	readonly place: NonNullable<Journey["place"]>;
	readonly requestId: string;
	readonly sqsMessageId?: string;
	/** As the log has it: cut when it is long. */
	readonly messageId?: string;
	readonly chatId?: string;
	readonly type?: number;
}

/** Store has found or written the row. */
export interface Kept extends RowKey {
	readonly event: "kept";
	readonly at: string;
	readonly outcome: Outcome;
	readonly sqsMessageId: string;
}

/** A try of store went wrong. */
export interface NotStored {
	readonly event: "notStored";
	readonly at: string;
	readonly sqsMessageId: string;
	readonly reason: string;
	/** No try can store it: it lies in the dead-letter queue. */
	readonly isForEver: boolean;
	/** The row that it would have been, when that much was readable. */
	readonly row?: RowKey;
}

/** Receive did not acknowledge a request. */
export interface Refused {
	readonly event: "refused";
	readonly reason: RefusalReason;
}

/** A line of CloudWatch's embedded metric format. */
export interface Counted {
	readonly event: "counted";
	readonly samples: readonly Sample[];
}

/** A function has run; the emulator says so, as the platform does on AWS. */
export interface Ran {
	readonly event: "ran";
	readonly functionKey: string;
	readonly ms: number;
}

/**
 * Reads a line of the functions' log.
 *
 * @returns what it tells, or undefined for what the page has no use for.
 */
export function readLogLine(line: string): LogEvent | undefined {
	const ran = /^\(λ: (\w+)\) RequestId: \S+ +Duration: ([\d.]+) ms/.exec(line);
	if (ran?.[1] !== undefined) return { event: "ran", functionKey: ran[1], ms: Number(ran[2]) };
	const fields = parseObject(line);
	if (fields === undefined) return undefined;
	if (isObject(fields._aws)) return { event: "counted", samples: samplesOf(fields, fields._aws) };
	switch (fields.message) {
		case events.queued:
		case events.written:
			return taken(fields, fields.message);
		case events.stored:
		case events.revision:
		case events.duplicate:
			return kept(fields, fields.message);
		case events.notStored:
			return notStored(fields, false);
		case events.setAside:
			return notStored(fields, true);
		case events.refused:
			return refused(fields.reason);
		// The queue did not take it either: receive tries it first.
		case events.notWritten:
			return refused("unavailable");
		default:
			return undefined;
	}
}

function taken(fields: Fields, place: Taken["place"]): Taken {
	return {
		event: "taken",
		at: wordOf(fields.timestamp) ?? "",
		place,
		requestId: wordOf(fields.requestId) ?? "",
		...given("sqsMessageId", wordOf(fields.sqsMessageId)),
		...given("messageId", wordOf(fields.messageId)),
		...given("chatId", wordOf(fields.chatId)),
		...given("type", numberOf(fields.type)),
	};
}

function kept(fields: Fields, outcome: Kept["outcome"]): Kept | undefined {
	const { timestamp, sqsMessageId, pk, sk } = fields;
	if (typeof pk !== "string" || typeof sk !== "string") return undefined;
	return {
		event: "kept",
		at: wordOf(timestamp) ?? "",
		outcome,
		sqsMessageId: wordOf(sqsMessageId) ?? "",
		pk,
		sk,
	};
}

function notStored(
	{ timestamp, sqsMessageId, reason, pk, sk }: Fields,
	isForEver: boolean,
): NotStored {
	const { name, message } = isObject(reason) ? reason : {};
	return {
		event: "notStored",
		isForEver,
		at: wordOf(timestamp) ?? "",
		sqsMessageId: wordOf(sqsMessageId) ?? "",
		reason: [name, message].filter((word) => wordOf(word) !== undefined).join(": "),
		...(typeof pk === "string" && typeof sk === "string" && { row: { pk, sk } }),
	};
}

function refused(reason: unknown): Refused | undefined {
	return typeof reason === "string" && isReason(reason) ? { event: "refused", reason } : undefined;
}

/** Whether a word is why receive refuses a request. */
export function isReason(word: string): word is RefusalReason {
	return Object.hasOwn(refusals, word);
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
function samplesOf(fields: Fields, { Timestamp, CloudWatchMetrics }: Fields): Sample[] {
	const directives = Array.isArray(CloudWatchMetrics) ? CloudWatchMetrics.filter(isObject) : [];
	const at = numberOf(Timestamp) ?? 0;
	return directives.flatMap(({ Namespace, Dimensions, Metrics }) => {
		const names: unknown = Array.isArray(Dimensions) ? Dimensions[0] : [];
		const dimensions = Object.fromEntries(
			(Array.isArray(names) ? names : []).map((name) => [name, String(fields[name])]),
		);
		const metrics = Array.isArray(Metrics) ? Metrics.filter(isObject) : [];
		return metrics.flatMap(({ Name }) => {
			const name = wordOf(Name) ?? "";
			return [fields[name]]
				.flat()
				.filter((value) => typeof value === "number")
				.map((value) => ({ namespace: wordOf(Namespace) ?? "", name, dimensions, value, at }));
		});
	});
}
