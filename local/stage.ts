import type { Filled } from "../console/protocol.ts";
import type { Run, Stage } from "../console/stage.ts";
import { followLog } from "../console/watch/log-tail.ts";
import { openDeadLetters } from "../lib/archive/dead-letters.ts";
import { openHealth } from "../lib/archive/health.ts";
import { readTable } from "../lib/archive/reader.ts";
import { openSender } from "../lib/archive/sender.ts";
import { compare } from "../lib/history/comparison.ts";
import { findPresent } from "../lib/history/presence.ts";
import { openHistory } from "../lib/history/source.ts";
import { reach } from "./port.ts";
import type { Stack } from "./stack.ts";

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
	const names = {
		tableName: stack.tableName,
		queueName: queue.name,
		deadLetterQueueName: deadLetterQueue.name,
	};
	const health = openHealth(names);
	const began = Date.now();
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
		async feel() {
			const isApiUp = reach(Number(new URL(stack.callbackUrl).port)).then(
				() => stack.isUrlThere(),
				() => false,
			);
			return { ...(await health.feel()), isApiUp: await isApiUp };
		},
		setTable: (isThere) => (isThere ? stack.table.start() : stack.table.stop()),
		platform: { setUrl: stack.setUrl, fill: () => fillGap(stack, queue.name, token, began) },
		close: health.close,
	};
}

/** A sample may say that it was sent a little before the run began. */
const BEFORE_RUN_MS = 600_000;

/** What `npm run backfill` does, of the time of this run. */
async function fillGap(
	stack: Stack,
	queueName: string,
	token: string,
	began: number,
): Promise<Filled> {
	const [since = "", until = ""] = [began - BEFORE_RUN_MS, Date.now()].map((time) =>
		new Date(time).toISOString(),
	);
	const base = new URL(stack.platform.historyBase);
	return compare({
		ask: openHistory({ base, token, dialect: "published", callsASecond: 20 }),
		isThere: await findPresent(readTable(stack.tableName), { since, until }),
		send: openSender(queueName),
		...{ window: { since, until }, token },
	});
}
