import { setTimeout as wait } from "node:timers/promises";
import { groupOf } from "../../lib/archive/revisions.ts";
import type { RowKey } from "../../lib/storage/row.ts";
import type {
	CallbackDetail,
	CallbackSummary,
	MessageDetail,
	MessageList,
	MessageSummary,
	RequestDetail,
	RequestSummary,
	Update,
} from "../protocol.ts";
import { requestDetail } from "../secrets.ts";
import type { Stage } from "../stage.ts";
import { openAlarms } from "./alarms.ts";
import { openCatalog } from "./catalog.ts";
import { drawDashboard } from "./dashboard.ts";
import { given } from "./fields.ts";
import type { Filter } from "./filter.ts";
import { openJourneys } from "./journeys.ts";
import { deadLetterSummary } from "./letters.ts";
import { readLogLine, type Sample } from "./log-line.ts";
import { openMetrics, timesOf } from "./metrics.ts";
import { apiSample, isMeasured, platformSamples, sqsSample } from "./platform-metrics.ts";
import * as step from "./state.ts";
import { summaryOf, unreadable } from "./summary.ts";

/** What one page wants to see. */
export interface View {
	readonly filter: Filter;
	readonly limit: number;
	readonly wantsDashboard: boolean;
}

/** All that the console knows of a stage. */
export interface Watch {
	/** Everything, for a page that has just come. */
	whole(view: View): Update;
	/** @returns how to stop listening. */
	listen(view: View, listener: (update: Update) => void): () => void;
	/** Messages that pass a filter, after a place in their order. */
	list(filter: Filter, limit: number, before?: string): MessageList;
	open(key: RowKey): Promise<MessageDetail | undefined>;
	openCallback(key: RowKey): Promise<CallbackDetail | undefined>;
	openRequest(id: string): RequestDetail | undefined;
	/** Looks into the dead-letter queue. */
	look(): Promise<void>;
	/** Sends one dead letter back to the queue, or all. */
	redrive(id?: string): Promise<void>;
	discard(id: string): Promise<void>;
	/** Takes the table away, or brings it back. */
	setTable(isThere: boolean): Promise<void>;
	stop(): Promise<void>;
}

const PULSE_MS = 1_000;
const SOON_MS = 200;
const PUBLISH_MS = 150;
const RETRY_MS = 500;
const LISTED_REQUESTS = 300;
const MOST_CALLBACKS = 300;
/** How many rows are read at once. */
const MOST_READING = 8;
/** With so many rows to be read, what is known is not all that the table has. */
const BEHIND = 20;

