import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openDeadLetters, PEEK_SECONDS } from "../../../lib/archive/dead-letters.ts";
import { type Call, type Service, startService } from "./service.ts";

// What SQS does in an order that no emulator can be made to keep: a queue in memory that is told when
// a message can be received.

interface Held {
	readonly MessageId: string;
	readonly Body: string;
	readonly MessageAttributes?: Readonly<Record<string, object>> | undefined;
	readonly ReceiptHandle: string;
}

/** What each call to receive gets, one after the other. */
let received: (readonly Held[])[];
/** How many others say that they are hidden, at each count. */
let hidden: number[];
let calls: Call[];
let sent: Record<string, unknown>[];
/** What is done when a message has come to the queue. */
let onSent: (attributes: Held["MessageAttributes"]) => void;

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

/** Attributes come only to who asks for them. */
const answered = (message: Held, { MessageAttributeNames }: Call["input"]): object => ({
	...message,
	MD5OfBody: md5(message.Body),
	...(String(MessageAttributeNames) !== "All" && { MessageAttributes: {} }),
});

let service: Service;
beforeAll(async () => {
	service = await startService((call) => {
		const { action, input } = call;
		if (action === "GetQueueUrl") return { QueueUrl: `http://q.invalid/1/${input.QueueName}` };
		calls.push(call);
		switch (action) {
			case "ReceiveMessage":
				return { Messages: (received.shift() ?? []).map((one) => answered(one, input)) };
			case "GetQueueAttributes": {
				const count = String(hidden.shift() ?? 0);
				return { Attributes: { ApproximateNumberOfMessagesNotVisible: count } };
			}
			case "SendMessage": {
				const { MessageBody, MessageAttributes } = input;
				sent.push(input);
				onSent(Object(MessageAttributes));
				return { MessageId: "new", MD5OfMessageBody: md5(String(MessageBody)) };
			}
			default:
				return {};
		}
	});
});
afterAll(() => service.stop());
beforeEach(() => {
	received = [];
	hidden = [];
	calls = [];
	sent = [];
	onSent = () => {};
});

const held = (name: string, attributes: Held["MessageAttributes"] = {}): Held => ({
	...{ MessageId: name, Body: name, ReceiptHandle: `handle of ${name}` },
	MessageAttributes: attributes,
});
const deadLetters = () => openDeadLetters("messages", "dead");

/** What was done with messages, by their handles or bodies. */
const done = (): (readonly [string, unknown])[] =>
	calls.flatMap(({ action, input }) => {
		const { ReceiptHandle, MessageBody } = input;
		const what = ReceiptHandle ?? MessageBody;
		return what === undefined ? [] : [[action, what] as const];
	});

test("what comes here again while all is moved back is moved once, and in sight at the end", async () => {
	received = [[held("odd"), held("well")]];
	onSent = (attributes) => {
		// Store finds it as odd as before.
		if (sent.length === 1) received.push([held("odd again", attributes)]);
	};
	hidden = [1];
	expect(await deadLetters().redrive()).toBe(2);
	expect(sent.map(({ MessageBody }) => MessageBody).toSorted()).toEqual(["odd", "well"]);
	expect(done().at(-1)).toEqual(["ChangeMessageVisibility", "handle of odd again"]);
	expect(done().filter(([action]) => action === "DeleteMessage")).toHaveLength(2);
});

test("a redrive waits for those that somebody looks at just now, and moves those of an earlier one", async () => {
	const mark = { redrive: { DataType: "String", StringValue: "an earlier one" } };
	received = [[], [], [held("seen", mark), { ...held("plain"), MessageAttributes: undefined }]];
	hidden = [1, 2, 0];
	expect(await deadLetters().redrive()).toBe(2);
	const marks = sent.map(({ MessageAttributes }) => Object(MessageAttributes).redrive);
	expect(marks).toEqual([
		{ DataType: "String", StringValue: expect.stringMatching(/^[\w-]{36}$/) },
		marks[0],
	]);
	expect(marks[0].StringValue).not.toBe("an earlier one");
});

test("each is sent before it is deleted, with all that belongs to it", async () => {
	const text = { DataType: "Binary", BinaryValue: "AAAA" };
	received = [[held("one", { text })]];
	await deadLetters().redrive();
	expect(sent).toMatchObject([{ MessageAttributes: { text } }]);
	received = [[held("two")]];
	await deadLetters().redriveOne("two");
	expect(done()).toEqual([
		["SendMessage", "one"],
		["DeleteMessage", "handle of one"],
		["SendMessage", "two"],
		["DeleteMessage", "handle of two"],
	]);
});

test("one is found however many others come first, and those beside it are let go", async () => {
	const others = Array.from({ length: 20 }, (_, n) => [held(`other ${n}`)]);
	received = [...others, [], [held("left"), held("wanted"), held("right")]];
	await deadLetters().discard("wanted");
	expect(done()).toEqual([
		["ChangeMessageVisibility", "handle of left"],
		["ChangeMessageVisibility", "handle of right"],
		["DeleteMessage", "handle of wanted"],
	]);
});

test("what comes twice while the list is made is on it once", async () => {
	received = [[held("a"), held("b")], [held("b")], [held("c")]];
	hidden = [1];
	const { letters, hidden: left } = await deadLetters().peek();
	expect(letters.map(({ sqsMessageId }) => sqsMessageId)).toEqual(["a", "b"]);
	// SQS counts roughly.
	expect(left).toBe(0);
	const [look] = calls;
	expect(look?.input).toMatchObject({ VisibilityTimeout: PEEK_SECONDS, MaxNumberOfMessages: 10 });
});
