import { type Patience, secondsToWait } from "../../lib/storage/patience.ts";
import type { RowKey } from "../../lib/storage/row.ts";
import type { Journey, Waiting } from "../protocol.ts";
import { given } from "./fields.ts";
import type { Kept, LogEvent, NotStored, Taken } from "./log-line.ts";

/** Follows callbacks from receive's line of the log to store's: both name SQS's id of the message. */
export interface Journeys {
	/** Takes in what the log has told. */
	follow(event: LogEvent): void;
	/** Nothing is in the queue any more: what was not stored is in the dead-letter queue. */
	queueIsEmpty(): void;
	/** Each way to a row, in this run, in the order of their time. */
	to(row: RowKey): readonly Journey[];
	/**
	 * What is acknowledged and no row yet, newest first.
	 *
	 * @param nameOf tells what a chat is called, from its id.
	 */
	waiting(patience: Patience, nameOf?: (chatId: string) => string | undefined): Waiting[];
}

type Said = Pick<Taken, "messageId" | "chatId" | "type">;

interface OpenJourney extends Journey, Said {
	readonly sqsMessageId: string;
	readonly row?: RowKey;
	readonly isDead?: boolean;
}

/** Of a long run only the newest ways are known. */
const MOST_JOURNEYS = 5_000;

/** Starts with nothing. */
export function openJourneys(): Journeys {
	const byId = new Map<string, OpenJourney>();
	const byRow = new Map<string, string[]>();
	const set = (journey: OpenJourney): void => {
		byId.set(journey.sqsMessageId, journey);
		const oldest = byId.size > MOST_JOURNEYS ? byId.values().next().value : undefined;
		if (oldest === undefined) return;
		byId.delete(oldest.sqsMessageId);
		if (oldest.row) byRow.delete(keyOf(oldest.row));
	};
	const isOpen = ({ place, keptAt }: OpenJourney): boolean =>
		place !== "written" && keptAt === undefined;
	/** A redrive may give a message another id: its way goes on where those that did not end stopped. */
	const openWaysTo = (row: RowKey, except: string): OpenJourney[] =>
		[...byId.values()].filter(
			(way) =>
				way.sqsMessageId !== except && isOpen(way) && way.row && keyOf(way.row) === keyOf(row),
		);
	const steps = {
		taken({ at, place, sqsMessageId, requestId, event: _, ...said }: Taken) {
			// Store may be faster than the log of receive.
			const known = byId.get(sqsMessageId ?? requestId);
			set({
				failures: [],
				...known,
				sqsMessageId: sqsMessageId ?? requestId,
				takenAt: at,
				place,
				...said,
			});
		},
		kept({ at, outcome, sqsMessageId, pk, sk }: Kept) {
			const row = { pk, sk };
			const own = byId.get(sqsMessageId);
			const redriven = own?.takenAt === undefined ? openWaysTo(row, sqsMessageId) : [];
			const failures = [...redriven, ...(own ? [own] : [])].flatMap((way) => way.failures);
			const { isDead: _, ...known } = { ...redriven[0], ...own };
			set({ ...known, sqsMessageId, failures, keptAt: at, outcome, row });
			for (const ended of redriven) byId.delete(ended.sqsMessageId);
			const ids = byRow.get(keyOf(row)) ?? [];
			if (!ids.includes(sqsMessageId)) byRow.set(keyOf(row), [...ids, sqsMessageId]);
		},
		notStored({ at, sqsMessageId, reason, isForEver, row }: NotStored) {
			const known = byId.get(sqsMessageId);
			const failures = [...(known?.failures ?? []), { at, reason }];
			const isDead = isForEver || known?.isDead === true;
			set({ ...known, sqsMessageId, failures, ...(row && { row }), isDead });
		},
	};
	return {
		follow(event) {
			if (event.event === "taken") steps.taken(event);
			else if (event.event === "kept") steps.kept(event);
			else if (event.event === "notStored") steps.notStored(event);
		},
		queueIsEmpty() {
			for (const journey of [...byId.values()]) {
				if (!isOpen(journey) || journey.isDead) continue;
				byId.set(journey.sqsMessageId, { ...journey, isDead: true });
			}
		},
		to(row) {
			return (byRow.get(keyOf(row)) ?? [])
				.flatMap((id) => byId.get(id) ?? [])
				.map(journeyOf)
				.sort((a, b) => ((a.takenAt ?? a.keptAt ?? "") < (b.takenAt ?? b.keptAt ?? "") ? -1 : 1));
		},
		waiting(patience, nameOf = (chatId) => chatId) {
			return [...byId.values()]
				.filter(isOpen)
				.map((journey) => {
					const { sqsMessageId, messageId, chatId, type, failures } = journey;
					const { isDead = false } = journey;
					const last = failures.at(-1);
					const seconds = secondsToWait(failures.length, patience);
					return {
						id: sqsMessageId,
						...journeyOf(journey),
						...given("messageId", messageId),
						...given("chat", chatId === undefined ? undefined : (nameOf(chatId) ?? chatId)),
						...given("type", type),
						...(last && !isDead && { nextTryAt: later(last.at, seconds) }),
						isDead,
					};
				})
				.reverse();
		},
	};
}

function journeyOf({ takenAt, place, keptAt, outcome, failures }: OpenJourney): Journey {
	return {
		...(takenAt !== undefined && { takenAt }),
		...(place && { place }),
		...(keptAt !== undefined && { keptAt }),
		...(outcome && { outcome }),
		failures,
	};
}

function keyOf({ pk, sk }: RowKey): string {
	return JSON.stringify([pk, sk]);
}

function later(time: string, seconds: number): string {
	return new Date(Date.parse(time) + seconds * 1_000).toISOString();
}
