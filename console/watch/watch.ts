import type { RowKey } from "../../lib/storage/row.ts";
import type {
	CallbackDetail,
	MessageDetail,
	MessageList,
	MessageSummary,
	RequestDetail,
	RequestSummary,
	Update,
} from "../protocol.ts";
import { requestDetail } from "../secrets.ts";
import type { Run, Stage } from "../stage.ts";
import { followTable } from "./arrivals.ts";
import { given } from "./fields.ts";
import type { Filter } from "./filter.ts";
import { openJourneys } from "./journeys.ts";
import { openKnown } from "./known.ts";
import { deadLetterSummary } from "./letters.ts";
import { readLogLine } from "./log-line.ts";
import { openMeasures } from "./measures.ts";
import type { Pool } from "./pool.ts";
import { openPublisher } from "./publisher.ts";
import { takePulse } from "./pulse.ts";
import { openReports } from "./reports.ts";
import * as step from "./state.ts";

/** What one page wants to see. */
export interface View {
	readonly filter: Filter;
	readonly limit: number;
	/** How many hours of the dashboard; none when it is not looked at. */
	readonly hours: number;
}

/** All that the console knows of a stage. */
export interface Watch {
	/**
	 * Tells everything at once, and then what changes.
	 *
	 * @returns how to stop listening.
	 */
	listen(view: View, listener: (update: Update) => void): () => void;
	/** Messages that pass a filter, after a place in their order; older ones are read as needed. */
	list(filter: Filter, limit: number, before?: string): Promise<MessageList>;
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

const LISTED_REQUESTS = 300;
const EVERYTHING: ReadonlySet<keyof Update> = new Set([
	...(["path", "list", "facets", "waiting", "requests", "deadLetters", "callbacks"] as const),
	...(["dashboard", "ringing"] as const),
]);

/** A view, with the messages in which it looks. */
interface Held extends View {
	readonly pool: Pool;
}

/** Begins to watch a stage. */
export async function openWatch(stage: Stage): Promise<Watch> {
	const { reader, letters, run } = stage;
	const journeys = openJourneys();
	let state = run ? step.ofRun(step.unobserved) : step.unobserved;
	/** How many requests have come that nobody was told of. */
	let untold = 0;

	const publisher = openPublisher<Held>((parts) => {
		const news = new Map([...known.pools()].map((pool) => [pool, pool.news()]));
		const requests = state.requests.slice(0, untold).map(summaryOfRequest);
		untold = 0;
		return (view) => ({
			...updateOf(view, parts, news.get(view.pool) ?? []),
			...(requests.length > 0 && { requests }),
		});
	});
	const { changed } = publisher;
	/** A run is followed for its metrics, too; a deployed stage is asked only for somebody. */
	const isWatched = (): boolean => run !== undefined || publisher.hasListeners();
	const known = openKnown(reader, journeys.to, changed);
	const reports = stage.measure
		? openReports(stage.measure, () => changed("dashboard"))
		: undefined;
	const measures = run && openMeasures(run, () => changed("ringing"));
	const waiting = () => (run ? journeys.waiting(run.patience, known.table.chatName) : []);

	const pulse = takePulse(
		stage,
		(felt, isRegular) => {
			state = step.afterPulse(state, felt, isRegular);
			changed("path", "dashboard", "deadLetters");
			measures?.afterPulse(felt, waiting().findLast(({ isDead }) => !isDead)?.takenAt);
			if (step.isQueueEmpty(state)) {
				journeys.queueIsEmpty();
				changed("waiting");
			}
			if (step.wantsLook(state)) void look();
		},
		isWatched,
	);
	const look = async (): Promise<void> => {
		if (state.letters.isLooking) return;
		state = step.whileLooking(state);
		changed("deadLetters");
		const found = await letters.peek().then(
			(seen) => seen.letters,
			() => [],
		);
		state = step.afterLook(state, found.map(deadLetterSummary));
		changed("deadLetters");
	};
	const followLine = (line: string): void => {
		const event = readLogLine(line);
		if (event === undefined) return;
		measures?.afterEvent(event);
		state = step.afterEvent(state, event);
		journeys.follow(event);
		changed("path", "waiting");
		if (event.event !== "kept") return;
		pulse.feelSoon();
		known.came(event);
	};
	const followRun = async ({ followLog, followRequests, secrets }: Run) => {
		const unfollow = followRequests((seen) => {
			measures?.afterRequest(seen.ms);
			state = step.afterRequest(state, requestDetail(seen, secrets));
			untold++;
			changed("requests");
		});
		const stopLog = await followLog(followLine);
		return async () => {
			unfollow();
			await stopLog();
		};
	};

	const listOf = (pool: Pool, filter: Filter, limit: number, before?: string): MessageList => {
		const list = pool.list(filter, limit, before);
		return { ...list, isReading: list.isReading || known.isBehind };
	};
	const updateOf = (
		{ filter, hours, pool }: Held,
		parts: ReadonlySet<keyof Update>,
		news: readonly MessageSummary[],
	): Update => ({
		...(parts.has("path") && given("path", step.pathOf(state))),
		...(parts.has("list") && {
			list: { ...listOf(pool, filter, 0), messages: pool.passing(news, filter) },
		}),
		...(parts.has("facets") && { facets: known.table.facets() }),
		...(parts.has("waiting") && { waiting: waiting().filter(({ isDead }) => !isDead) }),
		...(parts.has("deadLetters") && { deadLetters: state.letters }),
		...(parts.has("ringing") && measures && { ringing: measures.ringing() }),
		...(parts.has("callbacks") && { callbacks: known.callbacks() }),
		...(parts.has("dashboard") &&
			hours > 0 &&
			given("dashboard", reports ? reports.of(hours) : measures?.dashboard())),
	});
	const stopFollowing = run
		? await followRun(run)
		: followTable(reader, known.came, { everyMs: stage.pulseMs, after: known.begun, isWatched });
	return {
		listen(view, listener) {
			const { filter, limit } = view;
			const { pool, letGo } = known.hold(filter);
			const held = { ...view, pool };
			listener({
				...updateOf(held, EVERYTHING, []),
				isWhole: true,
				list: listOf(pool, filter, limit),
				requests: state.requests
					.filter(({ status }, at) => at < LISTED_REQUESTS || status !== 200)
					.map(summaryOfRequest),
			});
			const unlisten = publisher.listen(held, listener);
			void pool.readOn(filter, limit, undefined, () =>
				listener({ isOlder: true, list: listOf(pool, filter, limit) }),
			);
			return () => {
				unlisten();
				letGo();
			};
		},
		async list(filter, limit, before) {
			const pool = known.poolOf(filter);
			await pool.readOn(filter, limit, before);
			return listOf(pool, filter, limit, before);
		},
		open: known.open,
		openCallback: known.openCallback,
		openRequest: (id) => state.requests.find((request) => request.id === id),
		look,
		async redrive(id) {
			if (id === undefined) await letters.redrive();
			else await letters.redriveOne(id);
			state = id === undefined ? { ...state, emptyPulses: 0 } : step.withoutLetter(state, id);
			await pulse.feel();
		},
		async discard(id) {
			await letters.discard?.(id);
			state = step.withoutLetter(state, id);
			await pulse.feel();
		},
		async setTable(isThere) {
			if (isThere !== state.isTableTaken || !stage.setTable) return;
			state = { ...state, isTableTaken: !isThere };
			await stage.setTable(isThere);
			await pulse.feel();
		},
		async stop() {
			publisher.stop();
			await Promise.all([stopFollowing(), pulse.stop(), known.stop()]);
			stage.close();
		},
	};
}

function summaryOfRequest(request: RequestDetail): RequestSummary {
	const { headers: _, body: __, answer: ___, ms: ____, ...summary } = request;
	return summary;
}
