import type { Conformance } from "../message/verdict.ts";
import { isEnvelope } from "../schema/generated/envelope.js";
import { compress, decompress } from "./gzip.ts";

/** What receive hands to store: a message, or one of the other callbacks of the base URL. */
export type Envelope = MessageEnvelope | CallbackEnvelope;

/** A message on its way from receive to store. */
export interface MessageEnvelope {
	/** When the callback arrived, ISO 8601 in ms. */
	readonly receivedAt: string;
	readonly conformance: Conformance;
	/** What the message does otherwise than its schema says, a few at most. */
	readonly violations: readonly string[];
	/** The callback's JSON text, token blanked. */
	readonly text: string;
}

/** Any other request below the base URL, as received. */
export interface CallbackEnvelope {
	/** When it arrived, ISO 8601 in ms. */
	readonly receivedAt: string;
	readonly method: string;
	/** Below the base URL and its key, without a slash before or after it, such as `room/joined`. */
	readonly path: string;
	/** As received, token blanked; empty when there was none. */
	readonly query: string;
	/** The body, token blanked. */
	readonly text: string;
	/** How `text` holds the body: a body that is not UTF-8 could not be kept as text. */
	readonly encoding: "utf8" | "base64";
}

/** Whether an envelope holds a message rather than another callback. */
export function isMessage(envelope: Envelope): envelope is MessageEnvelope {
	return "conformance" in envelope;
}

/** An envelope in the form that SQS carries. */
export interface QueueMessage {
	readonly body: string;
	/** The text as gzip, for the binary message attribute {@link TEXT_ATTRIBUTE}, when it is long. */
	readonly compressedText?: Uint8Array;
}

/** Name of the message attribute that holds a long text. */
export const TEXT_ATTRIBUTE = "text";

/**
 * SQS bills each 64 KB as one request (https://aws.amazon.com/sqs/pricing/), so a longer body is
 * worth compressing. It travels as a binary attribute, because base64 could make 900 KiB of
 * incompressible text larger than the 1 MiB that SQS takes.
 */
const LONGEST_PLAIN_BODY = 64_000;

/**
 * What `JSON.stringify` leaves as it is, but SQS does not take as text
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
 * Surrogate pairs are fine with SQS, but not with every emulator; their escapes are fine with all.
 */
const UNSAFE_UNIT = /[\ud800-\udfff\ufffe\uffff]/g;

/** Packs an envelope so that SQS takes it whatever its text holds, and at most 1 MiB of it. */
export function packEnvelope(envelope: Envelope): QueueMessage {
	const body = JSON.stringify(envelope).replace(UNSAFE_UNIT, escapeUnit);
	if (Buffer.byteLength(body) <= LONGEST_PLAIN_BODY) return { body };
	return {
		body: JSON.stringify({ ...envelope, text: undefined }).replace(UNSAFE_UNIT, escapeUnit),
		compressedText: compress(envelope.text),
	};
}

function escapeUnit(unit: string): string {
	return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/**
 * Undoes {@link packEnvelope}.
 *
 * @throws Error when this is no envelope; nothing can be stored then, and the message has to end in
 * the dead-letter queue, where somebody looks at it. The error quotes nothing of the message.
 */
export function unpackEnvelope({ body, compressedText }: QueueMessage): Envelope {
	const value = parse(body);
	const text = compressedText && decompress(compressedText);
	const envelope = text === undefined ? value : { ...value, text };
	if (!isEnvelope(envelope)) {
		const [error] = isEnvelope.errors ?? [];
		throw new Error(`not an envelope: ${error?.instancePath} ${error?.message}`);
	}
	if (isMessage(envelope)) parse(envelope.text);
	return envelope;
}

function parse(text: string): object {
	try {
		return JSON.parse(text);
	} catch {
		throw new Error("not an envelope: no JSON");
	}
}
