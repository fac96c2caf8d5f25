import type { Update } from "../protocol.ts";

/** Tells listeners what has changed, not more often than an eye can follow. */
export interface Publisher<View> {
	/** Says that parts of what is known have changed. */
	changed(...parts: readonly (keyof Update)[]): void;
	/** @returns how to stop listening. */
	listen(view: View, listener: (update: Update) => void): () => void;
	hasListeners(): boolean;
	stop(): void;
}

const PUBLISH_MS = 150;
/** A page that hears nothing takes the server for gone. */
const SILENT_TIMES = 7;

/** @param updateOf makes what all listeners, each with its view, are to be told of some parts. */
export function openPublisher<View>(
	updateOf: (parts: ReadonlySet<keyof Update>) => (view: View) => Update,
): Publisher<View> {
	const listeners = new Map<(update: Update) => void, View>();
	const dirty = new Set<keyof Update>();
	let silent = 0;
	const timer = setInterval(() => {
		if (dirty.size === 0 && ++silent < SILENT_TIMES) return;
		silent = 0;
		const update = updateOf(new Set(dirty));
		dirty.clear();
		for (const [listener, view] of listeners) listener(update(view));
	}, PUBLISH_MS);
	return {
		changed(...parts) {
			for (const part of parts) dirty.add(part);
		},
		listen(view, listener) {
			listeners.set(listener, view);
			return () => listeners.delete(listener);
		},
		hasListeners: () => listeners.size > 0,
		stop: () => clearInterval(timer),
	};
}
