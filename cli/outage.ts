import { readFile } from "node:fs/promises";
import { printable } from "../lib/message/printable.ts";
import { sufferOutage, triesInLog } from "../local/outage.ts";
import { withStack } from "../local/stack.ts";
import { textMessage } from "../test/callbacks.ts";
import { countOf, runCommand } from "./command.ts";
import { words } from "./language.ts";

await runCommand({
	name: "outage",
	usage: words.outageCommand.usage,
	options: {
		messages: { type: "string", default: "5000" },
		cycles: { type: "string", default: "200" },
		engine: { type: "string", default: "dynalite" },
	},
	async run(values) {
		const messages = countOf("messages", values.messages);
		const cycles = countOf("cycles", values.cycles);
		const engine = values.engine === "amazon" ? "amazon" : "dynalite";
		await withStack({ engine, patience: { first: 1, longest: 20 } }, async (stack) => {
			const { deadLetters, ...report } = await sufferOutage(stack, {
				messages,
				isLongEnough: ({ seconds }) => seconds >= cycles * stack.patience.first,
				bodyOf: (messageId) => textMessage({ chatId: "outage", messageId }),
				triesOf: async () => triesInLog(await readFile(stack.logFile, "utf8")),
			});
			console.log(report);
			for (const { reason } of deadLetters)
				console.log(printable(words.outageCommand.deadLetter(String(reason))));
			const isWell = report.rowsOfEach[1] === messages && deadLetters.length === 1;
			console.log(isWell ? words.outageCommand.isWell : words.outageCommand.isNot);
			if (!isWell) process.exitCode = 1;
		});
	},
});
