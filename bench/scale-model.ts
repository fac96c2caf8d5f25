import TinyQueue from "tinyqueue";
import { randomFrom } from "../local/ledger-mix.ts";

// A discrete-event model of what bounds the way on AWS. docs/scale.md has the source of each limit.

/** What comes, and what is set. */
export interface Scenario {
	readonly name: string;
	/** Callbacks a second, at random moments. */
	readonly rate: number;
	readonly seconds: number;
	/** Messages that wait in the queue as it begins. */
	readonly backlog?: number;
	/** The part of the callbacks that are of one chat; 0 without. */
	readonly hot?: number;
	/** The account's concurrency in Lambda; 1,000 without. */
	readonly concurrency?: number;
	readonly throttleRate?: number;
	readonly throttleBurst?: number;
	readonly storeConcurrency?: number;
	/** Write units a second that table and index are warm for; 4,000 without. */
	readonly warm?: number;
}

/** What became of it. */
export interface Outcome {
	readonly sent: number;
	readonly acknowledged: number;
	/** By the API, above its rate. */
	readonly tooMany: number;
	/** By Lambda, without room for receive. */
	readonly noRoom: number;
	/** Milliseconds to the acknowledgement. */
	readonly ack50: number;
	readonly ack99: number;
	/** Seconds from callback to row. */
	readonly row50: number;
	readonly row99: number;
	readonly mostWaiting: number;
	/** Environments of receive, and batches of store, at once. */
	readonly mostReceives: number;
	readonly mostStores: number;
	/** Puts that the table refused, of all that were tried. */
	readonly throttledPart: number;
	/** When the last row was there, in seconds. */
	readonly doneAt: number;
}

/** Seconds. Measured at 512 MB (`npm run share`), and 6 ms for each call that leaves the machine. */
const RECEIVE_SECONDS = 0.01;
const COLD_SECONDS = 0.25;
const STORE_SECONDS = 0.056;
const BATCH = 10;

/** Environments that a function gets in 10 s. */
const ENVIRONMENTS = 1_000;
const POLLERS_AT_FIRST = 5;
const POLLERS_A_SECOND = 300 / 60;
const MOST_POLLERS = 1_000;
const PARTITION_UNITS = 1_000;
const INDEX_SHARDS = 64;
/** What DynamoDB takes of a new table, on demand. */
const WARM_UNITS = 4_000;
/** It takes up to twice the peak of 30 minutes ago. */
const ADAPTS_SECONDS = 1_800;
/** The SDK's tries of a put, and its pauses. */
const PAUSES = [0.05, 0.1];
/** As of lib/storage/patience.ts. */
const FIRST_WAIT = 30;
const LONGEST_WAIT = 1_800;

/** A bucket of tokens, which holds what a second brings. */
function bucket(rate: number, capacity = rate) {
	let tokens = capacity;
	let at = 0;
	return {
		rate,
		take(now: number): boolean {
			tokens = Math.min(capacity, tokens + (now - at) * this.rate);
			at = now;
			if (tokens < 1) return false;
			tokens--;
			return true;
		},
		giveBack(): void {
			tokens++;
		},
	};
}

interface Message {
	readonly since: number;
	readonly isHot: boolean;
	readonly shard: number;
	tries: number;
}

interface Event {
	readonly at: number;
	readonly run: () => void;
}

