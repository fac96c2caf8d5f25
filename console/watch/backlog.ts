import { setTimeout as wait } from "node:timers/promises";
import type { RowKey } from "../../lib/storage/row.ts";

/** Rows that are to be read as soon as the table answers. */
export interface Backlog {
	/** @param onBroken is called when the row itself cannot be read. */
	add(key: RowKey, read: () => Promise<void>, onBroken?: () => void): void;
	readonly size: number;
	stop(): Promise<void>;
}

/** How soon a table that does not answer is asked again. */
export const RETRY_MS = 500;
/** How many rows are read at once. */
const MOST_READING = 8;

/** @param onEmpty is called whenever nothing is left to be read. */
export function openBacklog(onEmpty: () => void): Backlog {
	const waiting = new Map<string, () => Promise<void>>();
	const workers = new Set<Promise<void>>();
	let isStopping = false;
	const work = async (): Promise<void> => {
		for (const [id, read] of waiting) {
			waiting.delete(id);
			for (let isRead = false; !isRead && !isStopping; ) {
				isRead = await read().then(
					() => true,
					() => wait(RETRY_MS, false),
				);
			}
		}
		if (waiting.size === 0) onEmpty();
	};
	const start = (): void => {
		if (workers.size >= MOST_READING || waiting.size === 0 || isStopping) return;
		const worker: Promise<void> = work().finally(() => {
			workers.delete(worker);
			start();
		});
		workers.add(worker);
	};
	return {
		add(key, read, onBroken = () => {}) {
			const id = JSON.stringify([key.pk, key.sk]);
			// It is read once more, though it may just be read: there may be more of it now.
			waiting.delete(id);
			waiting.set(id, () =>
				read().catch((error: unknown) => {
					if (isAway(error)) throw error;
					onBroken();
				}),
			);
			start();
		},
		get size() {
			return waiting.size;
		},
		async stop() {
			isStopping = true;
			await Promise.all(workers);
		},
	};
}

/** Whether it is the table that failed, which passes, and not what lies in it or was asked. */
export function isAway(error: unknown): boolean {
	if (!(error instanceof Error) || error.name === "ValidationException") return false;
	return "$metadata" in error || "code" in error || /Timeout|Abort/.test(error.name);
}
