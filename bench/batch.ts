import { packEnvelope, TEXT_ATTRIBUTE } from "../lib/storage/envelope.ts";
import { envelopeOf, textMessage } from "../test/callbacks.ts";

let made = 0;

/** A batch as Lambda hands it to store, of messages that were not there before. */
export function batchOf(size: number, body: () => string = usualBody): object {
	return { Records: Array.from({ length: size }, (_, n) => recordOf(String(n), body())) };
}

function usualBody(): string {
	const n = made++;
	return textMessage({ messageId: `batch-${n}`, chatId: `c${n % 50}`, token: "" });
}

function recordOf(messageId: string, text: string): object {
	const about = { receivedAt: new Date().toISOString(), conformance: "corrected" } as const;
	const attributes = { ApproximateReceiveCount: "1" };
	const { body, compressedText } = packEnvelope(envelopeOf(text, about));
	const binaryValue = compressedText && Buffer.from(compressedText).toString("base64");
	const messageAttributes = binaryValue ? { [TEXT_ATTRIBUTE]: { binaryValue } } : {};
	return {
		...{ messageId, receiptHandle: messageId, body, attributes, messageAttributes },
		eventSource: "aws:sqs",
	};
}
