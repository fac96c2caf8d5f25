import type {
	Counts,
	DeadLetterList,
	DeadLetterSummary,
	PathState,
	RequestDetail,
} from "../protocol.ts";
import type { Pulse } from "../stage.ts";
import { given } from "./fields.ts";
import { mergeLetters } from "./letters.ts";
import type { LogEvent } from "./log-line.ts";

/** What has been observed of a stage, apart from its messages. Every step below makes a new one. */
export interface Observed {
	/** Undefined where nothing tells them. */
	readonly counts?: Counts;
	/** Undefined while nobody has felt it. */
	readonly pulse?: Pulse;
	/** How many regular pulses in a row have found the queue empty. */
	readonly emptyPulses: number;
	readonly isTableTaken: boolean;
	readonly letters: DeadLetterList;
	/** Newest first. */
	readonly requests: readonly RequestDetail[];
}

/** Before anything is known. */
export const unobserved: Observed = {
	emptyPulses: 0,
	isTableTaken: false,
	letters: { isLooking: false, found: [] },
	requests: [],
};

const MOST_REQUESTS = 2_000;
/** All bodies together, in UTF-16 units. */
const MOST_BODIES = 16_000_000;
/** So many pulses in a row the queue has to be empty before it is believed. */
const EMPTY_PULSES = 3;

const NOTHING: Counts = { taken: 0, refused: 0, stored: 0, duplicates: 0, failed: 0 };

/** A run that tells each thing has begun. */
export function ofRun(state: Observed): Observed {
	return { ...state, counts: NOTHING };
}

/** Something was told by the log. */
export function afterEvent(state: Observed, event: LogEvent): Observed {
	switch (event.event) {
		case "taken":
			return { ...counted(state, "taken"), emptyPulses: 0 };
		case "kept":
			return counted(state, event.outcome === "duplicate" ? "duplicates" : "stored");
		case "notStored":
			return { ...counted(state, "failed"), emptyPulses: 0 };
		case "refused":
			return counted(state, "refused");
		default:
			return state;
	}
}

function counted({ counts = NOTHING, ...state }: Observed, name: keyof Counts): Observed {
	return { ...state, counts: { ...counts, [name]: counts[name] + 1 } };
}

/** The newest stay; of too many long bodies the oldest are dropped. */
export function afterRequest(state: Observed, request: RequestDetail): Observed {
	let room = MOST_BODIES;
	const requests = [request, ...state.requests].slice(0, MOST_REQUESTS).map((one) => {
		room -= one.body?.text.length ?? 0;
		if (room >= 0 || one.body === undefined) return one;
		const { body: _, ...rest } = one;
		return rest;
	});
	return { ...state, requests };
}

/** @param isRegular whether this is one of the pulses that come at even times. */
export function afterPulse(state: Observed, pulse: Pulse, isRegular: boolean): Observed {
	const { queue, deadLetterQueue: dead } = pulse;
	const isEmpty = queue !== undefined && queue.visible + queue.hidden === 0;
	const emptyPulses = isEmpty ? state.emptyPulses + Number(isRegular) : 0;
	const { isLooking, found } = state.letters;
	const count = dead && dead.visible + dead.hidden;
	return {
		...state,
		pulse,
		emptyPulses,
		letters: {
			isLooking,
			found: count === undefined ? found : mergeLetters(found, [], count),
			...(count !== undefined && { count }),
		},
	};
}

/** Whether what was acknowledged and is no row yet has left the queue for good. */
export function isQueueEmpty({ emptyPulses }: Observed): boolean {
	return emptyPulses === EMPTY_PULSES;
}

/** Whether there are dead letters that nobody has seen. */
export function wantsLook({ letters }: Observed): boolean {
	return !letters.isLooking && (letters.count ?? 0) > letters.found.length;
}

/** Somebody looks for dead letters. */
export function whileLooking(state: Observed): Observed {
	return { ...state, letters: { ...state.letters, isLooking: true } };
}

/** @param looked what was found; nothing when the queue did not answer. */
export function afterLook(state: Observed, looked: readonly DeadLetterSummary[]): Observed {
	const { count = looked.length, found } = state.letters;
	const most = Math.max(count, looked.length);
	const letters = { count: most, isLooking: false, found: mergeLetters(found, looked, most) };
	return { ...state, letters };
}

/** One dead letter was sent back or discarded. */
export function withoutLetter(state: Observed, id: string): Observed {
	const found = state.letters.found.filter((letter) => letter.id !== id);
	const { count = 0 } = state.letters;
	const isGone = found.length < state.letters.found.length;
	return {
		...state,
		letters: { ...state.letters, count: Math.max(0, count - Number(isGone)), found },
	};
}

/** What the page shows of the path; of what does not answer nothing is known. */
export function pathOf(state: Observed): PathState | undefined {
	const { pulse, counts, isTableTaken, letters } = state;
	if (pulse === undefined) return undefined;
	const { isApiUp, isTableUp, queue, deadLetterQueue } = pulse;
	return {
		...given("counts", counts),
		...given("isApiUp", isApiUp),
		...{ isTableUp, isTableTaken, isQueueUp: queue !== undefined },
		...(queue && { queued: queue.visible + queue.hidden }),
		...(deadLetterQueue && letters.count !== undefined && { deadLetters: letters.count }),
	};
}
