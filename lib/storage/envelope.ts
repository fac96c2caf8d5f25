import { isCallbackRow } from "../schema/generated/callback-row.js";
import { isMessageRow } from "../schema/generated/message-row.js";
import { compress, decompress } from "./gzip.ts";
import { isTextOf, type Row } from "./row.ts";

/**
 * What receive hands to store: the row as receive has found it out, and the text that it was found out
 * from. Nobody reads the text again on its way.
 */
export interface Envelope {
	readonly row: Row;
	/** The callback's body, secrets blanked: JSON of a message, anything of another callback. */
	readonly text: string;
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
export function packEnvelope({ row, text }: Envelope): QueueMessage {
	if (Buffer.byteLength(text) <= LONGEST_PLAIN_BODY) {
		const body = safeJson({ row, text });
		if (Buffer.byteLength(body) <= LONGEST_PLAIN_BODY) return { body };
	}
	return { body: safeJson({ row }), compressedText: compress(text) };
}

function safeJson(value: object): string {
	return JSON.stringify(value).replace(UNSAFE_UNIT, escapeUnit);
}

function escapeUnit(unit: string): string {
	return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

/** What receive did not write; its message quotes nothing of what it is. */
export class NotAnEnvelope extends Error {
	override name = "NotAnEnvelope";

	constructor(reason: string) {
		super(`not an envelope: ${reason}`);
	}
}

/**
 * Undoes {@link packEnvelope}, and checks that row and text belong together.
 *
 * @throws NotAnEnvelope; nothing can be stored then, and the message has to end in the dead-letter
 * queue, where somebody looks at it.
 */
export function unpackEnvelope({ body, compressedText }: QueueMessage): Envelope {
	const { row, text } = { text: unzipped(compressedText), ...parse(body) };
	if (typeof text !== "string") throw new NotAnEnvelope("no text");
	if (!isMessageRow(row) && !isCallbackRow(row)) {
		const [error] = isMessageRow.errors ?? [];
		throw new NotAnEnvelope(`row${error?.instancePath} ${error?.message}`);
	}
	if (!isTextOf(row, text)) throw new NotAnEnvelope("the text is not the row's");
	return { row, text };
}

function parse(body: string): { readonly row?: unknown; readonly text?: unknown } {
	try {
		return { ...JSON.parse(body) };
	} catch {
		throw new NotAnEnvelope("no JSON");
	}
}

function unzipped(compressedText: Uint8Array | undefined): string | undefined {
	try {
		return compressedText && decompress(compressedText);
	} catch {
		throw new NotAnEnvelope("no gzip");
	}
}
