import { type DeadLetter, LOOK_SECONDS, openDeadLetters } from "../lib/archive/dead-letters.ts";
import { printable } from "../lib/message/printable.ts";
import { chatOf, isOfMessage, type Row } from "../lib/storage/row.ts";
import { runCommand } from "./command.ts";
import { words } from "./language.ts";
import { shownTime } from "./preview.ts";
import { enterStage, stageOptions } from "./stage.ts";

await runCommand({
	name: "dead-letters",
	usage: words.deadLettersCommand.usage + words.stage.usage,
	options: { redrive: { type: "boolean", default: false }, ...stageOptions },
	async run(values) {
		const { queueName, deadLetterQueueName } = await enterStage(values);
		const deadLetters = openDeadLetters(queueName, deadLetterQueueName);
		if (values.redrive) {
			console.log(words.deadLettersCommand.moved(await deadLetters.redrive()));
			return;
		}
		const { letters, hidden } = await deadLetters.peek();
		for (const letter of letters) console.log(lineOf(letter));
		if (hidden > 0) {
			throw new Error(words.deadLettersCommand.hidden(hidden, LOOK_SECONDS));
		}
		if (letters.length === 0) console.log(words.deadLettersCommand.none);
	},
});

function lineOf({ row, reason, queuedAt, sqsMessageId }: DeadLetter): string {
	const time = shownTime(new Date(queuedAt).toISOString());
	const why = reason ?? words.deadLettersCommand.storeDied;
	return printable(`${time}  ${sqsMessageId}  ${row ? `${nameOf(row)}: ` : ""}${why}`);
}

function nameOf(row: Row): string {
	if (!isOfMessage(row)) return `${row.method} /${row.path}`;
	return words.deadLettersCommand.of(chatOf(row) ?? "-", row.messageId ?? "-");
}
