/** How long a message that could not be stored waits for its next try, in seconds. */
export interface Patience {
	readonly first: number;
	readonly longest: number;
}

/**
 * The queue keeps a message for 14 days and gives it 1,000 tries, the most that SQS has of both. With
 * half an hour between the later ones, 14 days are 677 tries: no outage uses them up, and half an hour
 * after its end all is stored.
 */
export const USUAL_PATIENCE: Patience = { first: 30, longest: 1_800 };

/**
 * Doubles from try to try: what is over soon is noticed soon, and what lasts is not asked all the time.
 *
 * @param receiveCount how often SQS has handed the message out, this time included.
 */
export function secondsToWait(receiveCount: number, { first, longest }: Patience): number {
	return Math.min(longest, first * 2 ** (Math.max(1, receiveCount) - 1));
}

/** @param text such as `30-1800`. */
export function readPatience(text: string): Patience | undefined {
	const [, first, longest] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
	if (first === undefined || Number(first) < 1 || Number(first) > Number(longest)) return undefined;
	return { first: Number(first), longest: Number(longest) };
}
