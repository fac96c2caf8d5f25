import type { MessageItem } from "../lib/archive/item.ts";
import type { RefusalReason } from "../lib/intake/reply.ts";
import type { Preview } from "../lib/message/preview.ts";
import type { Conformance } from "../lib/message/verdict.ts";
import type { CallbackRow, Origin, RowKey } from "../lib/storage/row.ts";
import type { Outcome } from "../lib/storage/table.ts";
import type { AlarmFacts } from "../lib/words/en.ts";

/**
 * What the console's server tells its page. The first update of a connection holds everything, the
 * others only what is new; the messages are then those that are new or have changed.
 */
export interface Update {
	/** The page is to forget what it knew: this is everything there is. */
	readonly isWhole?: boolean;
	/** What is in the list did not come just now, but was read just now. */
	readonly isOlder?: boolean;
	readonly setup?: Setup;
	readonly path?: PathState;
	readonly list?: MessageList;
	readonly facets?: Facets;
	readonly waiting?: readonly Waiting[];
	/** Newest first. */
	readonly requests?: readonly RequestSummary[];
	readonly deadLetters?: DeadLetterList;
	readonly callbacks?: readonly CallbackSummary[];
	readonly dashboard?: Dashboard;
	/** Titles of the alarms that would tell somebody now. */
	readonly ringing?: readonly string[];
}

/** What does not change while the stage runs. */
export interface Setup {
	/** Of a deployed stage. */
	readonly stage?: string;
	/** Of one that runs on this machine. */
	readonly run?: {
		readonly callbackUrl: string;
		readonly isOpenToAnyone: boolean;
		/** Whether the functions write a line a message, from which the page lives. */
		readonly isLogged: boolean;
		readonly samples: readonly SampleChoice[];
	};
	readonly canTakeTable: boolean;
	/** Whether the callback URL can be switched off, and what it missed be filled. */
	readonly canSwitchUrl: boolean;
	readonly canDiscard: boolean;
}

/** What a back-fill has come to. */
export interface Filled {
	readonly missing: number;
	readonly filled: number;
}

/** A sample that can be sent: of a type of the schema, or one that shows something. */
export interface SampleChoice {
	readonly id: string;
	readonly type?: number;
}

/** How the parts of the path are, and how much went through them in this run. */
export interface PathState {
	/** Undefined, as what follows, when nobody knows. */
	readonly counts?: Counts;
	readonly isApiUp?: boolean;
	readonly isQueueUp: boolean;
	readonly isTableUp: boolean;
	/** Whether the table was taken away with the page's own switch. */
	readonly isTableTaken: boolean;
	/** In the queue, waiting or being handled. */
	readonly queued?: number;
	readonly deadLetters?: number;
}

/** What this run has done, by its log. */
export interface Counts {
	readonly taken: number;
	readonly refused: number;
	readonly stored: number;
	readonly duplicates: number;
	readonly failed: number;
}

/** Messages that pass a filter, newest first, and how many there are. */
export interface MessageList {
	readonly messages: readonly MessageSummary[];
	/** How many of those that have been read pass the filter. */
	readonly matched: number;
	/** How many have been read. */
	readonly known: number;
	/** All that came since then is known, and there may be more; without it nothing is older. */
	readonly backTo?: string;
	/** So many are known that no older ones are held. */
	readonly isFull?: boolean;
	/** Whether it is being read just now. */
	readonly isReading: boolean;
	/** Whether a part of the table could not be read. */
	readonly isPartial: boolean;
}

/** Values that a filter can have, the newest first. */
export type Facets = Readonly<Record<FacetName, readonly Facet[]>>;

/** What has values to choose from. */
export type FacetName = "chat" | "contact" | "room" | "bot" | "type";

/** One of these values, with its name. */
export interface Facet {
	readonly value: string;
	readonly name: string;
}

/** One way of a callback through the path. Times are ISO 8601 in ms. */
export interface Journey {
	/** When receive had made it safe; unknown when that was in an earlier run. */
	readonly takenAt?: string;
	/** In the queue or, when that did not take it, right in the table. */
	readonly place?: "queued" | "written";
	readonly keptAt?: string;
	readonly outcome?: Outcome;
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
	readonly messageId?: string;
	/** Of its chat, as far as that is known. */
	readonly chat?: string;
	readonly type?: number;
	/** When it is tried again, after a try that went wrong. */
	readonly nextTryAt?: string;
	/** No try can store it. */
	readonly isDead: boolean;
}

