import type { AlarmResource } from "../build/cloudwatch.ts";
import type { Widget } from "../build/dashboard-picture.ts";
import type { DeadLetters } from "../lib/archive/dead-letters.ts";
import type { MessageItem } from "../lib/archive/item.ts";
import type { QueueCounts } from "../lib/archive/queue-counts.ts";
import type { Reader } from "../lib/archive/reader.ts";
import type { Patience } from "../lib/storage/patience.ts";
import type { AlarmFacts } from "../lib/words/en.ts";
import type { AlarmState, Dashboard, Filled } from "./protocol.ts";

/**
 * What a console stands before: all that it shows and does goes through here, and nothing of it is
 * more than an owner of a deployed stage may ask and do. What a stage lacks, the page does not offer.
 */
export interface Stage {
	/** Of one that is deployed, such as `prod`. */
	readonly name?: string;
	readonly reader: StageReader;
	readonly letters: Pick<DeadLetters, "peek" | "redrive" | "redriveOne"> &
		Partial<Pick<DeadLetters, "discard">>;
	/** How often it is asked how it is, in ms; on AWS each time costs something. */
	readonly pulseMs: number;
	feel(): Promise<Pulse>;
	/** What tells each thing that happens. Without it the table is asked what is new. */
	readonly run?: Run;
	/** The graphs and alarms of so many hours, from whoever measures. */
	measure?(hours: number): Promise<Dashboard>;
	/** Takes the table away, or brings it back, where that can be played. */
	setTable?(isThere: boolean): Promise<void>;
	/** What stands for the platform, where that can be played. */
	readonly platform?: PlayedPlatform;
	close(): void;
}

/** A platform whose callback URL can be switched off, and which has a history of what it did not send. */
export interface PlayedPlatform {
	setUrl(isThere: boolean): void;
	/** Puts what the history of this run has and the table lacks on the queue. */
	fill(): Promise<Filled>;
}

/** What is asked of the table. */
export type StageReader = Pick<Reader, "rowsOf" | "storedKeys" | "rowsAt" | "parts">;

/** Where requests can be sent. */
export interface Target {
	readonly callbackUrl: string;
	/** What the platform would send; it is put into requests, and shown nowhere. */
	readonly token: string;
	/** All that must not be shown, the token included. */
	readonly secrets: readonly string[];
}

/** A stage that runs on this machine, so that its log and its requests are at hand. */
export interface Run extends Target {
	readonly isOpenToAnyone: boolean;
	/** Whether the functions write a line a message, from which the console lives. */
	readonly isLogged: boolean;
	readonly patience: Patience;
	readonly queueName: string;
	readonly deadLetterQueueName: string;
	readonly dashboard: readonly Widget[];
	/** The alarms, as the template has them. */
	readonly alarms: Readonly<Record<string, AlarmResource>>;
	/** @returns how to stop. */
	followLog(onLine: (line: string) => void): Promise<() => Promise<void>>;
	/** Is told of each alarm that goes on, or that was on and no longer is. */
	onAlarm?(alarm: AlarmState, facts: AlarmFacts): void;
	/** Tells requests as the API sees them. @returns how to stop. */
	followRequests(onRequest: (request: SeenRequest) => void): () => void;
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
	/** Undefined where nobody can tell without sending a callback. */
	readonly isApiUp?: boolean;
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
