import type { MessageItem } from "../../lib/archive/reader.ts";
import type { RefusalReason } from "../../lib/intake/reply.ts";
import type { Preview } from "../../lib/message/preview.ts";
import type { Conformance } from "../../lib/message/verdict.ts";
import type { RowKey } from "../../lib/storage/row.ts";

/**
 * What the console's server tells its page. The first update of a connection holds everything, the
 * others only what is new; `messages` are then those that are new or have changed.
 */
export interface Update {
	/** The page is to forget what it knew: this is everything there is. */
	readonly isWhole?: boolean;
	readonly setup?: Setup;
	readonly path?: PathState;
	readonly messages?: readonly MessageSummary[];
	readonly waiting?: readonly Waiting[];
	readonly refused?: readonly Refusal[];
	readonly deadLetters?: DeadLetterList;
	readonly callbacks?: readonly CallbackSummary[];
	readonly dashboard?: Dashboard;
}

/** What does not change while the stack runs. */
export interface Setup {
	readonly callbackUrl: string;
	readonly isOpenToAnyone: boolean;
	/** Whether the functions write a line a message, from which the page lives. */
	readonly isLogged: boolean;
	readonly samples: readonly SampleChoice[];
}

/** A sample that can be sent: of a type of the schema, or one that shows something. */
export interface SampleChoice {
	readonly id: string;
	readonly type?: number;
}

/** How the parts of the path are, and how much went through them in this run. */
export interface PathState {
	/** Whether the messages that lay in the table before are still being read. */
	readonly isReading: boolean;
	readonly isApiUp: boolean;
	readonly isQueueUp: boolean;
	readonly isTableUp: boolean;
	/** Whether the table was taken away with the page's own switch. */
	readonly isTableTaken: boolean;
	readonly taken: number;
	readonly refused: number;
	/** In the queue, waiting or being handled. */
	readonly queued: number;
	readonly deadLetters: number;
	readonly stored: number;
	readonly duplicates: number;
	readonly failed: number;
	/** How long a message that failed stays hidden before it is tried again. */
	readonly retrySeconds: number;
}

/** One way of a callback through the path. Times are ISO 8601 in ms. */
export interface Journey {
	/** When receive had made it safe; unknown when that was in an earlier run. */
	readonly takenAt?: string;
	/** In the queue or, when that did not take it, right in the table. */
	readonly place?: "queued" | "written";
	readonly keptAt?: string;
	readonly outcome?: "stored" | "revision" | "duplicate";
	readonly failures: readonly Failure[];
}

/** One try of store that went wrong. */
export interface Failure {
	readonly at: string;
	readonly reason: string;
}

/** A message that was acknowledged and is no row yet. */
export interface Waiting extends Journey {
	readonly id: string;
	readonly type?: number;
	readonly conformance?: Conformance;
	/** When it is tried again, after a try that went wrong. */
	readonly nextTryAt?: string;
	/** No try can store it. */
	readonly isDead: boolean;
}

/** A request that was not acknowledged. */
export interface Refusal {
	readonly id: string;
	readonly at: string;
	readonly reason: RefusalReason;
	readonly violations: readonly string[];
}

/** What lies in the dead-letter queue, as far as somebody has looked. */
export interface DeadLetterList {
	readonly count: number;
	readonly isLooking: boolean;
	readonly found: readonly DeadLetterSummary[];
}

/** A message that can never be stored as things are. */
export interface DeadLetterSummary {
	readonly id: string;
	readonly queuedAt: string;
	/** What it holds; nothing that store could read when missing. */
	readonly holds?: { readonly type?: number; readonly name: string };
	/** Why it is there; missing when store died of it. */
	readonly reason?: string;
}

/** A request to another path than that of messages. */
export interface CallbackSummary {
	readonly id: string;
	readonly receivedAt: string;
	readonly method: string;
	readonly path: string;
	readonly query: string;
}

/** A message in the timeline, by its fullest revision. */
export interface MessageSummary extends RowKey {
	/** The same for all revisions. */
	readonly id: string;
	/** What its partition is called where the message names no chat. */
	readonly chatId: string;
	readonly sentAt: string;
	/** When the newest revision arrived. */
	readonly arrivedAt: string;
	readonly type?: number;
	readonly conformance: Conformance;
	readonly bot?: string;
	readonly isSelf: boolean;
	readonly contactId?: string;
	readonly contact?: string;
	readonly roomId?: string;
	readonly room?: string;
	readonly revisions: number;
	/** How often the same bytes came again, in this run. */
	readonly duplicates: number;
	/** The way of the newest revision; of an earlier run nothing is known. */
	readonly journey?: Journey;
	readonly preview: Preview;
}

/** A message opened. */
export interface MessageDetail {
	readonly summary: MessageSummary;
	readonly revisions: readonly RevisionDetail[];
}

/** One row of a message. */
export interface RevisionDetail {
	readonly attributes: Omit<MessageItem, "message" | "messageGzip">;
	/** Missing when a part of it is. */
	readonly text?: string;
	/** Each time that these bytes came in this run. */
	readonly journeys: readonly Journey[];
}

/** A correction without which a message would not be accepted. */
export interface CorrectionSummary {
	readonly id: string;
	readonly wrong: string;
	readonly fix: string;
}

/** One request of a sample, and its reply. */
export interface Exchange {
	readonly method: string;
	readonly url: string;
	/** The token is blanked. */
	readonly body: string;
	/** Missing when nobody answered. */
	readonly status?: number;
	readonly reply: string;
	readonly ms: number;
}

/** The graphs of the CloudWatch dashboard with the metrics of this run. */
export interface Dashboard {
	/** Of each point, in seconds. */
	readonly period: number;
	/** Where the points stand, in seconds since 1970. */
	readonly times: readonly number[];
	readonly rows: readonly DashboardRow[];
}

/** A question and the graphs that answer it. */
export interface DashboardRow {
	readonly question: string;
	readonly graphs: readonly Graph[];
}

/** One widget. */
export interface Graph {
	readonly title: string;
	readonly lines: readonly Line[];
	/** Labels of what nobody but AWS measures. */
	readonly onlyOnAws: readonly string[];
}

/** One metric of a widget. */
export interface Line {
	readonly label: string;
	readonly points: readonly (number | null)[];
	readonly isOnRight: boolean;
}