/** Begins to watch a stage: the timers and the reading are here, what they lead to is in the steps. */
export async function openWatch(stage: Stage): Promise<Watch> {
	const { queueName, deadLetterQueueName, patience } = stage;
	const prefix = queueName.replace(/-messages$/, "");
	const began = Date.now();
	const catalog = openCatalog();
	const journeys = openJourneys();
	const metrics = openMetrics();
	const alarms = openAlarms(stage.alarms, prefix, isMeasured, began);
	const callbacks = new Map<string, CallbackSummary>();
	const changed = new Map<string, MessageSummary>();
	const newRequests: RequestSummary[] = [];
	const dirty = new Set<keyof Update>();
	const listeners = new Map<(update: Update) => void, View>();
	const touched = new Map<string, () => Promise<void>>();
	let state = step.unobserved;
	let reading = { isReading: true, isPartial: false };
	let soon: NodeJS.Timeout | undefined;
	let isStopping = false;
	const working = new Set<Promise<void>>();

	const measure = (...samples: readonly Sample[]): void => {
		for (const sample of samples) {
			metrics.add(sample);
			alarms.add(sample);
		}
	};
	const put = (message: MessageSummary): void => {
		if (!catalog.get(message.id)) dirty.add("facets");
		for (const one of catalog.put(message)) changed.set(one.id, one);
		dirty.add("list");
	};
	const show = async (key: RowKey): Promise<void> => {
		const message = await stage.message(key);
		const known = message && catalog.get(groupOf(message.fullest.row));
		// Of two that read the same message the slower may have seen less of it.
		if (message && (known?.revisions ?? 0) <= message.revisions.length) {
			put(summaryOf(message, journeys.to));
		}
	};

	/** Reads as soon as the table answers; what cannot be read is shown as that. */
	const touch = (key: RowKey, read: () => Promise<void>): void => {
		const id = JSON.stringify([key.pk, key.sk]);
		touched.delete(id);
		touched.set(id, () =>
			read().catch((error: unknown) => {
				if (isAway(error)) throw error;
				put(unreadable(key, new Date().toISOString()));
			}),
		);
		startWork();
	};
	const startWork = (): void => {
		if (working.size >= MOST_READING || touched.size === 0 || isStopping) return;
		const worker: Promise<void> = work().finally(() => {
			working.delete(worker);
			startWork();
		});
		working.add(worker);
	};
	const work = async (): Promise<void> => {
		for (const [id, read] of touched) {
			touched.delete(id);
			while (!isStopping) {
				try {
					await read();
					break;
				} catch {
					await wait(RETRY_MS);
				}
			}
		}
		if (touched.size === 0) dirty.add("list");
	};
	const readTable = async (): Promise<void> => {
		const seen = new Set<string>();
		const several = new Map<string, RowKey>();
		for await (const page of stage.rows()) {
			for (const row of page) {
				if (isStopping) return;
				const id = groupOf(row);
				if (seen.has(id)) several.set(id, row);
				seen.add(id);
				const one = { row, text: await stage.textOf(row) };
				if (!several.has(id)) put(summaryOf({ fullest: one, revisions: [one] }, journeys.to));
			}
		}
		for (const key of several.values()) touch(key, () => show(key));
	};
	const readCallbacks = async (path?: string): Promise<void> => {
		for await (const page of stage.callbacks(path)) {
			for (const { pk, sk, receivedAt, method, path, query } of page) {
				callbacks.set(pk + sk, { pk, sk, receivedAt, method, path, query });
			}
		}
		const newest = [...callbacks].sort(([, a], [, b]) => (a.receivedAt < b.receivedAt ? 1 : -1));
		for (const [id] of newest.slice(MOST_CALLBACKS)) callbacks.delete(id);
		dirty.add("callbacks");
	};

	const onLine = (line: string): void => {
		const event = readLogLine(line);
		if (event === undefined) return;
		measure(...platformSamples(event, prefix, Date.now()));
		dirty.add("path");
		state = step.afterEvent(state, event, stage.followRequests !== undefined);
		switch (event.event) {
			case "counted":
				measure(...event.samples);
				break;
			case "taken":
				journeys.taken(event);
				dirty.add("waiting");
				break;
			case "kept":
				journeys.kept(event);
				feelSoon();
				dirty.add("waiting");
				if (event.conformance) touch(event, () => show(event));
				else if (event.pk.startsWith(CALLBACK)) {
					touch({ pk: event.pk, sk: "" }, () => readCallbacks(event.pk.slice(CALLBACK.length)));
				}
				break;
			case "notStored":
				journeys.notStored(event);
				dirty.add("waiting");
				break;
			case "refused":
				if (!stage.followRequests) newRequests.unshift(...state.requests.slice(0, 1));
				break;
			default:
				break;
		}
	};
	const look = async (): Promise<void> => {
		if (state.letters.isLooking) return;
		state = step.whileLooking(state);
		dirty.add("deadLetters");
		const found = await stage.peek().catch(() => []);
		state = step.afterLook(state, found.map(deadLetterSummary));
		dirty.add("deadLetters");
	};
	const feel = async (isRegular: boolean): Promise<void> => {
		const pulse = await stage.feel();
		state = step.afterPulse(state, pulse, isRegular);
		dirty.add("path").add("dashboard").add("deadLetters");
		const { queue, deadLetterQueue } = state.pulse ?? {};
		const now = Date.now();
		if (queue) {
			const oldest = journeys.waiting(patience).findLast(({ isDead }) => !isDead)?.takenAt;
			const age = oldest === undefined ? 0 : Math.max(0, now - Date.parse(oldest)) / 1_000;
			measure(
				sqsSample("ApproximateNumberOfMessagesVisible", queueName, queue.visible, now),
				sqsSample("ApproximateNumberOfMessagesNotVisible", queueName, queue.hidden, now),
				sqsSample("ApproximateAgeOfOldestMessage", queueName, age, now),
			);
		}
		if (deadLetterQueue) {
			const lying = deadLetterQueue.visible + deadLetterQueue.hidden;
			measure(sqsSample("ApproximateNumberOfMessagesVisible", deadLetterQueueName, lying, now));
		}
		if (step.isQueueEmpty(state)) {
			journeys.queueIsEmpty();
			dirty.add("waiting");
		}
		if (step.wantsLook(state)) void look();
	};
	let feeling: Promise<void> = feel(false);
	const feelNext = (isRegular: boolean): void => {
		feeling = feeling.then(() => feel(isRegular)).catch(() => undefined);
	};
	/** The queue's count is to follow a row that is shown, not to lag behind it by a pulse. */
	const feelSoon = (): void => {
		soon ??= setTimeout(() => {
			soon = undefined;
			feelNext(false);
		}, SOON_MS);
	};

	const list = (filter: Filter, limit: number, before?: string): MessageList => {
		const { known, forgotten } = catalog;
		const isReading = reading.isReading || touched.size > BEHIND;
		return { ...catalog.page(filter, limit, before), known, forgotten, ...reading, isReading };
	};
	const path = () => step.pathOf(state, patience.longest);
	const parts = {
		facets: catalog.facets,
		waiting: () => journeys.waiting(patience, catalog.chatName).filter(({ isDead }) => !isDead),
		deadLetters: () => state.letters,
		callbacks: () => [...callbacks.values()].sort((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1)),
	};
	const dashboard = () => {
		const now = Date.now();
		const drawn = drawDashboard(stage.dashboard, metrics, isMeasured, timesOf(began, now));
		return { ...drawn, alarms: alarms.states(now) };
	};
	const publish = (): void => {
		if (dirty.size === 0 && newRequests.length === 0) return;
		const messages = [...changed.values()];
		const news: Update = {
			...(dirty.has("path") && given("path", path())),
			...(dirty.has("facets") && listeners.size > 0 && { facets: parts.facets() }),
			...(dirty.has("waiting") && { waiting: parts.waiting() }),
			...(newRequests.length > 0 && { requests: newRequests.map(summaryOfRequest) }),
			...(dirty.has("deadLetters") && { deadLetters: parts.deadLetters() }),
			...(dirty.has("callbacks") && { callbacks: parts.callbacks() }),
		};
		const hasList = dirty.has("list");
		const drawn =
			dirty.has("dashboard") && [...listeners.values()].some((view) => view.wantsDashboard)
				? dashboard()
				: undefined;
		dirty.clear();
		changed.clear();
		newRequests.length = 0;
		for (const [listener, { filter, wantsDashboard }] of listeners) {
			listener({
				...news,
				...(hasList && {
					list: { ...list(filter, 0), messages: catalog.passing(messages, filter) },
				}),
				...(wantsDashboard && given("dashboard", drawn)),
			});
		}
	};

	const unfollow = stage.followRequests?.((seen) => {
		const request = requestDetail(seen, stage.secrets);
		measure(apiSample("Latency", Date.now(), seen.ms));
		state = step.afterRequest(state, request);
		newRequests.unshift(request);
	});
	const pulseTimer = setInterval(() => feelNext(true), PULSE_MS);
	const publishTimer = setInterval(publish, PUBLISH_MS);
	const stopLog = await stage.followLog(onLine);
	const readAll = async (): Promise<void> => {
		for (const read of [readTable, readCallbacks]) {
			for (let isDone = false; !isDone && !isStopping; ) {
				try {
					await read();
					isDone = true;
				} catch (error) {
					isDone = !isAway(error);
					if (isDone) reading = { ...reading, isPartial: true };
					else await wait(RETRY_MS);
				}
			}
		}
		reading = { ...reading, isReading: false };
		dirty.add("list");
	};
	const readingAll = readAll();
	return {
		whole: ({ filter, limit, wantsDashboard }) => ({
			isWhole: true,
			...given("path", path()),
			list: list(filter, limit),
			facets: parts.facets(),
			waiting: parts.waiting(),
			requests: state.requests
				.filter(({ status }, at) => at < LISTED_REQUESTS || status !== 200)
				.map(summaryOfRequest),
			deadLetters: parts.deadLetters(),
			callbacks: parts.callbacks(),
			...(wantsDashboard && { dashboard: dashboard() }),
		}),
		listen(view, listener) {
			listeners.set(listener, view);
			return () => listeners.delete(listener);
		},
		list,
		async open(key) {
			const message = await stage.message(key);
			return (
				message && {
					summary: summaryOf(message, journeys.to),
					revisions: message.revisions.map(({ row, text }) => {
						const { message: _, messageGzip: __, ...attributes } = row;
						return { attributes, ...given("text", text), journeys: journeys.to(row) };
					}),
				}
			);
		},
		async openCallback({ pk, sk }) {
			if (!pk.startsWith(CALLBACK)) return undefined;
			for await (const page of stage.callbacks(pk.slice(CALLBACK.length))) {
				const row = page.find((one) => one.sk === sk);
				if (row === undefined) continue;
				const text = await stage.textOf(row);
				const { receivedAt, method, path, query, encoding } = row;
				const body = text === undefined ? undefined : { text, encoding };
				return { pk, sk, receivedAt, method, path, query, ...given("body", body) };
			}
			return undefined;
		},
		openRequest: (id) => state.requests.find((request) => request.id === id),
		look,
		async redrive(id) {
			await stage.redrive(id);
			state = id === undefined ? { ...state, emptyPulses: 0 } : step.withoutLetter(state, id);
			await feel(false);
		},
		async discard(id) {
			await stage.discard(id);
			state = step.withoutLetter(state, id);
			await feel(false);
		},
		async setTable(isThere) {
			if (isThere !== state.isTableTaken || !stage.setTable) return;
			state = { ...state, isTableTaken: !isThere };
			await stage.setTable(isThere);
			await feel(false);
		},
		async stop() {
			isStopping = true;
			clearInterval(pulseTimer);
			clearInterval(publishTimer);
			unfollow?.();
			await stopLog();
			clearTimeout(soon);
			await Promise.all([...working, feeling, readingAll]);
			stage.close();
		},
	};
}

/** How the partition keys of other callbacks begin (lib/storage/row.ts). */
const CALLBACK = "callback#";

function summaryOfRequest(request: RequestSummary): RequestSummary {
	const { id, at, method, url, violations } = request;
	return {
		...{ id, at, method, url, violations },
		...given("status", request.status),
		...given("reason", request.reason),
		...given("messageId", request.messageId),
	};
}

/** Whether it is the table that failed, which passes, and not what lies in it. */
function isAway(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return "$metadata" in error || "code" in error || /Timeout|Abort/.test(error.name);
}
