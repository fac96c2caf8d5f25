import { createHash } from "node:crypto";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { Sha256Node } from "@smithy/core/checksum";
import { HttpRequest } from "@smithy/core/protocols";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { SignatureV4 } from "@smithy/signature-v4";
import type { AwsAccess } from "../config.ts";
import { type Envelope, packEnvelope, TEXT_ATTRIBUTE } from "./envelope.ts";

/** Where receive puts a message. */
export interface Queue {
	/**
	 * Resolves when SQS has the message on disk.
	 *
	 * @returns the id that SQS gave it, by which store's log lines name it.
	 * @throws when SQS refuses it, acknowledges something else, or does not answer within
	 * {@link BUDGET_MS}.
	 */
	send(envelope: Envelope): Promise<string>;
}

/**
 * The platform waits for an unpublished time and then retries, so the whole request has to stay
 * under 3 s even when SQS does not answer: two attempts, both inside this budget, which leaves as
 * much to the table.
 */
const BUDGET_MS = 1_300;

/** The SDK's own pause before a second try, at most: a fault may be over, and not all try at once. */
const PAUSE_MS = 100;

/**
 * The one call of SQS that a callback waits for, made of the SDK's own signer and HTTP handler
 * instead of its client: that takes 40 ms less of every cold start (bench/README.md). What the client
 * would do besides is not needed here: the URL is known, the credentials are those that Lambda sets
 * and never changes, and what fails twice goes to the table.
 *
 * @param queueUrl the queue's URL, whose host is the endpoint that is called.
 */
export function openQueue(queueUrl: string, { region, ...credentials }: AwsAccess): Queue {
	const { protocol, hostname, host, port } = new URL(queueUrl);
	const signer = new SignatureV4({ service: "sqs", region, credentials, sha256: Sha256Node });
	const http = new NodeHttpHandler({
		connectionTimeout: 300,
		requestTimeout: 600,
		throwOnRequestTimeout: true,
	});
	const sendOnce = async (message: Message, abortSignal: AbortSignal): Promise<string> => {
		// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
		const request = new HttpRequest({
			protocol,
			hostname,
			...(port !== "" && { port: Number(port) }),
			method: "POST",
			path: "/",
			headers: {
				host,
				"content-type": "application/x-amz-json-1.0",
				"x-amz-target": "AmazonSQS.SendMessage",
			},
			body: JSON.stringify(message),
		});
		const signed = await signer.sign(request);
		const { response } = await http.handle(new HttpRequest(signed), { abortSignal });
		const answer = await text(response.body);
		return acknowledgedId(response.statusCode, answer, message.MessageBody);
	};
	return {
		async send(envelope) {
			const message = messageOf(queueUrl, envelope);
			const budget = AbortSignal.timeout(BUDGET_MS);
			try {
				return await sendOnce(message, budget);
			} catch {
				// A connection that Lambda froze may be dead, and is found so only now.
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
function acknowledgedId(status: number, answer: string, body: string): string {
	if (status !== 200) throw new Error(`SQS answered ${status}: ${errorOf(answer)}`);
	const { MessageId, MD5OfMessageBody } = JSON.parse(answer);
	if (MD5OfMessageBody !== createHash("md5").update(body).digest("hex")) {
		throw new Error("SQS acknowledged another body");
	}
	return String(MessageId);
}

/** The kind of error, such as `com.amazonaws.sqs#QueueDoesNotExist`; a gateway may answer otherwise. */
function errorOf(answer: string): string {
	return /"__type"\s*:\s*"([\w.#]{1,100})"/.exec(answer)?.[1] ?? "no reason given";
}
