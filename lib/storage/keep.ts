import { budgets } from "./budgets.ts";
import type { Connection } from "./connection.ts";
import type { Envelope } from "./envelope.ts";
import { openQueue } from "./queue.ts";
import { itemsOf } from "./record.ts";
import type { AwsAccess } from "./sqs.ts";
import type { Put } from "./table.ts";

/** Where messages are to be kept. */
export interface Places {
	readonly queueUrl: string;
	readonly aws: AwsAccess;
	readonly tableName: string;
	/** How long a row is kept; for ever when undefined. */
	readonly retentionDays: number | undefined;
}

/** Where a message is safe, if anywhere. */
export type Kept =
	| { readonly outcome: "queued"; readonly sqsMessageId: string }
	| { readonly outcome: "written" | "lost" };

/** Makes an envelope safe; tells of each place that did not take it. */
export type Keep = (
	envelope: Envelope,
	onFailure: (place: "the queue" | "the table", error: unknown) => void,
) => Promise<Kept>;

/**
 * Two independent ways to keep a message: the queue, and when that does not take it, the table itself
 * through the same code. The table's client is loaded only then, so that a usual cold start
 * does not pay for it. A message that took both ways, because the queue's answer was lost, is one
 * row all the same.
 */
export function openKeeper(places: Places, connection?: Connection): Keep {
	const queue = openQueue(places.queueUrl, places.aws, connection);
	let put: Put | undefined;
	return async (envelope, onFailure) => {
		try {
			return { outcome: "queued", sqsMessageId: await queue.send(envelope) };
		} catch (error) {
			onFailure("the queue", error);
		}
		try {
			put ??= (await import("./table.ts")).openTable(places.tableName, budgets.receive.table);
			await put(itemsOf(envelope, places.retentionDays));
			return { outcome: "written" };
		} catch (error) {
			onFailure("the table", error);
			return { outcome: "lost" };
		}
	};
}
