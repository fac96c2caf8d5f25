import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import type { Pulse, QueuePulse, Run, Stage } from "../console/stage.ts";
import { followLog } from "../console/watch/log-tail.ts";
import { openDeadLetters } from "../lib/archive/dead-letters.ts";
import { countQueue } from "../lib/archive/queue-counts.ts";
import { readTable } from "../lib/archive/reader.ts";
import { credentials, region } from "./environment.ts";
import { reach } from "./port.ts";
import type { Stack } from "./stack.ts";

const PATIENCE_MS = 1_000;
const PULSE_MS = 1_000;

/**
 * The stack on this machine, as the console sees a stage. SDK clients of this process have to be set up
 * for it.
 *
 * @param options.tokens accepted tokens; everyone is let in when there are none.
 * @param options.keys that may stand in the path.
 * @param options.isLogged whether the functions log at INFO.
 * @param options.onAlarm is told of each alarm that goes on, and when it is over.
 */
export function stageOf(
	stack: Stack,
	options: {
		readonly tokens: readonly string[];
		readonly keys?: readonly string[];
		readonly isLogged: boolean;
		readonly onAlarm?: Run["onAlarm"];
	},
): Stage {
	const { tokens, keys = [], isLogged, onAlarm } = options;
	const { queue, deadLetterQueue, dashboard, alarms } = stack.definitions;
	const token = tokens[0] ?? "local";
	const { endpoint } = stack.table;
	const table = new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 });
	const abortSignal = (): { abortSignal: AbortSignal } => ({
		abortSignal: AbortSignal.timeout(PATIENCE_MS),
	});
	const pulseOf = (url: string): Promise<QueuePulse | undefined> =>
		countQueue(stack.queue.client, url, abortSignal()).catch(() => undefined);
	return {
		reader: readTable(stack.tableName),
		letters: openDeadLetters(queue.name, deadLetterQueue.name),
		pulseMs: PULSE_MS,
		run: {
			...{ token, isLogged, dashboard, alarms, secrets: [...tokens, ...keys, token] },
			callbackUrl: stack.callbackUrl,
			isOpenToAnyone: tokens.length === 0,
			patience: stack.patience,
			queueName: queue.name,
			deadLetterQueueName: deadLetterQueue.name,
			followLog: (onLine) => followLog(stack.logFile, stack.logStart, onLine),
			followRequests: stack.followRequests,
			...(onAlarm && { onAlarm }),
		},
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
		setTable: (isThere) => (isThere ? stack.table.start() : stack.table.stop()),
		close: () => table.destroy(),
	};
}

async function succeeds(attempt: Promise<unknown>): Promise<boolean> {
	try {
		await attempt;
		return true;
	} catch {
		return false;
	}
}
