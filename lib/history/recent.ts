import { SQSClient } from "@aws-sdk/client-sqs";
import { callLimits } from "../archive/call-limits.ts";
import { countQueue } from "../archive/queue-counts.ts";
import { readTable } from "../archive/reader.ts";
import { readSecretParameter } from "../archive/secret-parameter.ts";
import { openSender } from "../archive/sender.ts";
import { type Comparison, compare } from "./comparison.ts";
import type { CompareConfig } from "./config.ts";
import { findPresent } from "./presence.ts";
import { openHistory } from "./source.ts";

/** What is younger may still be on its way: sent again by the platform, or waiting between two tries. */
const SETTLED_MS = 40 * 60_000;

/** So many may be in the hands of store when all is well; more of them wait for a table that is away. */
const MOST_WAITING = 100;

const CALLS_A_SECOND = 2;

/**
 * Compares the last hours with the platform's history, and fills what is missing.
 *
 * @param now ms since 1970.
 * @returns undefined when messages wait in the queue: they are not lost, and would seem to be missing.
 *   The next run looks at these hours again.
 */
export async function compareRecent(
	config: CompareConfig,
	now: number,
): Promise<Comparison | undefined> {
	const { tableName, queueUrl, hours, tokenParameter, mostCalls, base, dialect } = config;
	const client = new SQSClient({ useQueueUrlAsEndpoint: false, ...callLimits });
	if ((await countQueue(client, queueUrl)).all > MOST_WAITING) return undefined;
	const ago = (ms: number): string => new Date(now - ms).toISOString();
	const window = { since: ago(hours * 3_600_000 + SETTLED_MS), until: ago(SETTLED_MS) };
	const token = await readSecretParameter(tokenParameter);
	return compare({
		ask: openHistory({ base, token, dialect, mostCalls, callsASecond: CALLS_A_SECOND }),
		isThere: await findPresent(readTable(tableName), window),
		send: openSender(queueUrl.split("/").at(-1) ?? ""),
		...{ window, token },
	});
}
