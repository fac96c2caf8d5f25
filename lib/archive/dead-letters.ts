import { randomUUID } from "node:crypto";
import {
	ChangeMessageVisibilityBatchCommand,
	DeleteMessageCommand,
	GetQueueUrlCommand,
	type Message,
	ReceiveMessageCommand,
	SendMessageCommand,
	SQSClient,
} from "@aws-sdk/client-sqs";
import { TEXT_ATTRIBUTE, unpackEnvelope } from "../storage/envelope.ts";
import { REASON_ATTRIBUTE } from "../storage/retry.ts";
import type { Row } from "../storage/row.ts";
import { callLimits } from "./call-limits.ts";
import { countQueue } from "./queue-counts.ts";

/** A message that can never be stored as things are. */
export interface DeadLetter {
	/** What it would be in the table; undefined when it is nothing that store can read. */
	readonly row: Row | undefined;
	/** What it holds: the text of the row, or whatever lies there. */
	readonly text: string;
	/** Why it is here; store did not say it when it died of the message, a thousand times. */
	readonly reason: string | undefined;
	/** When it was set aside, milliseconds since 1970. */
	readonly queuedAt: number;
	readonly sqsMessageId: string;
}

/** What was seen of the dead-letter queue. */
export interface Look {
	readonly letters: readonly DeadLetter[];
	/** How many more are there that somebody else looks at just now. */
	readonly hidden: number;
}

/** What the commands do with the dead-letter queue. */
export interface DeadLetters {
	/** Shows what is there; it stays there, and meanwhile, {@link LOOK_SECONDS} at most, nobody else sees it. */
	peek(): Promise<Look>;
	/**
	 * Moves everything back to where it came from, once: what is set aside again meanwhile stays. It does
	 * not use SQS's own task: a partition may lack that, and it would move what store sets aside at
	 * once, round and round.
	 *
	 * @returns how many messages were moved.
	 */
	redrive(): Promise<number>;
	/** Moves one back. @throws when it is not there. */
	redriveOne(sqsMessageId: string): Promise<void>;
	/** Deletes one, for ever. @throws when it is not there. */
	discard(sqsMessageId: string): Promise<void>;
}