/** A request of this run. */
export interface RequestSummary {
	readonly id: string;
	readonly at: string;
	readonly method: string;
	/** With its query, without secrets. */
	readonly url: string;
	readonly status?: number;
	readonly reason?: RefusalReason;
	readonly messageId?: string;
}

/** A request opened. */
export interface RequestDetail extends RequestSummary {
	/** Without secrets. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body?: KeptBody;
	readonly answer?: string;
	readonly ms?: number;
}

/** A body as it is shown: without secrets; as Base64 where it is no UTF-8. */
export interface KeptBody {
	readonly text: string;
	readonly encoding: CallbackRow["encoding"];
}

/** What lies in the dead-letter queue, as far as somebody has looked. */
export interface DeadLetterList {
	/** Undefined while nobody knows. */
	readonly count?: number;
	readonly isLooking: boolean;
	readonly found: readonly DeadLetterSummary[];
}

/** A message that can never be stored as things are. */
export interface DeadLetterSummary {
	readonly id: string;
	readonly queuedAt: string;
	/** What it holds; nothing that store could read when missing. */
	readonly holds?: { readonly type?: number; readonly name: string };
	/** Its beginning. */
	readonly body: string;
	/** Why it is there; missing when store died of it. */
	readonly reason?: string;
}

/** A request to another path than that of messages, as it is kept. */
export type CallbackSummary = RowKey &
	Pick<CallbackRow, "receivedAt" | "method" | "path" | "query">;

/** Such a request opened. */
export interface CallbackDetail extends CallbackSummary {
	/** Missing when a part of it is. */
	readonly body?: KeptBody;
}

/** A message in the timeline, by its fullest revision. */
export interface MessageSummary extends RowKey {
	/** The same for all revisions. */
	readonly id: string;
	readonly messageId?: string;
	/** What its partition is called where the message names no chat. */
	readonly chatId: string;
	readonly sentAt: string;
	/** When the newest revision arrived. */
	readonly arrivedAt: string;
	readonly type?: number;
	readonly conformance: Conformance;
	/** Of what no callback brought. */
	readonly origin?: Origin;
	readonly botId?: string;
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
	readonly preview: Preview | { readonly kind: "unreadable" };
	/** The recall that withdrew it. */
	readonly recalled?: Recall;
}

/** A message of type 11, as it is told beside the one that it withdraws. */
export interface Recall extends RowKey {
	readonly sentAt: string;
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

/** A request that the page asks the server to send. */
export interface Draft {
	readonly method: string;
	/** Below the base URL, with its query. */
	readonly path: string;
	readonly body: KeptBody;
}

/** A request that was sent, and its reply. */
export interface Exchange extends Draft {
	/** Missing when nobody answered. */
	readonly status?: number;
	readonly reply: string;
	readonly ms: number;
}

/** The graphs of the CloudWatch dashboard with the metrics of this run, and its alarms. */
export interface Dashboard {
	/** Of each point, in seconds. */
	readonly period: number;
	/** Where the points stand, in seconds since 1970. */
	readonly times: readonly number[];
	readonly rows: readonly DashboardRow[];
	readonly alarms: readonly AlarmState[];
	/** Why there is nothing newer. */
	readonly problem?: string;
	/** What the words of the alarms depend on, where it is known; else they are the stage's own. */
	readonly alarmFacts?: AlarmFacts;
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
	/** The type of message that a line is of, where there is one line for each that came. */
	readonly type?: string;
	readonly points: readonly (number | null)[];
	readonly isOnRight: boolean;
	/** All of the time that is shown, of what can be added up. */
	readonly total?: number;
}

/** An alarm of the template, evaluated over this run. */
export interface AlarmState {
	readonly title: string;
	/** What it says on AWS, in the stage's language. */
	readonly description: string;
	/** `on` for one that tells nobody; `noData` until it has some; unknown where only AWS has them. */
	readonly state: "ok" | "alarm" | "on" | "noData" | "unknown";
	/** Such as `Sum(Received) < 1 · 32/32 × 60 s`. */
	readonly rule: string;
}
