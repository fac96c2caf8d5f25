import {
	DeleteMessageCommand,
	GetQueueAttributesCommand,
	GetQueueUrlCommand,
	type Message,
	ReceiveMessageCommand,
	SendMessageCommand,
	SQSClient,
	StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { type QueueMessage, TEXT_ATTRIBUTE } from "../storage/envelope.ts";

/** A message that could not be stored in its five tries. */
export interface DeadLetter {
	readonly packed: QueueMessage;
	/** When it was queued, milliseconds since 1970. */
	readonly queuedAt: number;
	readonly sqsMessageId: string;
}

/** What the commands do with the dead-letter queue. */
export interface DeadLetters {
	/** Shows what is there; it stays there. */
	peek(): Promise<DeadLetter[]>;
	/**
	 * Moves everything back to where it came from.
	 *
	 * @returns how many messages were moved, or undefined when SQS now does so by itself.
	 */
	redrive(): Promise<number | undefined>;
}

/** For a person with the usual credentials. The queues are known by their names. */
export function openDeadLetters(queueName: string, deadLetterQueueName: string): DeadLetters {
	// A queue's URL may name a host that only AWS resolves; the endpoint is the environment's.
	const client = new SQSClient({ useQueueUrlAsEndpoint: false });
	const urlOf = async (QueueName: string): Promise<string | undefined> =>
		(await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
	const attributesOf = async (QueueUrl: string | undefined): Promise<Record<string, string>> => {
		const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
		return (await client.send(command)).Attributes ?? {};
	};
	const receive = async (QueueUrl: string | undefined, seconds: number): Promise<Message[]> => {
		const command = new ReceiveMessageCommand({
			QueueUrl,
			MaxNumberOfMessages: 10,
			VisibilityTimeout: seconds,
			WaitTimeSeconds: 1,
			MessageAttributeNames: ["All"],
			MessageSystemAttributeNames: ["SentTimestamp"],
		});
		return (await client.send(command)).Messages ?? [];
	};
	return {
		async peek() {
			const QueueUrl = await urlOf(deadLetterQueueName);
			const found = new Map<string | undefined, Message>();
			for (;;) {
				const messages = await receive(QueueUrl, PEEK_SECONDS);
				const unseen = messages.filter(({ MessageId }) => !found.has(MessageId));
				for (const message of unseen) found.set(message.MessageId, message);
				if (unseen.length === 0) break;
			}
			return [...found.values()].map(deadLetterOf);
		},
		async redrive() {
			const QueueUrl = await urlOf(deadLetterQueueName);
			try {
				const { QueueArn: SourceArn } = await attributesOf(QueueUrl);
				await client.send(new StartMessageMoveTaskCommand({ SourceArn }));
				return undefined;
			} catch (error) {
				if (!isUnknownAction(error)) throw error;
			}
			const target = await urlOf(queueName);
			let moved = 0;
			for (;;) {
				const messages = await receive(QueueUrl, MOVE_SECONDS);
				if (messages.length === 0) {
					const { ApproximateNumberOfMessagesNotVisible: hidden } = await attributesOf(QueueUrl);
					// Somebody has just looked at them, so they come back in a moment.
					if (hidden === "0" || hidden === undefined) return moved;
				}
				for (const { Body, MessageAttributes, ReceiptHandle } of messages) {
					// Sent before it is deleted: after a crash between the two it is one row all the same.
					await client.send(
						new SendMessageCommand({ QueueUrl: target, MessageBody: Body, MessageAttributes }),
					);
					await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
					moved++;
				}
			}
		},
	};
}

/** While the list is made no message may come twice; then they have to be there for a redrive. */
const PEEK_SECONDS = 5;
const MOVE_SECONDS = 60;

function deadLetterOf({
	Body = "",
	MessageAttributes,
	MessageId = "",
	Attributes,
}: Message): DeadLetter {
	const compressedText = MessageAttributes?.[TEXT_ATTRIBUTE]?.BinaryValue;
	return {
		packed: { body: Body, ...(compressedText && { compressedText }) },
		queuedAt: Number(Attributes?.SentTimestamp),
		sqsMessageId: MessageId,
	};
}

/** An emulator may lack the action that moves messages on the server's side. */
function isUnknownAction(error: unknown): boolean {
	return (
		error instanceof Error && /InvalidAction|UnknownOperation|UnsupportedOperation/.test(error.name)
	);
}
