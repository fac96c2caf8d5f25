import { createHash } from "node:crypto";
import pLimit from "p-limit";
import pRetry from "p-retry";
import type { RowKey } from "../storage/row.ts";
import { before, followKeys, later, OVERLAP_MS, type Pace } from "./following.ts";
import type { Reader, StoredKey } from "./reader.ts";
import { momentOf } from "./storing-order.ts";

/** How far a forwarding has come. */
export interface Cursor {
	/** Nothing that was stored earlier is forwarded; ISO 8601 in ms, as all times here. */
	readonly begin: string;
	/** All that was stored earlier, and was seen, is delivered. */
	readonly mark: string;
	/** Rows that were delivered since the mark: their {@link repeatKey}, and when they were stored. */
	readonly delivered: Readonly<Record<string, string>>;
}

/** How and where to. */
export interface Forwarding extends Pace {
	readonly signal: AbortSignal;
	/** Delivers one row, or finds that there is nothing to deliver. @throws when it must be tried again. */
	deliver(key: StoredKey, repeatKey: string): Promise<void>;
	/** Is told of the first failure of each. */
	onFailure(key: StoredKey, error: unknown): void;
	/** Keeps a cursor; called again only when it is done. */
	save(cursor: Cursor): Promise<void>;
	/** How long to wait after a first failure, and at most, in ms. */
	readonly patience: readonly [first: number, longest: number];
}

/** Tells a repeat: the same for a row at each of its deliveries. */
export function repeatKey({ pk, sk }: RowKey): string {
	return createHash("sha256")
		.update(JSON.stringify([pk, sk]))
		.digest("base64url");
}

/** How many chats are served at once. */
const AT_ONCE = 8;
/** What waits is held as keys; with more of them nothing further is read. */
const MOST_WAITING = 20_000;
/** The queue keeps no order, so what was sent earlier may be stored a moment later. */
const SETTLING_MS = 2_000;

/**
 * Delivers each row of a table at least once; those of a chat one after the other, in the order of
 * their time, as far as they were stored within {@link SETTLING_MS}. What cannot be delivered is tried
 * again for as long as it takes, and meanwhile holds up its own chat only.
 *
 * After a kill it goes on from the cursor: what was delivered since that was kept comes again.
 */
export async function forwardRows(
	reader: Pick<Reader, "storedKeys">,
	{ begin, mark, delivered }: Cursor,
	{ signal, deliver, onFailure, save, patience, wait, onTrouble }: Forwarding,
): Promise<void> {
	const done = new Map(Object.entries(delivered));
	/** What is not delivered, and when it was stored. */
	const open = new Map<string, string>();
	const chats = new Map<string, StoredKey[]>();
	const served = new Map<string, Promise<void>>();
	const limit = pLimit(AT_ONCE);
	let newest = mark;
	/** All that was stored up to then, and a moment later, has been seen. */
	let settled = "";
	let progress = Promise.withResolvers<void>();
	signal.addEventListener("abort", () => progress.resolve());
	const keep = saver(onTrouble, () => {
		// A clock that was ahead once must not hide, after a kill, what comes after it.
		const now = new Date().toISOString();
		const reached = [...open.values(), now].reduce((a, b) => (a < b ? a : b), newest);
		const from = before(reached, OVERLAP_MS);
		for (const [id, storedAt] of done) if (storedAt < from) done.delete(id);
		return save({ begin, mark: reached, delivered: Object.fromEntries(done) });
	});

	const deliverInTime = async (key: StoredKey, id: string): Promise<void> => {
		const [minTimeout, maxTimeout] = patience;
		const attempt = async (): Promise<void> => {
			try {
				await deliver(key, id);
			} catch (cause) {
				// Some errors would end the attempts, such as a TypeError.
				throw new Error("not delivered", { cause });
			}
		};
		await pRetry(() => limit(attempt), {
			...{ retries: Number.POSITIVE_INFINITY, minTimeout, maxTimeout, signal },
			onFailedAttempt({ error, attemptNumber }) {
				if (attemptNumber === 1) onFailure(key, error.cause);
			},
		});
	};
	const serve = async (pk: string, waiting: StoredKey[]): Promise<void> => {
		for (let key = waiting[0]; key && key.storedAt <= settled; key = waiting[0]) {
			const id = repeatKey(key);
			await deliverInTime(key, id);
			// An earlier one may stand before it now.
			waiting.splice(waiting.indexOf(key), 1);
			open.delete(id);
			done.set(id, key.storedAt);
			progress.resolve();
			keep.soon();
		}
		if (waiting.length === 0) chats.delete(pk);
	};
	/** Serves the chats that nobody serves, as far as all that belongs before it must be there. */
	const settle = (upTo: string): void => {
		settled = later(settled, before(upTo, SETTLING_MS));
		for (const [pk, waiting] of chats) {
			// When it is stopped, what it has not delivered comes the next time.
			if (served.has(pk)) continue;
			const service = serve(pk, waiting).catch(() => {});
			served.set(
				pk,
				service.finally(() => served.delete(pk)),
			);
		}
	};

	const since = later(begin, before(mark, OVERLAP_MS));
	let looksAt = new Date().toISOString();
	const pace: Pace = {
		onTrouble,
		async wait() {
			settle(looksAt);
			const goesOn = await wait();
			looksAt = new Date().toISOString();
			return goesOn;
		},
	};
	for await (const keys of followKeys(reader, since, pace)) {
		for (const key of keys) {
			const id = repeatKey(key);
			newest = later(newest, key.storedAt);
			if (done.has(id)) continue;
			open.set(id, key.storedAt);
			enqueue(chats, key);
		}
		const last = keys.at(-1)?.storedAt ?? "";
		if (last < looksAt) settle(last);
		while (open.size > MOST_WAITING && !signal.aborted) {
			await progress.promise;
			progress = Promise.withResolvers();
		}
		if (signal.aborted) break;
	}
	await Promise.all(served.values());
	keep.soon();
	await keep.idle();
}

function enqueue(chats: Map<string, StoredKey[]>, key: StoredKey): void {
	const waiting = chats.get(key.pk) ?? [];
	const place = orderOf(key);
	waiting.splice(waiting.findLastIndex((one) => orderOf(one) < place) + 1, 0, key);
	chats.set(key.pk, waiting);
}

function orderOf(key: StoredKey): string {
	return `${momentOf(key)} ${key.receivedAt} ${key.sk}`;
}

/** Saves one after the other, and of what comes meanwhile only the last. */
function saver(onTrouble: (error: unknown) => void, save: () => Promise<void>) {
	let isWanted = false;
	let work: Promise<void> | undefined;
	const run = async (): Promise<void> => {
		while (isWanted) {
			isWanted = false;
			await save().catch(onTrouble);
		}
		work = undefined;
	};
	return {
		soon(): void {
			isWanted = true;
			work ??= run();
		},
		idle: async (): Promise<void> => work,
	};
}
