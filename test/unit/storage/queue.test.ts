import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { Sha256Node } from "@smithy/core/checksum";
import { SignatureV4 } from "@smithy/signature-v4";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Envelope } from "../../../lib/storage/envelope.ts";
import { packEnvelope } from "../../../lib/storage/envelope.ts";
import { openQueue } from "../../../lib/storage/queue.ts";
import { denseText, envelopeOf } from "../../callbacks.ts";

interface Call {
	readonly headers: IncomingHttpHeaders;
	readonly path: string | undefined;
	readonly body: string;
}

const ACCESS = {
	region: "cn-north-1",
	accessKeyId: "ASIAEXAMPLE",
	secretAccessKey: "a secret/with+signs",
};
const SESSION = { ...ACCESS, sessionToken: "a session/token==" };

type Answer = (response: ServerResponse, body: string) => void;

const acknowledge: Answer = (response, body) => {
	const { MessageBody } = JSON.parse(body);
	const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
	response.end(JSON.stringify({ MessageId: "m-1", MD5OfMessageBody }));
};
const refuse: Answer = (response) => {
	response.writeHead(500).end("not even JSON: a secret text");
};
const silence: Answer = () => {};
const reset: Answer = (response) => {
	response.socket?.destroy();
};

/** What SQS answers, call after call; the last one from then on. */
let answers: Answer[];
let calls: Call[];
let queueUrl: string;

const server = createServer(async (request, response) => {
	const body = await text(request);
	calls.push({ headers: request.headers, path: request.url, body });
	const [answer, ...later] = answers;
	if (later.length > 0) answers = later;
	answer?.(response, body);
});

beforeAll(async () => {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	queueUrl = `http://127.0.0.1:${port}/000000000000/messages`;
});
afterAll(() => {
	server.close();
	server.closeAllConnections();
});
beforeEach(() => {
	answers = [acknowledge];
	calls = [];
});

/** Of SQS's form, `20260131T080000Z`. */
const dateOf = (compact: string): Date =>
	new Date(compact.replace(/^(....)(..)(.....)(..)(..)Z$/, "$1-$2-$3:$4:$5Z"));

const envelope = (text: string): Envelope => envelopeOf(text);

describe("what is sent", () => {
	const texts = { short: '{"data":"你好 😀 \ufffe"}', long: JSON.stringify(denseText(200_000)) };

	test.each(Object.entries(texts))("a %s text: what the SDK would send", async (_, content) => {
		await openQueue(queueUrl, SESSION).send(envelope(content));
		const { body, compressedText } = packEnvelope(envelope(content));
		const client = new SQSClient({
			region: SESSION.region,
			credentials: SESSION,
			endpoint: new URL(queueUrl).origin,
		});
		await client.send(
			new SendMessageCommand({
				QueueUrl: queueUrl,
				MessageBody: body,
				...(compressedText && {
					MessageAttributes: { text: { DataType: "Binary", BinaryValue: compressedText } },
				}),
			}),
		);
		client.destroy();
		const [ours, sdk] = calls;
		expect(JSON.parse(ours?.body ?? "")).toEqual(JSON.parse(sdk?.body ?? ""));
		for (const name of ["content-type", "x-amz-target", "host", "x-amz-security-token"]) {
			expect(ours?.headers[name]).toBe(sdk?.headers[name]);
		}
		expect(ours?.path).toBe(sdk?.path);
	});

	test.each([
		["a role's, with its session token", SESSION],
		["a user's", ACCESS],
	])("signed with %s credentials: what arrives is what was signed", async (_, access) => {
		expect(await openQueue(queueUrl, access).send(envelope("{}"))).toBe("m-1");
		const { headers = {}, body = "" } = calls[0] ?? {};
		const { authorization = "", ...others } = headers;
		const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1]?.split(";") ?? [];
		const arrived = signed.map((name) => [name, String(others[name])]);
		const { region, ...credentials } = access;
		const signer = new SignatureV4({ service: "sqs", region, credentials, sha256: Sha256Node });
		const { hostname } = new URL(queueUrl);
		const again = await signer.sign(
			{
				method: "POST",
				protocol: "http:",
				hostname,
				path: "/",
				headers: Object.fromEntries(arrived),
				body,
			},
			{ signingDate: dateOf(String(headers["x-amz-date"])) },
		);
		expect(again.headers.authorization).toBe(authorization);
		expect(signed).toEqual(expect.arrayContaining(["host", "x-amz-date", "x-amz-target"]));
		expect(headers["x-amz-security-token"]).toBe(
			"sessionToken" in access ? SESSION.sessionToken : undefined,
		);
	});
});

describe("what is taken for an acknowledgement", () => {
	const queue = () => openQueue(queueUrl, SESSION);

	test.each([
		["a refusal", refuse],
		["a reset connection", reset],
		["silence", silence],
	])("not %s, but a second try is", async (_, failure) => {
		answers = [failure, acknowledge];
		expect(await queue().send(envelope("{}"))).toBe("m-1");
		expect(calls).toHaveLength(2);
	});

	test.each<[string, Answer, RegExp]>([
		["a refusal, whose body is not quoted", refuse, /^SQS answered 500: no reason given$/],
		[
			"a refusal with a reason",
			(response) => response.writeHead(400).end('{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}'),
			/^SQS answered 400: com\.amazonaws\.sqs#QueueDoesNotExist$/,
		],
		[
			"a refusal that is written with spaces",
			(response) => response.writeHead(400).end('{"__type" : "com.amazonaws.sqs#X" }'),
			/^SQS answered 400: com\.amazonaws\.sqs#X$/,
		],
		[
			"another body's",
			(response) => response.end('{"MessageId":"m-1","MD5OfMessageBody":"00"}'),
			/another body/,
		],
		["an empty answer", (response) => response.end("{}"), /another body/],
		["no JSON", (response) => response.end("<html>"), /JSON/],
		["half an answer, and then silence", (response) => response.write('{"MessageId":'), /abort/i],
	])("not %s", async (_, answer, words) => {
		answers = [answer];
		await expect(queue().send(envelope("{}"))).rejects.toThrow(words);
		expect(calls.length).toBeLessThanOrEqual(2);
	});
});
