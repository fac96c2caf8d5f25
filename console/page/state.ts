import type {
	CallbackSummary,
	Dashboard,
	DeadLetterList,
	Facets,
	MessageList,
	MessageSummary,
	PathState,
	RequestSummary,
	Setup,
	Update,
	Waiting,
} from "../protocol.ts";
import { placeOf } from "../watch/filter.ts";

/** What the page knows of the stage. */
export interface State {
	/** Whether the server answers; before the first answer nobody knows. */
	readonly connection: "connecting" | "open" | "gone";
	readonly setup?: Setup;
	readonly path?: PathState;
	/** Of messages those that are loaded, newest first. */
	readonly list?: MessageList;
	readonly facets?: Facets;
	readonly waiting: readonly Waiting[];
	readonly requests: readonly RequestSummary[];
	readonly deadLetters: DeadLetterList;
	readonly callbacks: readonly CallbackSummary[];
	readonly dashboard?: Dashboard;
	readonly ringing: readonly string[];
	/** How many messages came since the page was opened, or since it was told to pause. */
	readonly arrivals: number;
	readonly isPaused: boolean;
}

/** What may happen to the state. */
export type Action =
	| { readonly update: Update }
	| { readonly more: MessageList }
	| "gone"
	| "pause"
	| "resume";

/** How many messages the page holds of those that come; more when somebody asked for them. */
const MOST_HELD = 500;
/** Of the requests that were taken only the newest are listed, of the others all. */
export const MOST_REQUESTS = 300;

/** Before anything is known. */
export const nothing: State = {
	connection: "connecting",
	waiting: [],
	requests: [],
	deadLetters: { isLooking: false, found: [] },
	callbacks: [],
	ringing: [],
	arrivals: 0,
	isPaused: false,
};

/** The state after something has happened. */
export function reduce(state: State, action: Action): State {
	if (action === "gone") return { ...state, connection: "gone" };
	if (action === "pause") return { ...state, isPaused: true, arrivals: 0 };
	if (action === "resume") return { ...state, isPaused: false, arrivals: 0 };
	if ("update" in action) return updated(state, action.update);
	const { list } = state;
	const messages = merged(action.more.messages, list?.messages ?? []);
	return { ...state, list: { ...action.more, messages } };
}

function updated(state: State, update: Update): State {
	const { isWhole = false, isOlder = false, list, requests, ...rest } = update;
	const known = state.list?.messages ?? [];
	const ids = new Set(known.map(({ id }) => id));
	const arrived = isWhole || isOlder ? [] : (list?.messages ?? []).filter(({ id }) => !ids.has(id));
	return {
		...state,
		...rest,
		connection: "open",
		arrivals: state.arrivals + arrived.length,
		...(list && { list: isWhole ? list : listAfter(state, list) }),
		...(requests && {
			requests: requestsAfter(isWhole ? [] : state.requests, requests),
		}),
	};
}

/** What is told just after a page has connected was in the whole, too. */
function requestsAfter(
	known: readonly RequestSummary[],
	news: readonly RequestSummary[],
): RequestSummary[] {
	const ids = new Set(news.map(({ id }) => id));
	return [...news, ...known.filter(({ id }) => !ids.has(id))].filter(
		({ status }, at) => at < MOST_REQUESTS || status !== 200,
	);
}

function listAfter({ list, isPaused }: State, news: MessageList): MessageList {
	const known = list?.messages ?? [];
	if (isPaused) return { ...news, messages: known };
	const messages = merged(news.messages, known);
	const most = Math.max(MOST_HELD, known.length);
	// What is older than the oldest that is loaded comes when somebody asks for it.
	const last = known.at(-1);
	const isAll = known.length >= news.matched - news.messages.length;
	const from = isAll || last === undefined ? "" : placeOf(last);
	return { ...news, messages: messages.filter((one) => placeOf(one) >= from).slice(0, most) };
}

function merged(
	some: readonly MessageSummary[],
	others: readonly MessageSummary[],
): MessageSummary[] {
	if (some.length === 0) return [...others];
	const ids = new Set(some.map(({ id }) => id));
	return [...some, ...others.filter(({ id }) => !ids.has(id))].sort((a, b) =>
		placeOf(a) < placeOf(b) ? 1 : -1,
	);
}
