import type { SQSRecord } from "aws-lambda";
import { budgets } from "./budgets.ts";
import { NotAnEnvelope } from "./envelope.ts";
import { type Patience, secondsToWait } from "./patience.ts";
import { type AwsAccess, openSqs } from "./sqs.ts";

/** What becomes of messages that store could not write. */
export interface Retry {
	/**
	 * Lets messages wait in the queue, each for as long as its tries say.
	 *
	 * @throws when SQS does not take it; they come back after the queue's visibility timeout then.
	 */
	later(records: readonly SQSRecord[]): Promise<void>;
	/**
	 * Puts a message into the dead-letter queue, with its reason.
	 *
	 * @returns its id there.
	 * @throws when SQS does not take it; the message may not be deleted then.
	 */
	setAside(record: SQSRecord, reason: string): Promise<string>;
}

/** Name of the message attribute that says why a message lies in the dead-letter queue. */
export const REASON_ATTRIBUTE = "reason";

/** It is read in one line, and SQS takes no text without limits. */
const LONGEST_REASON = 256;

/** Opens both queues for store. @param config.queueUrl its host is the endpoint for both. */
export function openRetry(config: {
	readonly queueUrl: string;
	readonly deadLetterQueueUrl: string;
	readonly aws: AwsAccess;
	readonly patience: Patience;
}): Retry {
	const { queueUrl, deadLetterQueueUrl, aws, patience } = config;
	const call = openSqs(queueUrl, aws);
	return {
		async later(records) {
			if (records.length === 0) return;
			const Entries = records.map(({ receiptHandle, attributes }, index) => ({
				Id: String(index),
				ReceiptHandle: receiptHandle,
				VisibilityTimeout: secondsToWait(Number(attributes.ApproximateReceiveCount), patience),
			}));
			const budget = AbortSignal.timeout(budgets.store.queue);
			await call("ChangeMessageVisibilityBatch", { QueueUrl: queueUrl, Entries }, budget);
		},
		async setAside({ body, messageAttributes }, reason) {
			const kept = Object.entries(messageAttributes).map(([name, { dataType, ...value }]) => [
				name,
				{
					DataType: dataType,
					...(value.stringValue !== undefined && { StringValue: value.stringValue }),
					...(value.binaryValue !== undefined && { BinaryValue: value.binaryValue }),
				},
			]);
			const StringValue = reason.replace(/[^\x20-\x7e]/g, "?").slice(0, LONGEST_REASON);
			const input = {
				QueueUrl: deadLetterQueueUrl,
				MessageBody: body,
				MessageAttributes: {
					...Object.fromEntries(kept),
					[REASON_ATTRIBUTE]: { DataType: "String", StringValue },
				},
			};
			const { MessageId } = await call(
				"SendMessage",
				input,
				AbortSignal.timeout(budgets.store.queue),
			);
			return String(MessageId);
		},
	};
}

/**
 * Whether no later try can store a message. Whatever else goes wrong passes or is mended without the
 * message: the table, the network, the rights, and this program, too.
 */
export function canNeverBeStored(error: unknown): boolean {
	return error instanceof NotAnEnvelope;
}
