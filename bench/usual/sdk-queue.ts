import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { budgets } from "../../lib/storage/budgets.ts";
import type { Connection } from "../../lib/storage/connection.ts";
import { packEnvelope, TEXT_ATTRIBUTE } from "../../lib/storage/envelope.ts";
import type { Queue } from "../../lib/storage/queue.ts";
import type { AwsAccess } from "../../lib/storage/sqs.ts";

/** What stands in lib/storage/queue.ts, done with the SDK's client, to see what that would take. */
export function openQueue(queueUrl: string, _aws: AwsAccess, connection: Connection): Queue {
	const client = new SQSClient({
		maxAttempts: 2,
		requestHandler: {
			connectionTimeout: 300,
			requestTimeout: 600,
			throwOnRequestTimeout: true,
			...connection.agents,
		},
	});
	return {
		async send(envelope) {
			const { body, compressedText } = packEnvelope(envelope);
			const attribute = compressedText && { DataType: "Binary", BinaryValue: compressedText };
			const command = new SendMessageCommand({
				QueueUrl: queueUrl,
				MessageBody: body,
				...(attribute && { MessageAttributes: { [TEXT_ATTRIBUTE]: attribute } }),
			});
			const { MessageId = "" } = await client.send(command, {
				abortSignal: AbortSignal.timeout(budgets.receive.queue),
			});
			return MessageId;
		},
	};
}
