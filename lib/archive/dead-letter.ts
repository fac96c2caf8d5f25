import {
	ChangeMessageVisibilityCommand,
	DeleteMessageCommand,
	GetQueueUrlCommand,
	type Message,
	ReceiveMessageCommand,
	SendMessageCommand,
	SQSClient,
} from "@aws-sdk/client-sqs";
import { REASON_ATTRIBUTE } from "../storage/retry.ts";

/** What a person does with a single dead letter. */
export interface DeadLetterDesk {
	/** Sends it back to where it came from. @throws when it is not there. */
	redrive(sqsMessageId: string): Promise<void>;
	/** Deletes it, for ever. @throws when it is not there. */
	discard(sqsMessageId: string): Promise<void>;
}

/** Somebody else may just look at it: then it comes back in a moment. */
const MOST_LOOKS = 10;
/** So long the others are hidden at most, while one is looked for. */
const HIDDEN_SECONDS = 5;

/** For a person with the usual credentials. The queues are known by their names. */
export function openDeadLetterDesk(queueName: string, deadLetterQueueName: string): DeadLetterDesk {
	const client = new SQSClient({ useQueueUrlAsEndpoint: false });
	const urlOf = async (QueueName: string): Promise<string | undefined> =>
		(await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
	const take = async (QueueUrl: string | undefined, id: string): Promise<Message> => {
		const command = new ReceiveMessageCommand({
			QueueUrl,
			MaxNumberOfMessages: 10,
			VisibilityTimeout: HIDDEN_SECONDS,
			WaitTimeSeconds: 1,
			MessageAttributeNames: ["All"],
		});
		for (let looks = 0; looks < MOST_LOOKS; ) {
			const { Messages = [] } = await client.send(command);
			if (Messages.length === 0) looks++;
			const found = Messages.find(({ MessageId }) => MessageId === id);
			for (const { MessageId, ReceiptHandle } of found ? Messages : []) {
				if (MessageId === id) continue;
				// The emulator fails on 0.
				const show = { QueueUrl, ReceiptHandle, VisibilityTimeout: 1 };
				await client.send(new ChangeMessageVisibilityCommand(show));
			}
			if (found) return found;
		}
		throw new Error("this dead letter is not there any more");
	};
	return {
		async redrive(id) {
			const [QueueUrl, target] = await Promise.all([urlOf(deadLetterQueueName), urlOf(queueName)]);
			const { Body, MessageAttributes = {}, ReceiptHandle } = await take(QueueUrl, id);
			const { [REASON_ATTRIBUTE]: _, ...others } = MessageAttributes;
			// Sent before it is deleted: after a crash between the two it is one row all the same.
			const message = { QueueUrl: target, MessageBody: Body, MessageAttributes: others };
			await client.send(new SendMessageCommand(message));
			await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
		},
		async discard(id) {
			const QueueUrl = await urlOf(deadLetterQueueName);
			const { ReceiptHandle } = await take(QueueUrl, id);
			await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
		},
	};
}
