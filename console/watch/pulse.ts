import type { Pulse, Stage } from "../stage.ts";

/** Asks a stage how it is, at even times and when there is a reason to. */
export interface PulseTaker {
	/** Asks now. */
	feel(): Promise<void>;
	/** The queue's count is to follow a row that is shown, not to lag behind it by a pulse. */
	feelSoon(): void;
	stop(): Promise<void>;
}

const SOON_MS = 200;

/**
 * @param onPulse is told whether it is a pulse of the even times.
 * @param isWatched whether a page is open; without one the stage is not asked.
 */
export function takePulse(
	{ feel: ask, pulseMs }: Pick<Stage, "feel" | "pulseMs">,
	onPulse: (pulse: Pulse, isRegular: boolean) => void,
	isWatched: () => boolean,
): PulseTaker {
	let soon: NodeJS.Timeout | undefined;
	const feel = async (isRegular: boolean): Promise<void> => onPulse(await ask(), isRegular);
	let feeling = feel(false).catch(() => undefined);
	const feelNext = (isRegular: boolean): Promise<void> => {
		feeling = feeling.then(() => feel(isRegular)).catch(() => undefined);
		return feeling;
	};
	const timer = setInterval(() => isWatched() && void feelNext(true), pulseMs);
	return {
		feel: () => feelNext(false),
		feelSoon() {
			soon ??= setTimeout(() => {
				soon = undefined;
				void feelNext(false);
			}, SOON_MS);
		},
		async stop() {
			clearInterval(timer);
			clearTimeout(soon);
			await feeling;
		},
	};
}
