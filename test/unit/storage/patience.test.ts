import { expect, test } from "vitest";
import { readPatience, secondsToWait, USUAL_PATIENCE } from "../../../lib/storage/patience.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const RETENTION_SECONDS = 14 * 86_400;
const MOST_TRIES = 1_000;

test("no outage that a message survives in the queue uses up its tries", () => {
	let tries = 0;
	for (let waited = 0; waited < RETENTION_SECONDS; tries++) {
		waited += secondsToWait(tries + 1, USUAL_PATIENCE);
	}
	expect(tries).toBe(677);
	expect(tries).toBeLessThan(MOST_TRIES);
});

test("the pause doubles up to the longest", () => {
	const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 999, 1_000].map((tries) =>
		secondsToWait(tries, USUAL_PATIENCE),
	);
	expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1_800, 1_800, 1_800, 1_800]);
});

test("what SQS would refuse is never asked: whole seconds, 12 hours at most", () => {
	for (let tries = 0; tries < 2_000; tries++) {
		const seconds = secondsToWait(tries, USUAL_PATIENCE);
		expect(Number.isInteger(seconds) && seconds > 0 && seconds <= 43_200).toBe(true);
	}
});

test.each(["", "30", "0-10", "20-10", "a-b", "1-2-3"])("%j is no patience", (text) => {
	expect(readPatience(text)).toBeUndefined();
});

test("what is written is what is read", () => {
	expect(readPatience("1-20")).toEqual({ first: 1, longest: 20 });
	expect(readPatience("30-1800")).toEqual(USUAL_PATIENCE);
	expect(readPatience("5-5")).toEqual({ first: 5, longest: 5 });
});
