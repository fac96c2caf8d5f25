import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { Pulse, QueuePulse, Stage, StoredMessage } from "../console/stage.ts";
import { followLog } from "../console/watch/log-tail.ts";
import { openDeadLetterDesk } from "../lib/archive/dead-letter.ts";
import { openDeadLetters } from "../lib/archive/dead-letters.ts";
import { type MessageItem, type Reader, readTable } from "../lib/archive/reader.ts";
import { foldRevisions, groupOf } from "../lib/archive/revisions.ts";
import { withTexts } from "../lib/archive/texts.ts";
import type { RowKey } from "../lib/storage/row.ts";
import { credentials, region } from "./environment.ts";
import { reach } from "./port.ts";
import type { Stack } from "./stack.ts";

const PATIENCE_MS = 1_000;
/** More revisions of one message than these are not looked at. */
const MOST_REVISIONS = 50;

/**
 * The stack on this machine, as the console sees a stage. SDK clients of this process have to be set up
 * for it.
 *
 * @param options.tokens accepted tokens; everyone is let in when there are none.
 * @param options.keys that may stand in the path.
 * @param options.isLogged whether the functions log at INFO.
 */
export function stageOf(
	stack: Stack,
	options: {
		readonly tokens: readonly string[];
		readonly keys?: readonly string[];
		readonly isLogged: boolean;
	},
): Stage {
	const { tokens, keys = [], isLogged } = options;
	const { queue, deadLetterQueue, dashboard, alarms } = stack.definitions;
	const token = tokens[0] ?? "local";
	const reader = readTable(stack.tableName);
	const letters = openDeadLetters(queue.name, deadLetterQueue.name);
	const desk = openDeadLetterDesk(queue.name, deadLetterQueue.name);
	const { endpoint } = stack.table;
	const table = new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 });
	const abortSignal = (): { abortSignal: AbortSignal } => ({
		abortSignal: AbortSignal.timeout(PATIENCE_MS),
	});
	const pulseOf = async (QueueUrl: string): Promise<QueuePulse | undefined> => {
		const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
		try {
			const { Attributes = {} } = await stack.queue.client.send(command, abortSignal());
			return {
				visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
				hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
			};
		} catch {
			return undefined;
		}
	};
	return {
		...{ token, isLogged, dashboard, alarms, secrets: [...tokens, ...keys, token] },
		callbackUrl: stack.callbackUrl,
		isOpenToAnyone: tokens.length === 0,
		patience: stack.patience,
		queueName: queue.name,
		deadLetterQueueName: deadLetterQueue.name,
		rows: () => reader.allRows(),
		textOf: async (row) => (await withTexts(reader, [row]))[0]?.text,
		message: (key) => messageOf(reader, key),
		callbacks: (path) => reader.callbackRows(path),
		peek: letters.peek,
		async redrive(id) {
			await (id === undefined ? letters.redrive() : desk.redrive(id));
		},
		discard: desk.discard,
		async feel(): Promise<Pulse> {
			const [isApiUp, isTableUp, messages, dead] = await Promise.all([
				succeeds(reach(Number(new URL(stack.callbackUrl).port))),
				succeeds(
					table.send(new DescribeTableCommand({ TableName: stack.tableName }), abortSignal()),
				),
				pulseOf(stack.queueUrl),
				pulseOf(stack.deadLetterQueueUrl),
			]);
			return {
				...{ isApiUp, isTableUp },
				...(messages && { queue: messages }),
				...(dead && { deadLetterQueue: dead }),
			};
		},
		async followLog(onLine) {
			return (await followLog(stack.logFile, stack.logStart, onLine)).stop;
		},
		followRequests: stack.followRequests,
		setTable: (isThere) => (isThere ? stack.table.start() : stack.table.stop()),
		close: () => table.destroy(),
	};
}

async function messageOf(reader: Reader, { pk, sk }: RowKey): Promise<StoredMessage | undefined> {
	const [row] = await rowsOf(reader, { key: pk, from: sk, to: sk }, () => true);
	if (row === undefined) return undefined;
	const { messageId } = row;
	const isSibling = (other: MessageItem): boolean => groupOf(other) === groupOf(row);
	const range = { index: "byMessage", key: messageId ?? "", from: "0", to: "~" } as const;
	const rows = messageId === undefined ? [] : await rowsOf(reader, range, isSibling);
	return foldRevisions(await withTexts(reader, rows.length > 0 ? rows : [row]))[0];
}

async function rowsOf(
	reader: Reader,
	range: Parameters<Reader["rowsOf"]>[0],
	wanted: (row: MessageItem) => boolean,
): Promise<MessageItem[]> {
	const rows: MessageItem[] = [];
	for await (const page of reader.rowsOf(range)) {
		rows.push(...page.filter(wanted));
		if (rows.length >= MOST_REVISIONS) break;
	}
	return rows;
}

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
	try {
		await attempt;
		return true;
	} catch {
		return false;
	}
}
