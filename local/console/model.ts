import { type DeadLetters, openDeadLetters } from "../../lib/archive/dead-letters.ts";
import { readTable } from "../../lib/archive/reader.ts";
import type { RowKey } from "../../lib/storage/row.ts";
import type { Stack } from "../stack.ts";
import { drawDashboard } from "./dashboard.ts";
import { deadLetterSummary } from "./dead-letters.ts";
import { openJourneys } from "./journeys.ts";
import { readLogLine } from "./log-line.ts";
import { followLog } from "./log-tail.ts";
import { openMetrics } from "./metrics.ts";
import { isMeasured, platformSamples, sqsSample } from "./platform-metrics.ts";
import type {
	DeadLetterList,
	MessageDetail,
	MessageSummary,
	PathState,
	Refusal,
	Update,
} from "./protocol.ts";
import { openDoctor, type Pulse } from "./pulse.ts";
import { openTimeline } from "./timeline.ts";

/** All that the console knows of the running stack, from where an owner knows it on AWS too. */
export interface Model {
	/** Everything, for a page that has just come. */
	whole(): Update;
	/** @returns how to stop listening. */
	listen(listener: (update: Update) => void): () => void;
	open(key: RowKey): Promise<MessageDetail | undefined>;
	/** Looks into the dead-letter queue. */
	look(): Promise<void>;
	redrive(): Promise<void>;
	/** Takes the table away, or brings it back. */
	setTable(isThere: boolean): Promise<void>;
	stop(): Promise<void>;
}

const PULSE_MS = 1_000;
const SOON_MS = 200;
const PUBLISH_MS = 150;
const MOST_REFUSALS = 100;
/** So many pulses in a row the queue has to be empty before it is believed. */
const EMPTY_PULSES = 3;

