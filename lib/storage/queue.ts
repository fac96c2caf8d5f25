import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { budgets } from "./budgets.ts";
import type { Connection } from "./connection.ts";
import { type Envelope, packEnvelope, TEXT_ATTRIBUTE } from "./envelope.ts";
import { type AwsAccess, openSqs } from "./sqs.ts";

/** Where receive puts a message. */
export interface Queue {
	/**
	 * Resolves when SQS has the message on disk.
	 *
	 * @returns the id that SQS gave it, by which store's log lines name it.
	 * @throws when SQS refuses it, acknowledges something else, or does not answer within
	 * its budget.
	 */
	send(envelope: Envelope): Promise<string>;
}

/** The SDK's own pause before a second try, at most: a fault may be over, and not all try at once. */
const PAUSE_MS = 100;

/** The one call of SQS that a callback waits for; what fails twice goes to the table. */
export function openQueue(queueUrl: string, aws: AwsAccess, connection?: Connection): Queue {
	const call = openSqs(queueUrl, aws, connection);
	const sendOnce = async (message: Message, abortSignal: AbortSignal): Promise<string> =>
		acknowledgedId(await call("SendMessage", message, abortSignal), message.MessageBody);
	return {
		async send(envelope) {
			const message = messageOf(queueUrl, envelope);
			const budget = AbortSignal.timeout(budgets.receive.queue);
			try {
				return await sendOnce(message, budget);
			} catch {
				// Such as a connection that was forgotten on the way a moment ago.
				await setTimeout(Math.random() * PAUSE_MS, undefined, { signal: budget });
				return await sendOnce(message, budget);
			}
		},
	};
}

interface Message {
	readonly QueueUrl: string;
	readonly MessageBody: string;
	readonly MessageAttributes?: object;
}

function messageOf(QueueUrl: string, envelope: Envelope): Message {
	const { body: MessageBody, compressedText } = packEnvelope(envelope);
	if (compressedText === undefined) return { QueueUrl, MessageBody };
	const BinaryValue = Buffer.from(compressedText).toString("base64");
	const attribute = { DataType: "Binary", BinaryValue };
	return { QueueUrl, MessageBody, MessageAttributes: { [TEXT_ATTRIBUTE]: attribute } };
}

/** @throws when the answer is anything but the acknowledgement of exactly this body. */
function acknowledgedId(answer: Readonly<Record<string, unknown>>, body: string): string {
	if (answer.MD5OfMessageBody !== createHash("md5").update(body).digest("hex")) {
		throw new Error("SQS acknowledged another body");
	}
	return String(answer.MessageId);
}
