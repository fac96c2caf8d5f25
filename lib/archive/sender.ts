import { GetQueueUrlCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { type Envelope, packEnvelope, TEXT_ATTRIBUTE } from "../storage/envelope.ts";
import { callLimits } from "./call-limits.ts";

/**
 * Opens the queue for whoever brings messages otherwise than by a callback, with the usual credentials.
 *
 * @returns what resolves when SQS has the message on disk; it throws what SQS answers in the end.
 */
export function openSender(QueueName: string): (envelope: Envelope) => Promise<void> {
	const client = new SQSClient({
		// A queue's URL may name a host that only AWS resolves; the endpoint is the environment's.
		useQueueUrlAsEndpoint: false,
		// What is sent again by that is one row all the same.
		...callLimits,
	});
	let url: Promise<string | undefined> | undefined;
	const findUrl = async (): Promise<string | undefined> =>
		(await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
	return async (envelope) => {
		url ??= findUrl();
		const QueueUrl = await url.catch((error: unknown) => {
			url = undefined;
			throw error;
		});
		const { body, compressedText } = packEnvelope(envelope);
		await client.send(
			new SendMessageCommand({
				QueueUrl,
				MessageBody: body,
				...(compressedText && {
					MessageAttributes: {
						[TEXT_ATTRIBUTE]: { DataType: "Binary", BinaryValue: compressedText },
					},
				}),
			}),
		);
	};
}
