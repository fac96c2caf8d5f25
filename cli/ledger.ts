import { printable } from "../lib/message/printable.ts";
import { keepLedger } from "../local/ledger.ts";
import { countOf, runCommand } from "./command.ts";
import { words } from "./language.ts";

await runCommand({
	name: "ledger",
	usage: words.ledgerCommand.usage,
	options: {
		messages: { type: "string", default: "2000" },
		faults: { type: "boolean", default: false },
		off: { type: "boolean", default: false },
		seed: { type: "string", default: "1" },
	},
	async run(values) {
		const { differences, ...ledger } = await keepLedger({
			messages: countOf("messages", values.messages),
			seed: countOf("seed", values.seed),
			withFaults: values.faults,
			withOff: values.off,
			engine: process.env.DYNAMODB === "amazon" ? "amazon" : "dynalite",
		});
		for (const [name, value] of Object.entries(ledger)) {
			console.log(`${name.padEnd(22)}${Math.round(value).toLocaleString("en").padStart(10)}`);
		}
		for (const difference of differences.slice(0, 20)) console.log(printable(difference));
		console.log(
			differences.length === 0
				? words.ledgerCommand.kept
				: words.ledgerCommand.differences(differences.length),
		);
		// After children were killed Node may never come through its own cleanup at a natural end.
		process.exit(differences.length === 0 ? 0 : 1);
	},
});
