import { setTimeout } from "node:timers/promises";
import {
	DescribeTableCommand,
	DynamoDBClient,
	ResourceNotFoundException,
} from "@aws-sdk/client-dynamodb";
import {
	DeleteQueueCommand,
	GetQueueUrlCommand,
	QueueDoesNotExist,
	SQSClient,
} from "@aws-sdk/client-sqs";
import type { Words } from "../words/en.ts";
import { callLimits } from "./call-limits.ts";
import { countQueue } from "./queue-counts.ts";

/** What of a stage a removal is about. */
export interface Holdings {
	/** Undefined when there is no table. DynamoDB counts every six hours. */
	readonly table: { readonly rows: number; readonly isProtected: boolean } | undefined;
	/** Messages of the queue and of the dead-letter queue; undefined when there is no such queue. */
	readonly waiting: number | undefined;
	readonly deadLetters: number | undefined;
}

/** What the parts of a stage are called; `serverless.yml` names them so. */
export interface StageNames {
	readonly tableName: string;
	readonly queueName: string;
	readonly deadLetterQueueName: string;
}

/** Asks the table and the queues what they hold. */
export async function lookAt(names: StageNames): Promise<Holdings> {
	const queues = new SQSClient({ useQueueUrlAsEndpoint: false, ...callLimits });
	const [table, waiting, deadLetters] = await Promise.all([
		describe(names.tableName),
		messagesIn(queues, names.queueName),
		messagesIn(queues, names.deadLetterQueueName),
	]);
	return { table, waiting: waiting?.count, deadLetters: deadLetters?.count };
}

/**
 * What a removal does, in words, and why it may not be done.
 *
 * @param losesMessages whether a person has said that messages may be lost.
 */
export function planOf(
	{ stage, region }: { readonly stage: string; readonly region: string },
	{ tableName }: StageNames,
	{ table, waiting = 0, deadLetters = 0 }: Holdings,
	losesMessages: boolean,
	words: Words["removeCommand"],
): { readonly text: string; readonly refusal: string | undefined } {
	const messages = waiting + deadLetters;
	const inQueues = words.inQueues(waiting, deadLetters);
	const lines = [words.goes(stage, region)];
	if (messages > 0) lines.push(words.isLost(inQueues));
	if (table?.isProtected) lines.push(words.tableStays(tableName, table.rows, stage));
	else if (table) lines.push(words.tableIsLost(tableName, table.rows));
	const isRefused = messages > 0 && !losesMessages;
	return {
		text: lines.join("\n"),
		refusal: isRefused ? words.refusal(inQueues, stage) : undefined,
	};
}

/**
 * SQS counts roughly, and a moment late: a queue is empty when it says so for several minutes after the
 * last one has sent
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/confirm-queue-is-empty.html).
 */
export const QUIET_MS = 180_000;

/**
 * Deletes the queues, which a stack leaves behind, when they have been empty for a while; one that holds
 * messages stays, unless told otherwise: then both go at once.
 *
 * @param quietMs how long they have to be empty.
 * @param pauseMs between two looks.
 * @returns the names of those that stay.
 */
export async function deleteEmptyQueues(
	names: StageNames,
	losesMessages: boolean,
	quietMs = QUIET_MS,
	pauseMs = 5_000,
): Promise<string[]> {
	const client = new SQSClient({ useQueueUrlAsEndpoint: false, ...callLimits });
	const end = Date.now() + (losesMessages ? 0 : quietMs);
	const stays = async (name: string): Promise<string[]> => {
		for (;;) {
			const queue = await messagesIn(client, name);
			if (queue === undefined) return [];
			if (queue.count > 0 && !losesMessages) return [name];
			if (Date.now() >= end) {
				await client.send(new DeleteQueueCommand({ QueueUrl: queue.url }));
				return [];
			}
			await setTimeout(pauseMs);
		}
	};
	return (await Promise.all([names.queueName, names.deadLetterQueueName].map(stays))).flat();
}

async function describe(TableName: string): Promise<Holdings["table"]> {
	try {
		const { Table } = await new DynamoDBClient(callLimits).send(
			new DescribeTableCommand({ TableName }),
		);
		const { ItemCount = 0, DeletionProtectionEnabled = false } = Table ?? {};
		return { rows: ItemCount, isProtected: DeletionProtectionEnabled };
	} catch (error) {
		if (error instanceof ResourceNotFoundException) return undefined;
		throw error;
	}
}

async function messagesIn(
	client: SQSClient,
	QueueName: string,
): Promise<{ readonly url: string | undefined; readonly count: number } | undefined> {
	try {
		const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName }));
		return { url: QueueUrl, count: (await countQueue(client, QueueUrl)).all };
	} catch (error) {
		if (error instanceof QueueDoesNotExist) return undefined;
		throw error;
	}
}
