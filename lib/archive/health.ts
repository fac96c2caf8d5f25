import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { countQueue, type QueueCounts } from "./queue-counts.ts";
import type { StageNames } from "./removal.ts";

/** Whether a stage's parts answer, and what its queues hold; of what is away nothing is known. */
export interface Health {
	readonly isTableUp: boolean;
	readonly queue?: QueueCounts;
	readonly deadLetterQueue?: QueueCounts;
}

const PATIENCE_MS = 3_000;

/** For a person with the usual credentials. @returns how to ask, as often as one likes. */
export function openHealth({ tableName, queueName, deadLetterQueueName }: StageNames): {
	feel(): Promise<Health>;
	close(): void;
} {
	const table = new DynamoDBClient({ maxAttempts: 1 });
	// A queue's URL may name a host that only AWS resolves; the endpoint is the environment's.
	const queues = new SQSClient({ maxAttempts: 1, useQueueUrlAsEndpoint: false });
	const options = () => ({ abortSignal: AbortSignal.timeout(PATIENCE_MS) });
	const urls = new Map<string, string>();
	const counts = async (QueueName: string): Promise<QueueCounts> => {
		const QueueUrl =
			urls.get(QueueName) ??
			(await queues.send(new GetQueueUrlCommand({ QueueName }), options())).QueueUrl;
		if (QueueUrl) urls.set(QueueName, QueueUrl);
		return countQueue(queues, QueueUrl, options());
	};
	return {
		async feel() {
			const [described, queue, deadLetterQueue] = await Promise.allSettled([
				table.send(new DescribeTableCommand({ TableName: tableName }), options()),
				counts(queueName),
				counts(deadLetterQueueName),
			]);
			return {
				isTableUp: described.status === "fulfilled",
				...(queue.status === "fulfilled" && { queue: queue.value }),
				...(deadLetterQueue.status === "fulfilled" && { deadLetterQueue: deadLetterQueue.value }),
			};
		},
		close() {
			table.destroy();
			queues.destroy();
		},
	};
}
