import { randomUUID } from "node:crypto";
import {
	ChangeMessageVisibilityCommand,
	DeleteMessageCommand,
	GetQueueAttributesCommand,
	GetQueueUrlCommand,
	type Message,
	ReceiveMessageCommand,
	SendMessageCommand,
	SQSClient,
} from "@aws-sdk/client-sqs";
import { type QueueMessage, TEXT_ATTRIBUTE } from "../storage/envelope.ts";
import { REASON_ATTRIBUTE } from "../storage/retry.ts";

/** A message that can never be stored as things are. */
export interface DeadLetter {
	readonly packed: QueueMessage;
	/** Why it is here; store did not say it when it died of the message, a thousand times. */
	readonly reason?: string;
	/** When it was set aside, milliseconds since 1970. */
	readonly queuedAt: number;
	readonly sqsMessageId: string;
}

/** What the commands do with the dead-letter queue. */
export interface DeadLetters {
	/** Shows what is there; it stays there. */
	peek(): Promise<DeadLetter[]>;
	/**
	 * Moves everything back to where it came from, once: what is set aside again meanwhile stays. It does
	 * not use SQS's own task: a partition may lack that, and it would move what store sets aside at
	 * once, round and round.
	 *
	 * @returns how many messages were moved.
	 */
	redrive(): Promise<number>;
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
			const [source, target] = await Promise.all([urlOf(deadLetterQueueName), urlOf(queueName)]);
			const mark = { DataType: "String", StringValue: randomUUID() };
			/** What came here again after this redrive had moved it: held until the end. */
			const again: Message[] = [];
			let moved = 0;
			for (;;) {
				const messages = await receive(source, MOVE_SECONDS);
				if (messages.length === 0) {
					const { ApproximateNumberOfMessagesNotVisible: hidden = 0 } = await attributesOf(source);
					// Somebody has just looked at the others, so they come back in a moment.
					if (Number(hidden) <= again.length) break;
				}
				await Promise.all(
					messages.map(async (message) => {
						const { Body, MessageAttributes = {}, ReceiptHandle } = message;
						if (MessageAttributes[REDRIVE_ATTRIBUTE]?.StringValue === mark.StringValue) {
							again.push(message);
							return;
						}
						const { [REASON_ATTRIBUTE]: _, ...others } = MessageAttributes;
						// Sent before it is deleted: after a crash between the two it is one row all the same.
						await client.send(
							new SendMessageCommand({
								QueueUrl: target,
								MessageBody: Body,
								MessageAttributes: { ...others, [REDRIVE_ATTRIBUTE]: mark },
							}),
						);
						await client.send(new DeleteMessageCommand({ QueueUrl: source, ReceiptHandle }));
						moved++;
					}),
				);
			}
			for (const { ReceiptHandle } of again) {
				await client.send(
					new ChangeMessageVisibilityCommand({
						QueueUrl: source,
						ReceiptHandle,
						// The emulator fails on 0.
						VisibilityTimeout: 1,
					}),
				);
			}
			return moved;
		},
	};
}

/** Names the redrive that moved a message last. */
const REDRIVE_ATTRIBUTE = "redrive";

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
	const reason = MessageAttributes?.[REASON_ATTRIBUTE]?.StringValue;
	return {
		packed: { body: Body, ...(compressedText && { compressedText }) },
		...(reason !== undefined && { reason }),
		queuedAt: Number(Attributes?.SentTimestamp),
		sqsMessageId: MessageId,
	};
}
