import type {
	CallbackSummary,
	Dashboard,
	DeadLetterList,
	MessageSummary,
	PathState,
	Refusal,
	Setup,
	Update,
	Waiting,
} from "../protocol.ts";

/** What the page knows of the stack. */
export interface State {
	/** Whether the server answers; before the first answer nobody knows. */
	readonly connection: "connecting" | "open" | "gone";
	readonly setup?: Setup;
	readonly path?: PathState;
	/** Newest first. */
	readonly messages: readonly MessageSummary[];
	readonly waiting: readonly Waiting[];
	readonly refused: readonly Refusal[];
	readonly deadLetters: DeadLetterList;
	readonly callbacks: readonly CallbackSummary[];
	readonly dashboard?: Dashboard;
	/** How many messages came since the page was opened. */
	readonly arrivals: number;
}

/** How many messages the page holds. */
export const MOST_SHOWN = 500;

/** Before anything is known. */
export const nothing: State = {
	connection: "connecting",
	messages: [],
	waiting: [],
	refused: [],
	deadLetters: { count: 0, isLooking: false, found: [] },
	callbacks: [],
	arrivals: 0,
};

/** The state after an update of the server. */
export function updated(state: State, update: Update): State {
	const { isWhole = false, messages = [], ...rest } = update;
	const known = isWhole ? [] : state.messages;
	const ids = new Set(messages.map(({ id }) => id));
	const merged = [...messages, ...known.filter(({ id }) => !ids.has(id))]
		.sort((a, b) => compare(b, a))
		.slice(0, MOST_SHOWN);
	const before = new Set(state.messages.map(({ id }) => id));
	const arrived = isWhole ? 0 : messages.filter(({ id }) => !before.has(id)).length;
	return {
		...state,
		...rest,
		connection: "open",
		messages: messages.length > 0 || isWhole ? merged : state.messages,
		arrivals: state.arrivals + arrived,
	};
}

function compare(a: MessageSummary, b: MessageSummary): number {
	const [first, second] = [a.arrivedAt + a.sk, b.arrivedAt + b.sk];
	return first < second ? -1 : Number(first > second);
}
