import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { openSender } from "../../../lib/archive/sender.ts";
import { packEnvelope, unpackEnvelope } from "../../../lib/storage/envelope.ts";
import { listenOn } from "../../../local/port.ts";
import { denseText, envelopeOf, textMessage } from "../../callbacks.ts";

interface Call {
	readonly action: string;
	readonly input: Record<string, unknown>;
}

let calls: Call[] = [];
let isAway = false;
let hang: (() => void) | undefined;
const server = createServer(async (request, response) => {
	const action = String(request.headers["x-amz-target"]).replace(/^.*\./, "");
	const input = JSON.parse(await text(request));
	calls.push({ action, input });
	if (hang) return hang();
	const QueueUrl = "http://not-resolved.invalid/1/messages";
	const MD5OfMessageBody = createHash("md5").update(String(input.MessageBody)).digest("hex");
	const body = { QueueUrl, MessageId: "m", MD5OfMessageBody };
	response.writeHead(isAway ? 400 : 200).end(JSON.stringify(isAway ? { __type: "x#Away" } : body));
});

let stop: () => Promise<void>;
beforeAll(async () => {
	stop = await listenOn(server, 0);
	Object.assign(process.env, {
		...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" },
		AWS_ENDPOINT_URL_SQS: `http://127.0.0.1:${Object(server.address()).port}`,
	});
});
afterAll(() => stop());
beforeEach(() => {
	calls = [];
	isAway = false;
});

test("a message is sent as receive sends it, and the queue is looked for once", async () => {
	const send = openSender("messages");
	const short = envelopeOf(textMessage());
	const long = envelopeOf(textMessage({ payload: { text: denseText(90_000) } }));
	await send(short);
	await send(long);
	expect(calls.map(({ action }) => action)).toEqual(["GetQueueUrl", "SendMessage", "SendMessage"]);
	const [look, first, second] = calls;
	expect(look?.input).toEqual({ QueueName: "messages" });
	expect(first?.input).toEqual({
		QueueUrl: "http://not-resolved.invalid/1/messages",
		MessageBody: packEnvelope(short).body,
	});
	const { MessageBody, MessageAttributes } = Object(second?.input);
	const { DataType, BinaryValue } = MessageAttributes.text;
	expect(DataType).toBe("Binary");
	const compressedText = Buffer.from(BinaryValue, "base64");
	expect(unpackEnvelope({ body: MessageBody, compressedText })).toEqual(long);
});

test("what is not found is told, and looked for again", async () => {
	const send = openSender("messages");
	isAway = true;
	await expect(send(envelopeOf(textMessage()))).rejects.toThrow();
	isAway = false;
	await send(envelopeOf(textMessage()));
	expect(calls.map(({ action }) => action)).toEqual(["GetQueueUrl", "GetQueueUrl", "SendMessage"]);
});

test("what hangs is tried again", async () => {
	const send = openSender("messages");
	await send(envelopeOf(textMessage()));
	hang = () => {
		hang = undefined;
		vi.advanceTimersByTime(5_000);
	};
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
	onTestFinished(() => void vi.useRealTimers());
	await send(envelopeOf(textMessage()));
	expect(calls.map(({ action }) => action)).toEqual([
		"GetQueueUrl",
		...["SendMessage", "SendMessage", "SendMessage"],
	]);
});
