import { open } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";

const PAUSE_MS = 100;
const LINE_END = 0x0a;

/**
 * Follows a file line by line.
 *
 * @param start the offset in bytes at which to begin.
 * @param onLine gets each line once it is whole.
 * @returns how to stop.
 */
export async function followLog(
	file: string,
	start: number,
	onLine: (line: string) => void,
): Promise<() => Promise<void>> {
	const handle = await open(file, "r");
	const stopping = new AbortController();
	const chunk = Buffer.alloc(64 * 1024);
	let at = start;
	let rest: Buffer = Buffer.alloc(0);
	const readAll = async (): Promise<void> => {
		for (;;) {
			const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
			if (bytesRead === 0) return;
			at += bytesRead;
			rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
			const end = rest.lastIndexOf(LINE_END);
			if (end === -1) continue;
			for (const line of rest.toString("utf8", 0, end).split("\n")) onLine(line);
			rest = rest.subarray(end + 1);
		}
	};
	const follow = async (): Promise<void> => {
		while (!stopping.signal.aborted) {
			await readAll();
			await setTimeout(PAUSE_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
		}
		await handle.close();
	};
	const following = follow();
	return async () => {
		stopping.abort();
		await following;
	};
}