/** Runs a scenario, always the same for a seed. */
export function simulate(scenario: Scenario, seed: number): Outcome {
	const { rate, seconds, backlog = 0, hot = 0, concurrency = 1_000 } = scenario;
	const { throttleRate = 100, throttleBurst = 500, storeConcurrency = 5 } = scenario;
	const { warm = WARM_UNITS } = scenario;
	const random = randomFrom(seed);
	const jitter = (mean: number): number =>
		mean *
		Math.exp(0.3 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
	const events = new TinyQueue<Event>([], (a, b) => a.at - b.at);
	let now = 0;
	const after = (delay: number, run: () => void): void => events.push({ at: now + delay, run });

	const gate = bucket(throttleRate, throttleBurst);
	const invocations = bucket(10 * concurrency);
	const environments = bucket(ENVIRONMENTS / 10, ENVIRONMENTS);
	let idle = 0;
	let receiving = 0;
	const acks: number[] = [];
	const counts = { sent: 0, tooMany: 0, noRoom: 0, puts: 0, throttled: 0, rows: 0 };
	const most = { waiting: 0, receives: 0, stores: 0 };
	const rowTimes: number[] = [];

	const hotChat = bucket(PARTITION_UNITS);
	const table = bucket(warm);
	const shards = Array.from({ length: INDEX_SHARDS }, () => bucket(PARTITION_UNITS));
	const peaks: number[] = [];
	let written = 0;

	const message = (): Message => ({
		...{ since: now, tries: 0 },
		...{ isHot: random() < hot, shard: Math.floor(random() * INDEX_SHARDS) },
	});
	let waiting: Message[] = [];
	let head = 0;
	const length = (): number => waiting.length - head + untouched;
	/** Of a backlog only those are made that a batch takes. */
	let untouched = backlog;
	let pollers = POLLERS_AT_FIRST;
	let storing = 0;
	const enqueue = (one: Message): void => {
		waiting.push(one);
		most.waiting = Math.max(most.waiting, length());
		poll();
	};

	const arrive = (): void => {
		counts.sent++;
		if (now < seconds) after(-Math.log(1 - random()) / rate, arrive);
		if (!gate.take(now)) {
			counts.tooMany++;
			return;
		}
		const hasRoom = receiving + storing < concurrency && invocations.take(now);
		const isCold = idle === 0;
		if (!hasRoom || (isCold && !environments.take(now))) {
			counts.noRoom++;
			return;
		}
		if (!isCold) idle--;
		receiving++;
		most.receives = Math.max(most.receives, receiving);
		const took = jitter(RECEIVE_SECONDS) + (isCold ? jitter(COLD_SECONDS) : 0);
		after(took, () => {
			receiving--;
			idle++;
			acks.push(took * 1_000);
			enqueue(message());
		});
	};

	const poll = (): void => {
		const limit = Math.min(pollers, storeConcurrency, concurrency - receiving);
		while (storing < limit && length() > 0) {
			const batch: Message[] = [];
			while (batch.length < BATCH && head < waiting.length) {
				const one = waiting[head++];
				if (one) batch.push(one);
			}
			while (batch.length < BATCH && untouched > 0) {
				untouched--;
				batch.push(message());
			}
			if (head > 100_000) {
				waiting = waiting.slice(head);
				head = 0;
			}
			storing++;
			most.stores = Math.max(most.stores, storing);
			after(jitter(STORE_SECONDS), () => write(batch, 0));
		}
	};

	const isTaken = ({ isHot, shard }: Message): boolean => {
		counts.puts++;
		const index = shards[shard];
		if (isHot && !hotChat.take(now)) return false;
		if (!table.take(now)) {
			if (isHot) hotChat.giveBack();
			return false;
		}
		// What the index does not take, the table does not take either.
		return index?.take(now) === true;
	};
	const write = (batch: readonly Message[], tries: number): void => {
		const left = batch.filter((one) => {
			if (!isTaken(one)) {
				counts.throttled++;
				return true;
			}
			counts.rows++;
			written++;
			if (rowTimes.length < 2_000_000) rowTimes.push(now - one.since);
			return false;
		});
		const pause = PAUSES[tries];
		if (left.length > 0 && pause !== undefined) {
			after(jitter(pause), () => write(left, tries + 1));
			return;
		}
		storing--;
		for (const one of left) {
			const delay = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** one.tries++);
			after(delay, () => enqueue(one));
		}
		poll();
	};

	const tick = (): void => {
		if (length() > 0) pollers = Math.min(MOST_POLLERS, pollers + POLLERS_A_SECOND);
		else pollers = Math.max(POLLERS_AT_FIRST, pollers - POLLERS_A_SECOND);
		peaks.push(written);
		written = 0;
		const before = peaks.slice(0, Math.max(0, peaks.length - ADAPTS_SECONDS));
		if (peaks.length % 60 === 0 && before.length > 0) {
			table.rate = Math.max(table.rate, 2 * before.reduce((a, b) => Math.max(a, b), 0));
		}
		poll();
		if (now < seconds || length() > 0 || storing > 0 || events.length > 0) after(1, tick);
	};
	most.waiting = backlog;
	if (rate > 0) after(0, arrive);
	after(0, tick);
	let doneAt = 0;
	for (let event = events.pop(); event; event = events.pop()) {
		now = event.at;
		const before = counts.rows;
		event.run();
		if (counts.rows > before) doneAt = now;
	}
	const ackTimes = Float64Array.from(acks).sort();
	const rowDelays = Float64Array.from(rowTimes).sort();
	const at = (sorted: Float64Array, part: number): number =>
		sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
	return {
		...{ sent: counts.sent, acknowledged: acks.length },
		...{ tooMany: counts.tooMany, noRoom: counts.noRoom },
		...{ ack50: at(ackTimes, 0.5), ack99: at(ackTimes, 0.99) },
		...{ row50: at(rowDelays, 0.5), row99: at(rowDelays, 0.99) },
		...{ mostWaiting: most.waiting, mostReceives: most.receives, mostStores: most.stores },
		...{ throttledPart: counts.throttled / Math.max(1, counts.puts), doneAt },
	};
}
