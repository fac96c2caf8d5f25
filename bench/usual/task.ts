import { createHash, timingSafeEqual } from "node:crypto";
import { SQSClient } from "@aws-sdk/client-sqs";

/** The client as one makes it: everything else comes from the environment. */
export const client = new SQSClient({});

export const queueUrl = process.env.QUEUE_URL ?? "";

const accepted = createHash("sha256")
	.update(process.env.CALLBACK_TOKEN ?? "")
	.digest();

export function isAccepted(token: unknown): boolean {
	const digest = createHash("sha256").update(String(token)).digest();
	return timingSafeEqual(digest, accepted);
}

/** What store would get. */
export function envelopeOf(text: string): string {
	return JSON.stringify({ receivedAt: new Date().toISOString(), text });
}

export const TAKEN = { errcode: 0, errmsg: "ok" };
export const WRONG_TOKEN = { errcode: 40014, errmsg: "token" };
export const WRONG_SHAPE = { errcode: 40035, errmsg: "shape" };
