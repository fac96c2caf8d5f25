import { type DeadLetter, openDeadLetters, PEEK_SECONDS } from "../lib/archive/dead-letters.ts";
import { printable } from "../lib/message/printable.ts";
import { chatOf, isOfMessage, type Row } from "../lib/storage/row.ts";
import { runCommand } from "./command.ts";
import { shownTime } from "./preview.ts";
import { enterStage, STAGE_USAGE, stageOptions } from "./stage.ts";

const USAGE = `npm run --silent dead-letters -- [options]   what could not be stored, and why
npm run --silent redrive -- [options]        moves it back to be tried again

${STAGE_USAGE}`;

await runCommand({
	name: "dead-letters",
	usage: USAGE,
	options: { redrive: { type: "boolean", default: false }, ...stageOptions },
	async run(values) {
		const { queueName, deadLetterQueueName } = await enterStage(values);
		const deadLetters = openDeadLetters(queueName, deadLetterQueueName);
		if (values.redrive) {
			console.log(`${await deadLetters.redrive()} moved back`);
			return;
		}
		const { letters, hidden } = await deadLetters.peek();
		for (const letter of letters) console.log(lineOf(letter));
		if (hidden > 0) {
			throw new Error(
				`${hidden} more are hidden while another look shows them, such as the console's; they are back within ${PEEK_SECONDS} s, so ask again then`,
			);
		}
		if (letters.length === 0) console.log("no dead letters");
	},
});

function lineOf({ row, reason, queuedAt, sqsMessageId }: DeadLetter): string {
	const time = shownTime(new Date(queuedAt).toISOString());
	const why = reason ?? "store died of it, a thousand times";
	return printable(`${time}  ${sqsMessageId}  ${row ? `${nameOf(row)}: ` : ""}${why}`);
}

function nameOf(row: Row): string {
	if (!isOfMessage(row)) return `${row.method} /${row.path}`;
	return `chat ${chatOf(row) ?? "-"} message ${row.messageId ?? "-"}`;
}
