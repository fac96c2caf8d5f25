import { parseArgs } from "node:util";
import { type DeadLetter, openDeadLetters } from "../lib/archive/dead-letters.ts";
import { printable } from "../lib/message/printable.ts";
import { unpackEnvelope } from "../lib/storage/envelope.ts";
import { chatOf, isOfMessage } from "../lib/storage/row.ts";
import { enterStage } from "./stage.ts";

const USAGE = `npm run --silent dead-letters -- [--stage NAME]   what could not be stored, and why
npm run --silent redrive -- [--stage NAME]        moves it back to be tried again
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			redrive: { type: "boolean", default: false },
			stage: { type: "string", default: "local" },
			help: { type: "boolean", default: false },
		},
	});
	if (values.help) {
		process.stdout.write(USAGE);
		return;
	}
	const { queueName, deadLetterQueueName } = await enterStage(values.stage);
	const deadLetters = openDeadLetters(queueName, deadLetterQueueName);
	if (values.redrive) {
		console.log(`${await deadLetters.redrive()} moved back`);
		return;
	}
	const found = await deadLetters.peek();
	for (const letter of found) console.log(lineOf(letter));
	if (found.length === 0) console.log("no dead letters");
}

function lineOf({ packed, reason, queuedAt, sqsMessageId }: DeadLetter): string {
	const why = reason ?? "store died of it, a thousand times";
	return `${new Date(queuedAt).toISOString()}  ${sqsMessageId}  ${printable(contentOf(packed))}${printable(why)}`;
}

/** What of a message can be told; nothing when it is no envelope. */
function contentOf(packed: DeadLetter["packed"]): string {
	try {
		const { row } = unpackEnvelope(packed);
		if (!isOfMessage(row)) return `${row.method} /${row.path}: `;
		return `chat ${chatOf(row) ?? "-"} message ${row.messageId ?? "-"}: `;
	} catch {
		return "";
	}
}

main().catch((error: Error) => {
	console.error(`dead-letters: ${error.message}`);
	process.exit(1);
});
