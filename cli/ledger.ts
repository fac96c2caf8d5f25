import { printable } from "../lib/message/printable.ts";
import { keepLedger } from "../local/ledger.ts";
import { countOf, runCommand } from "./command.ts";

const USAGE = `npm run ledger -- [options]

Sends a mix of callbacks through a local stack of its own and reconciles what was acknowledged with
what lies in the table. Ends with 1 on any difference.

  --messages N   how many (default: 2000)
  --faults       while faults of queue and table come and go
  --seed N       which mix, and which faults (default: 1)
  DYNAMODB=amazon uses Amazon's DynamoDB Local
`;

await runCommand({
	name: "ledger",
	usage: USAGE,
	options: {
		messages: { type: "string", default: "2000" },
		faults: { type: "boolean", default: false },
		seed: { type: "string", default: "1" },
	},
	async run(values) {
		const { differences, ...ledger } = await keepLedger({
			messages: countOf("messages", values.messages),
			seed: countOf("seed", values.seed),
			withFaults: values.faults,
			engine: process.env.DYNAMODB === "amazon" ? "amazon" : "dynalite",
		});
		for (const [name, value] of Object.entries(ledger)) {
			console.log(`${name.padEnd(22)}${Math.round(value).toLocaleString("en").padStart(10)}`);
		}
		for (const difference of differences.slice(0, 20)) console.log(printable(difference));
		console.log(
			differences.length === 0 ? "every promise kept" : `${differences.length} differences`,
		);
		process.exitCode = differences.length === 0 ? 0 : 1;
	},
});
