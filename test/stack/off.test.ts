import { expect, test } from "vitest";
import { keepLedger } from "../../local/ledger.ts";

test("with the URL off now and then, all that the platform has becomes a row, once", {
	timeout: 240_000,
}, async () => {
	const options = { messages: 300, withFaults: true, withOff: true, seed: 7 };
	const ledger = await keepLedger({ ...options, engine: "dynalite" });
	expect(ledger.differences).toEqual([]);
	expect(ledger.unsent).toBeGreaterThan(50);
	expect(ledger.filled).toBeGreaterThan(30);
	expect(ledger.messagesOfPlatform).toBeGreaterThan(100);
});
