import { expect, test } from "vitest";
import { keepLedger } from "../../local/ledger.ts";
import { runs, SEED } from "../seed.ts";

test("whatever fails meanwhile, what is acknowledged is a row, word for word, once", {
	timeout: 120_000,
}, async () => {
	const engine = process.env.DYNAMODB === "amazon" ? "amazon" : "dynalite";
	const seed = SEED % 1_000;
	const ledger = await keepLedger({ messages: runs(300), withFaults: true, seed, engine });
	expect(ledger.differences, `seed ${seed}`).toEqual([]);
	expect(ledger.rows).toBeGreaterThanOrEqual(ledger.distinctAcknowledged);
	// Otherwise this would have shown little.
	expect(ledger.faults).toBeGreaterThan(20);
	expect(ledger.acknowledged).toBeGreaterThan(200);
	expect(ledger.refused).toBeGreaterThan(0);
});
