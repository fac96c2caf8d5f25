import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import {
	ReceiveMessageCommand,
	SendMessageCommand,
	SQSClient,
	StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openDeadLetters } from "../../../lib/archive/dead-letters.ts";
import { credentials, region } from "../../../local/environment.ts";
import { type QueueEmulator, startQueueEmulator } from "../../../local/queue-emulator.ts";

// The emulator as it is, without SQS's task that moves messages, and behind a server that has it: the
// command does the same with either.

let queue: QueueEmulator;
let directory: string;
beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "redrive-"));
	queue = await startQueueEmulator(directory);
});
afterAll(async () => {
	await queue.stop();
	await rm(directory, { recursive: true, force: true });
});

describe.each([false, true])("a service that has the task: %s", (hasTask) => {
	const suffix = hasTask ? "with" : "without";
	const actions: string[] = [];
	let server: Server;
	let endpoint: string;

	beforeAll(async () => {
		server = createServer(async (incoming, outgoing) => {
			const action = String(incoming.headers["x-amz-target"]).replace("AmazonSQS.", "");
			actions.push(action);
			const body = await buffer(incoming);
			if (hasTask && action === "StartMessageMoveTask") {
				outgoing.end(JSON.stringify({ TaskHandle: "task" }));
				return;
			}
			const { method, headers, url } = incoming;
			const call = request(new URL(url ?? "/", queue.endpoint), { method, headers });
			call.end(body);
			const [answer] = await once(call, "response");
			outgoing.writeHead(answer.statusCode, answer.headers).end(await buffer(answer));
		});
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		Object.assign(process.env, {
			AWS_ENDPOINT_URL_SQS: endpoint,
			AWS_REGION: region,
			AWS_ACCESS_KEY_ID: credentials.accessKeyId,
			AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
		});
	});
	afterAll(() => {
		server.close();
		server.closeAllConnections();
	});

	test("everything is moved back, without its reason, and by no other calls than the runbook names", async () => {
		const target = await queue.create({ name: `messages-${suffix}`, attributes: {} });
		const source = await queue.create({ name: `dead-${suffix}`, attributes: {} });
		for (let n = 0; n < 25; n++) {
			await queue.client.send(
				new SendMessageCommand({
					QueueUrl: source,
					MessageBody: `letter ${n}`,
					MessageAttributes: {
						text: { DataType: "Binary", BinaryValue: Buffer.from([n]) },
						reason: { DataType: "String", StringValue: "NotAnEnvelope: no JSON" },
					},
				}),
			);
		}
		const task = new SQSClient({ endpoint, region, credentials }).send(
			new StartMessageMoveTaskCommand({ SourceArn: `arn:aws:sqs:${region}:000000000000:none` }),
		);
		await expect(
			task.then(
				() => true,
				() => false,
			),
		).resolves.toBe(hasTask);
		actions.length = 0;

		expect(await openDeadLetters(`messages-${suffix}`, `dead-${suffix}`).redrive()).toBe(25);
		expect([...new Set(actions)].toSorted()).toEqual([
			...["DeleteMessage", "GetQueueAttributes", "GetQueueUrl", "ReceiveMessage", "SendMessage"],
		]);
		const bodies: string[] = [];
		for (;;) {
			const { Messages = [] } = await queue.client.send(
				new ReceiveMessageCommand({
					QueueUrl: target,
					MaxNumberOfMessages: 10,
					MessageAttributeNames: ["All"],
				}),
			);
			if (Messages.length === 0) break;
			for (const { Body = "", MessageAttributes = {} } of Messages) {
				bodies.push(Body);
				expect(Object.keys(MessageAttributes).toSorted()).toEqual(["redrive", "text"]);
			}
		}
		expect(bodies.toSorted()).toEqual(
			Array.from({ length: 25 }, (_, n) => `letter ${n}`).toSorted(),
		);
	});
});