/** Begins to watch a stack whose functions log at INFO. */
export async function openModel(stack: Stack): Promise<Model> {
	const { queue, deadLetterQueue, dashboard } = stack.definitions;
	const prefix = queue.name.replace(/-messages$/, "");
	const letters: DeadLetters = openDeadLetters(queue.name, deadLetterQueue.name);
	const doctor = openDoctor(stack);
	const journeys = openJourneys();
	const metrics = openMetrics();
	const refusals: Refusal[] = [];
	const changed = new Map<string, MessageSummary>();
	const dirty = new Set<keyof Update>();
	const listeners = new Set<(update: Update) => void>();
	const counts = { taken: 0, refused: 0, stored: 0, duplicates: 0, failed: 0 };
	let pulse: Pulse = { isApiUp: true, isTableUp: true };
	let emptyPulses = 0;
	let isTableTaken = false;
	let soon: NodeJS.Timeout | undefined;
	let isReading = true;
	let deadLetters: DeadLetterList = { count: 0, isLooking: false, found: [] };

	const timeline = openTimeline(
		readTable(stack.tableName),
		journeys,
		(message) => changed.set(message.id, message),
		() => dirty.add("callbacks"),
	);
	/** The queue's count is to follow a row that is shown, not to lag behind it by a pulse. */
	const examineSoon = (): void => {
		soon ??= setTimeout(() => {
			soon = undefined;
			examineNext(false);
		}, SOON_MS);
	};
	const onLine = (line: string): void => {
		const event = readLogLine(line);
		if (event === undefined) return;
		for (const sample of platformSamples(event, prefix, Date.now())) metrics.add(sample);
		dirty.add("path");
		switch (event.event) {
			case "counted":
				for (const sample of event.samples) metrics.add(sample);
				break;
			case "taken":
				counts.taken++;
				journeys.taken(event);
				emptyPulses = 0;
				dirty.add("waiting");
				break;
			case "kept":
				counts[event.outcome === "duplicate" ? "duplicates" : "stored"]++;
				journeys.kept(event);
				examineSoon();
				dirty.add("waiting");
				if (event.conformance) timeline.touch(event);
				else if (event.pk.startsWith(CALLBACK)) {
					timeline.touchCallbacks(event.pk.slice(CALLBACK.length));
				}
				break;
			case "notStored":
				counts.failed++;
				journeys.notStored(event);
				emptyPulses = 0;
				dirty.add("waiting");
				break;
			case "refused":
				counts.refused++;
				refusals.unshift({
					id: event.requestId,
					at: event.at,
					reason: event.reason,
					violations: event.violations,
				});
				refusals.splice(MOST_REFUSALS);
				dirty.add("refused");
				break;
			default:
				break;
		}
	};
	const pathState = (): PathState => {
		const { isApiUp, isTableUp, queue: messages } = pulse;
		return {
			...{ isReading, isApiUp, isTableUp, isTableTaken, isQueueUp: messages !== undefined },
			...counts,
			queued: messages ? messages.visible + messages.hidden : 0,
			deadLetters: deadLetters.count,
			retrySeconds: stack.patience.longest,
		};
	};
	const parts = {
		path: pathState,
		waiting: () => journeys.waiting(stack.patience),
		refused: () => refusals,
		deadLetters: () => deadLetters,
		callbacks: () => timeline.callbacks(),
		dashboard: () => drawDashboard(dashboard, metrics, isMeasured, Date.now()),
	};
	const look = async (): Promise<void> => {
		if (deadLetters.isLooking) return;
		deadLetters = { ...deadLetters, isLooking: true };
		dirty.add("deadLetters");
		const { count } = deadLetters;
		const { letters: found } = await letters.peek().catch(() => ({ letters: [] }));
		const isStale = deadLetters.count !== count;
		deadLetters = {
			count: deadLetters.count,
			isLooking: false,
			found: found.map(deadLetterSummary),
		};
		dirty.add("deadLetters");
		if (isStale) await look();
	};
	/** @param isRegular whether this is one of the pulses that come at even times. */
	const examine = async (isRegular = false): Promise<void> => {
		pulse = await doctor.feel();
		dirty.add("path").add("dashboard");
		const { queue: messages, deadLetterQueue: dead } = pulse;
		const now = Date.now();
		const gauge = "ApproximateNumberOfMessagesVisible";
		if (messages) {
			metrics.add(sqsSample(gauge, queue.name, messages.visible, now));
			const oldest = journeys.waiting(stack.patience).findLast(({ isDead }) => !isDead)?.takenAt;
			const age = oldest === undefined ? 0 : Math.max(0, now - Date.parse(oldest)) / 1_000;
			metrics.add(sqsSample("ApproximateAgeOfOldestMessage", queue.name, age, now));
			if (messages.visible + messages.hidden > 0) emptyPulses = 0;
			else if (isRegular) emptyPulses++;
			if (emptyPulses === EMPTY_PULSES) {
				journeys.queueIsEmpty();
				dirty.add("waiting");
			}
		}
		if (dead) {
			metrics.add(sqsSample(gauge, deadLetterQueue.name, dead.visible, now));
			const count = dead.visible + dead.hidden;
			if (count === deadLetters.count) return;
			deadLetters = { ...deadLetters, count, ...(count === 0 && { found: [] }) };
			dirty.add("deadLetters").add("waiting");
			if (count > 0) void look();
		}
	};
	const publish = (): void => {
		if (dirty.size === 0 && changed.size === 0) return;
		const update: Update = {
			...(changed.size > 0 && { messages: [...changed.values()] }),
			...(dirty.has("path") && { path: parts.path() }),
			...(dirty.has("waiting") && { waiting: parts.waiting() }),
			...(dirty.has("refused") && { refused: parts.refused() }),
			...(dirty.has("deadLetters") && { deadLetters: parts.deadLetters() }),
			...(dirty.has("callbacks") && { callbacks: parts.callbacks() }),
			...(dirty.has("dashboard") && listeners.size > 0 && { dashboard: parts.dashboard() }),
		};
		dirty.clear();
		changed.clear();
		for (const listener of listeners) listener(update);
	};

	let examining: Promise<void> = examine();
	const examineNext = (isRegular: boolean): void => {
		examining = examining.then(() => examine(isRegular)).catch(() => undefined);
	};
	const pulseTimer = setInterval(() => examineNext(true), PULSE_MS);
	const publishTimer = setInterval(publish, PUBLISH_MS);
	const tail = await followLog(stack.logFile, stack.logStart, onLine);
	const reading = timeline
		.readTable()
		.catch(() => undefined)
		.finally(() => {
			isReading = false;
			dirty.add("path");
		});
	return {
		whole: () => ({
			isWhole: true,
			messages: timeline.messages(),
			path: parts.path(),
			waiting: parts.waiting(),
			refused: parts.refused(),
			deadLetters: parts.deadLetters(),
			callbacks: parts.callbacks(),
			dashboard: parts.dashboard(),
		}),
		listen(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		open: timeline.open,
		look,
		async redrive() {
			await letters.redrive();
			emptyPulses = 0;
		},
		async setTable(isThere) {
			if (isThere !== isTableTaken) return;
			isTableTaken = !isThere;
			if (isThere) await stack.table.start();
			else await stack.table.stop();
			await examine();
		},
		async stop() {
			clearInterval(pulseTimer);
			clearInterval(publishTimer);
			await Promise.all([tail.stop(), timeline.stop()]);
			clearTimeout(soon);
			await Promise.all([examining, reading]);
			doctor.stop();
		},
	};
}

/** How the partition keys of other callbacks begin (lib/record.ts). */
const CALLBACK = "callback#";
