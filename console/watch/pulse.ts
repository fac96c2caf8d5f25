import { DescribeTableCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { credentials, region } from "../../local/environment.ts";
import { reach } from "../../local/port.ts";
import type { Stack } from "../../local/stack.ts";

/** Whether the parts of the stack answer, and what the queues hold; of what is away nothing is known. */
export interface Pulse {
	readonly isApiUp: boolean;
	readonly isTableUp: boolean;
	readonly queue?: QueuePulse;
	readonly deadLetterQueue?: QueuePulse;
}

/** What a queue tells of itself. */
export interface QueuePulse {
	readonly visible: number;
	readonly hidden: number;
	readonly visibilityTimeout: number;
}

/** Asks the parts of a stack how they are. */
export interface Doctor {
	feel(): Promise<Pulse>;
	stop(): void;
}

const PATIENCE_MS = 1_000;

/** @param stack is only asked, never changed. */
export function openDoctor(stack: Stack): Doctor {
	const { endpoint } = stack.table;
	const table = new DynamoDBClient({ endpoint, region, credentials, maxAttempts: 1 });
	const abortSignal = (): { abortSignal: AbortSignal } => ({
		abortSignal: AbortSignal.timeout(PATIENCE_MS),
	});
	const queuePulse = async (QueueUrl: string): Promise<QueuePulse | undefined> => {
		const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
		try {
			const { Attributes = {} } = await stack.queue.client.send(command, abortSignal());
			return {
				visible: Number(Attributes.ApproximateNumberOfMessages ?? 0),
				hidden: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
				visibilityTimeout: Number(Attributes.VisibilityTimeout ?? 0),
			};
		} catch {
			return undefined;
		}
	};
	return {
		async feel() {
			const [isApiUp, isTableUp, queue, deadLetterQueue] = await Promise.all([
				succeeds(reach(Number(new URL(stack.callbackUrl).port))),
				succeeds(
					table.send(new DescribeTableCommand({ TableName: stack.tableName }), abortSignal()),
				),
				queuePulse(stack.queueUrl),
				queuePulse(stack.deadLetterQueueUrl),
			]);
			return {
				isApiUp,
				isTableUp,
				...(queue && { queue }),
				...(deadLetterQueue && { deadLetterQueue }),
			};
		},
		stop: () => table.destroy(),
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