/** For a person with the usual credentials. The queues are known by their names. */
export function openDeadLetters(queueName: string, deadLetterQueueName: string): DeadLetters {
	// A queue's URL may name a host that only AWS resolves; the endpoint is the environment's.
	const client = new SQSClient({ useQueueUrlAsEndpoint: false, ...callLimits });
	const urlOf = async (QueueName: string): Promise<string | undefined> =>
		(await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
	const receive = async (QueueUrl: string | undefined, seconds: number): Promise<Message[]> => {
		const command = new ReceiveMessageCommand({
			QueueUrl,
			MaxNumberOfMessages: MOST_OF_CALL,
			VisibilityTimeout: seconds,
			WaitTimeSeconds: 1,
			MessageAttributeNames: ["All"],
			MessageSystemAttributeNames: ["SentTimestamp"],
		});
		return (await client.send(command)).Messages ?? [];
	};
	/** Lets them be seen again: those that are by now, as after a long list, are no failure. */
	const show = async (
		QueueUrl: string | undefined,
		messages: readonly Message[],
	): Promise<void> => {
		for (let at = 0; at < messages.length; at += MOST_OF_CALL) {
			const Entries = messages.slice(at, at + MOST_OF_CALL).map(({ ReceiptHandle }, n) => ({
				// The emulator fails on 0.
				...{ Id: String(n), ReceiptHandle, VisibilityTimeout: 1 },
			}));
			await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
		}
	};
	/** Receives one of them, and lets the others be seen again. */
	const take = async (QueueUrl: string | undefined, id: string): Promise<Message> => {
		const others = heldMessages();
		let found: Message | undefined;
		// Somebody else may just look at it: then it comes back in a moment.
		for (let looks = 0; looks < MOST_LOOKS && !found && !others.areAll; ) {
			const messages = await receive(QueueUrl, LOOK_SECONDS);
			if (messages.length === 0) looks++;
			for (const message of messages) {
				if (message.MessageId === id) found = message;
				else others.hold(message);
			}
		}
		await show(QueueUrl, others.messages());
		if (found === undefined) throw new Error("this dead letter is not there any more");
		return found;
	};
	const remove = async (
		QueueUrl: string | undefined,
		{ ReceiptHandle }: Message,
	): Promise<void> => {
		await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
	};
	/** Sent before it is deleted: after a crash between the two it is one row all the same. */
	const moveBack = async (
		source: string | undefined,
		target: string | undefined,
		message: Message,
		marks: NonNullable<Message["MessageAttributes"]> = {},
	): Promise<void> => {
		const { [REASON_ATTRIBUTE]: _, ...others } = message.MessageAttributes ?? {};
		await client.send(
			new SendMessageCommand({
				QueueUrl: target,
				MessageBody: message.Body,
				MessageAttributes: { ...others, ...marks },
			}),
		);
		await remove(source, message);
	};
	return {
		async peek() {
			const QueueUrl = await urlOf(deadLetterQueueName);
			const found = heldMessages();
			while (!found.areAll) {
				const messages = await receive(QueueUrl, LOOK_SECONDS);
				if (messages.length === 0) break;
				for (const message of messages) found.hold(message);
			}
			const messages = found.messages();
			// Counted once more: what another look has hidden has not come.
			const { all } = await countQueue(client, QueueUrl);
			await show(QueueUrl, messages);
			return {
				letters: messages.map(deadLetterOf),
				hidden: Math.max(0, all - messages.length),
			};
		},
		async redrive() {
			const [source, target] = await Promise.all([urlOf(deadLetterQueueName), urlOf(queueName)]);
			const mark = { DataType: "String", StringValue: randomUUID() };
			/** What came here again after this redrive had moved it. */
			const again = heldMessages();
			let moved = 0;
			while (!again.areAll) {
				const messages = await receive(source, MOVE_SECONDS);
				if (messages.length === 0) {
					const { hidden } = await countQueue(client, source);
					// Somebody has just looked at the others, so they come back in a moment.
					if (hidden <= again.size) break;
				}
				await Promise.all(
					messages.map(async (message) => {
						const last = message.MessageAttributes?.[REDRIVE_ATTRIBUTE]?.StringValue;
						if (last === mark.StringValue) {
							again.hold(message);
							return;
						}
						again.goOn();
						await moveBack(source, target, message, { [REDRIVE_ATTRIBUTE]: mark });
						moved++;
					}),
				);
			}
			await show(source, again.messages());
			return moved;
		},
		async redriveOne(id) {
			const [source, target] = await Promise.all([urlOf(deadLetterQueueName), urlOf(queueName)]);
			await moveBack(source, target, await take(source, id));
		},
		async discard(id) {
			const source = await urlOf(deadLetterQueueName);
			await remove(source, await take(source, id));
		},
	};
}

/** Names the redrive that moved a message last. */
const REDRIVE_ATTRIBUTE = "redrive";

/** For how long a message that is looked at stays hidden at most: a look that is killed does not let it go. */
export const LOOK_SECONDS = 10;
/** For how long one that is moved stays hidden. Each time it comes back costs another round. */
const MOVE_SECONDS = 60;
const MOST_LOOKS = 10;
/** What SQS hands out at once, or takes. */
const MOST_OF_CALL = 10;

/**
 * Messages that are hidden from others while one goes through a queue. With many of them, or slow
 * calls, the first ones are in sight again before the last one has come.
 */
function heldMessages() {
	const held = new Map<string | undefined, Message>();
	let repeated = 0;
	return {
		/** Of one that comes again the last receipt counts. */
		hold(message: Message): void {
			repeated = held.has(message.MessageId) ? repeated + 1 : 0;
			held.set(message.MessageId, message);
		},
		/** Something else has come than what is held. */
		goOn(): void {
			repeated = 0;
		},
		messages: (): Message[] => [...held.values()],
		get size() {
			return held.size;
		},
		/** As many have come again as there are, and nothing else. */
		get areAll() {
			return repeated > held.size;
		},
	};
}

function deadLetterOf({
	Body = "",
	MessageAttributes,
	MessageId = "",
	Attributes,
}: Message): DeadLetter {
	const compressedText = MessageAttributes?.[TEXT_ATTRIBUTE]?.BinaryValue;
	const reason = MessageAttributes?.[REASON_ATTRIBUTE]?.StringValue;
	const letter = { queuedAt: Number(Attributes?.SentTimestamp), sqsMessageId: MessageId };
	try {
		const { row, text } = unpackEnvelope({ body: Body, ...(compressedText && { compressedText }) });
		return { ...letter, row, text, reason };
	} catch (error) {
		const defect = error instanceof Error ? error.message : undefined;
		return { ...letter, row: undefined, text: Body, reason: reason ?? defect };
	}
}
