import type { AlarmResource } from "../build/cloudwatch.ts";
import type { Widget } from "../build/dashboard-picture.ts";
import type { DeadLetter } from "../lib/archive/dead-letters.ts";
import type { CallbackItem, MessageItem } from "../lib/archive/item.ts";
import type { QueueCounts } from "../lib/archive/queue-counts.ts";
import type { Patience } from "../lib/storage/patience.ts";
import type { RowKey } from "../lib/storage/row.ts";

/**
 * What a console stands before: all that it shows and does goes through here, and nothing of it is
 * more than an owner of a deployed stage may ask and do.
 */
export interface Stage {
	readonly callbackUrl: string;
	/** What the platform would send; it is put into requests, and shown nowhere. */
	readonly token: string;
	/** All that must not be shown, the token included. */
	readonly secrets: readonly string[];
	readonly isOpenToAnyone: boolean;
	/** Whether the functions write a line a message, from which the console lives. */
	readonly isLogged: boolean;
	readonly patience: Patience;
	readonly queueName: string;
	readonly deadLetterQueueName: string;
	readonly dashboard: readonly Widget[];
	/** The alarms, as the template has them. */
	readonly alarms: Readonly<Record<string, AlarmResource>>;

	/** Every row of a message, page by page, in no order. */
	rows(): AsyncIterable<readonly MessageItem[]>;
	/** A row's text; undefined when a part of it is missing. */
	textOf(row: MessageItem | CallbackItem): Promise<string | undefined>;
	/** The message that a row belongs to. */
	message(key: RowKey): Promise<StoredMessage | undefined>;
	/** The rows of other callbacks, of one path or all, page by page, in no order. */
	callbacks(path?: string): AsyncIterable<readonly CallbackItem[]>;

	/** Shows what lies in the dead-letter queue; it stays there. */
	peek(): Promise<readonly DeadLetter[]>;
	/** Sends dead letters back to the queue: one, or all. */
	redrive(sqsMessageId?: string): Promise<void>;
	/** Deletes one dead letter, for ever. */
	discard(sqsMessageId: string): Promise<void>;

	feel(): Promise<Pulse>;
	/** @returns how to stop. */
	followLog(onLine: (line: string) => void): Promise<() => Promise<void>>;
	/** Tells requests as the API sees them, where somebody can. @returns how to stop. */
	followRequests?(onRequest: (request: SeenRequest) => void): () => void;
	/** Takes the table away, or brings it back, where that can be played. */
	setTable?(isThere: boolean): Promise<void>;
	close(): void;
}

/** One row of a message with its text; undefined when a part of that is missing. */
export interface StoredRow {
	readonly row: MessageItem;
	readonly text: string | undefined;
}

/** All rows of a message, in the order of their arrival. */
export interface StoredMessage {
	readonly fullest: StoredRow;
	readonly revisions: readonly StoredRow[];
}

/** Whether the parts answer, and what the queues hold; of what is away nothing is known. */
export interface Pulse {
	readonly isApiUp: boolean;
	readonly isTableUp: boolean;
	readonly queue?: QueuePulse;
	readonly deadLetterQueue?: QueuePulse;
}

/** What a queue tells of itself. */
export type QueuePulse = Pick<QueueCounts, "visible" | "hidden">;

/** A request below the base URL as it came, and its answer. */
export interface SeenRequest {
	readonly id: string;
	/** ISO 8601 in ms. */
	readonly at: string;
	readonly method: string;
	/** With its query. */
	readonly url: string;
	readonly headers: Readonly<Record<string, string>>;
	/** Missing when it was too large to be read. */
	readonly body?: Uint8Array;
	readonly status: number;
	readonly answer: string;
	readonly ms: number;
}
