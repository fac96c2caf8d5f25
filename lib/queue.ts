import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Envelope, packEnvelope, TEXT_ATTRIBUTE } from "./envelope.ts";

/** Where receive puts a message. */
export interface Queue {
	/**
	 * Resolves when SQS has the message on disk.
	 *
	 * @throws when SQS refuses it or does not answer within {@link BUDGET_MS}.
	 */
	send(envelope: Envelope): Promise<void>;
}

/**
 * The platform waits for an unpublished time and then retries, so the whole request has to stay
 * under 3 s even when SQS does not answer: two attempts, both inside this budget.
 */
const BUDGET_MS = 2_000;

/** @param queueUrl the queue's URL, which is also the endpoint that is called. */
export function openQueue(queueUrl: string): Queue {
	const client = new SQSClient({
		maxAttempts: 2,
		requestHandler: {
			connectionTimeout: 500,
			requestTimeout: 900,
			throwOnRequestTimeout: true,
		},
	});
	return {
		async send(envelope) {
			const { body, compressedText } = packEnvelope(envelope);
			const command = new SendMessageCommand({
				QueueUrl: queueUrl,
				MessageBody: body,
				...(compressedText && {
					MessageAttributes: {
						[TEXT_ATTRIBUTE]: {
							DataType: "Binary",
							BinaryValue: compressedText,
						},
					},
				}),
			});
			await client.send(command, {
				abortSignal: AbortSignal.timeout(BUDGET_MS),
			});
		},
	};
}
