import type { Entry } from "./record.ts";

/** Sees to it that the directory has an entry; resolves when it does. */
export type Enter = (entry: Entry, signal: AbortSignal) => Promise<void>;

/** Each has some 300 bytes, and a process of 512 MB is to meet a chat once. */
const MOST_KNOWN = 10_000;

/**
 * Opens the directory of chats: which partitions have rows of a contact, or of a room. That hardly ever
 * changes, so an entry is written once and known from then on. A process that does not know it yet asks
 * first: a read costs a tenth of a write, and one that changes nothing is paid for as well.
 *
 * @param isThere whether the table has an entry that lasts as long.
 * @param put writes it.
 */
export function openDirectory(
	isThere: (entry: Entry, signal: AbortSignal) => Promise<boolean>,
	put: (entry: Entry, signal: AbortSignal) => Promise<unknown>,
): Enter {
	const known = new Map<string, Promise<void>>();
	const enter = async (entry: Entry, signal: AbortSignal): Promise<void> => {
		// Whoever cannot be asked can perhaps be told.
		if (!(await isThere(entry, signal).catch(() => false))) await put(entry, signal);
	};
	return (entry, signal) => {
		const name = JSON.stringify([entry.pk, entry.sk, entry.expiresAt]);
		const entered = known.get(name) ?? enter(entry, signal);
		// The one that was not met for longest is forgotten first.
		known.delete(name);
		known.set(name, entered);
		const [oldest] = known.keys();
		if (known.size > MOST_KNOWN && oldest !== undefined) known.delete(oldest);
		entered.catch(() => known.delete(name));
		return entered;
	};
}
