import { parseArgs } from "node:util";
import { type DeadLetter, openDeadLetters } from "../lib/archive/dead-letters.ts";
import { unpackEnvelope } from "../lib/storage/envelope.ts";
import { chatOf, isOfMessage } from "../lib/storage/row.ts";
import { printable } from "./preview.ts";
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
		const moved = await deadLetters.redrive();
		console.log(moved === undefined ? "SQS is moving the messages back" : `${moved} moved back`);
		return;
	}
	const found = await deadLetters.peek();
	for (const letter of found) console.log(lineOf(letter));
	if (found.length === 0) console.log("no dead letters");
}

function lineOf({ packed, queuedAt, sqsMessageId }: DeadLetter): string {
	return `${new Date(queuedAt).toISOString()}  ${sqsMessageId}  ${printable(reasonOf(packed))}`;
}

/** SQS does not say why; but what is no envelope can never be stored, and the rest was fine itself. */
function reasonOf(packed: DeadLetter["packed"]): string {
	try {
		const { row } = unpackEnvelope(packed);
		if (!isOfMessage(row)) return `${row.method} /${row.path}: the table did not take it`;
		return `chat ${chatOf(row) ?? "-"} message ${row.messageId ?? "-"}: the table did not take it`;
	} catch (error) {
		return error instanceof Error ? error.message : "unknown";
	}
}

main().catch((error: Error) => {
	console.error(`dead-letters: ${error.message}`);
	process.exit(1);
});
