import type { Message, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { Consumer } from "sqs-consumer";
import { region } from "./environment.ts";

/** What ties a queue to a function, as Lambda's event source mapping does. */
export interface EventSource {
	stop(): Promise<void>;
}

/**
 * Polls the queue and calls the function with batches. What the function does not report as failed
 * is deleted; what it does, and everything when the call itself fails, comes back after the queue's
 * visibility timeout, or after what the function itself has set.
 */
export function startEventSource(options: {
	readonly client: SQSClient;
	readonly queueUrl: string;
	readonly batchSize: number;
	/** How many batches may be with the function at once. */
	readonly maximumConcurrency: number;
	readonly functionUrl: string;
	readonly onError: (error: Error) => void;
}): EventSource {
	let stopping = false;
	let told = "";
	/** While the queue, or the function, is away each call fails alike; once is enough to know. */
	const tell = (error: Error): void => {
		if (!stopping && error.message !== told) options.onError(error);
		told = error.message;
	};
	const isWell = (): void => {
		told = "";
	};
	const consumers = Array.from({ length: options.maximumConcurrency }, () =>
		Consumer.create({
			sqs: options.client,
			queueUrl: options.queueUrl,
			batchSize: options.batchSize,
			waitTimeSeconds: 1,
			pollingWaitTimeMs: 0,
			attributeNames: ["All"],
			messageAttributeNames: ["All"],
			async handleMessageBatch(messages) {
				const failed = await invoke(options.functionUrl, messages);
				return messages.filter(({ MessageId }) => !failed.has(MessageId));
			},
		}),
	);
	for (const consumer of consumers) {
		consumer.on("error", tell).on("processing_error", tell);
		consumer.on("message_processed", isWell).on("empty", isWell);
		consumer.start();
	}
	return {
		async stop() {
			stopping = true;
			await Promise.all(
				consumers.map((consumer) => {
					const stopped = new Promise((resolve) => consumer.once("stopped", resolve));
					consumer.stop({ abort: true });
					return stopped;
				}),
			);
		},
	};
}

/** @returns the ids of the messages that the function could not handle. */
async function invoke(url: string, messages: Message[]): Promise<Set<string | undefined>> {
	const event: SQSEvent = { Records: messages.map(recordOf) };
	const response = await fetch(url, {
		method: "POST",
		body: JSON.stringify(event),
	});
	if (!response.ok || response.headers.has("x-amz-function-error")) {
		throw new Error(`the function failed: ${await response.text()}`);
	}
	const { batchItemFailures } = JSON.parse(await response.text()) as SQSBatchResponse;
	return new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
}

/** The form in which Lambda hands a message of SQS to a function. */
function recordOf(message: Message): SQSRecord {
	const { Attributes = {}, MessageAttributes = {} } = message;
	return {
		messageId: message.MessageId ?? "",
		receiptHandle: message.ReceiptHandle ?? "",
		body: message.Body ?? "",
		attributes: {
			ApproximateReceiveCount: Attributes.ApproximateReceiveCount ?? "",
			SentTimestamp: Attributes.SentTimestamp ?? "",
			SenderId: Attributes.SenderId ?? "",
			ApproximateFirstReceiveTimestamp: Attributes.ApproximateFirstReceiveTimestamp ?? "",
		},
		messageAttributes: Object.fromEntries(
			Object.entries(MessageAttributes).map(
				([name, { DataType = "", BinaryValue, StringValue }]) => [
					name,
					{
						dataType: DataType,
						...(StringValue !== undefined && { stringValue: StringValue }),
						...(BinaryValue && {
							binaryValue: Buffer.from(BinaryValue).toString("base64"),
						}),
					},
				],
			),
		),
		md5OfBody: message.MD5OfBody ?? "",
		eventSource: "aws:sqs",
		eventSourceARN: "",
		awsRegion: region,
	};
}
