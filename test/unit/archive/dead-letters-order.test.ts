import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { LOOK_SECONDS, openDeadLetters } from "../../../lib/archive/dead-letters.ts";
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
		const { ReceiptHandle, MessageBody, Entries = [] } = input;
		const shown = Object.values(Object(Entries)).map((one) => Object(one).ReceiptHandle);
		const whats = [ReceiptHandle ?? MessageBody, ...shown];
		return whats.flatMap((what) => (what === undefined ? [] : [[action, what] as const]));
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
	expect(done().at(-1)).toEqual(["ChangeMessageVisibilityBatch", "handle of odd again"]);
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
	const names = [...others.keys().map((n) => `other ${n}`), "left", "right"];
	expect(done()).toEqual([
		...names.map((name) => ["ChangeMessageVisibilityBatch", `handle of ${name}`]),
		["DeleteMessage", "handle of wanted"],
	]);
	const [show] = calls.filter(({ action }) => action === "ChangeMessageVisibilityBatch");
	expect(Object(show?.input.Entries)).toHaveLength(10);
	expect(Object(show?.input.Entries)[9]).toMatchObject({ Id: "9", VisibilityTimeout: 1 });
});

/** A long queue, of which the first come again before the last have come. */
function longQueue(count: number, again: number): void {
	const names = Array.from({ length: count }, (_, n) => `letter ${n}`);
	const shown = [...names.slice(0, again), ...names.slice(0, again), ...names.slice(again)];
	received = shown.map((name, n) => [{ ...held(name), ReceiptHandle: `${n}: ${name}` }]);
}

test("a long list is whole, though its beginning is in sight again before its end has come", async () => {
	longQueue(40, 20);
	const { letters } = await deadLetters().peek();
	expect(letters).toHaveLength(40);
	// The last receipt is the one that counts, and nothing stays hidden.
	const shown = done().map(([, handle]) => handle);
	expect(shown).toHaveLength(40);
	expect(shown).toContain("20: letter 0");
	expect(shown).not.toContain("0: letter 0");
});

test("who goes round a long queue comes to an end", async () => {
	const rounds = Array.from({ length: 5 }, () => [held("a"), held("b"), held("c")]);
	received = [...rounds];
	expect((await deadLetters().peek()).letters).toHaveLength(3);
	received = [...rounds];
	await expect(deadLetters().discard("gone")).rejects.toThrow("not there any more");
	expect(done().filter(([action]) => action === "DeleteMessage")).toEqual([]);
	expect(done().filter(([action]) => action.startsWith("Change"))).toHaveLength(6);
	expect(received.length).toBeGreaterThan(1);
});

test("a redrive of so many that what came again comes once more moves all, and ends", async () => {
	const marked = (name: string): Held => {
		const { redrive } = Object(sent[0]?.MessageAttributes);
		return held(name, { redrive });
	};
	received = [[held("first")]];
	let rounds = 0;
	onSent = () => {
		const again = ["x", "y"].map(marked);
		// What store sets aside at once is in sight again while there are others.
		if (sent.length > 1) return;
		received.push(again, again, [held("second")], again, [held("third")], ...Array(9).fill(again));
		rounds = received.length;
	};
	expect(await deadLetters().redrive()).toBe(3);
	expect(sent.map(({ MessageBody }) => MessageBody)).toEqual(["first", "second", "third"]);
	expect(received.length).toBeGreaterThan(0);
	expect(received.length).toBeLessThan(rounds);
});

test("what comes twice while the list is made is on it once", async () => {
	received = [[held("a"), held("b")], [held("b")]];
	hidden = [1];
	const { letters, hidden: left } = await deadLetters().peek();
	expect(letters.map(({ sqsMessageId }) => sqsMessageId)).toEqual(["a", "b"]);
	// SQS counts roughly.
	expect(left).toBe(0);
	const [look] = calls;
	expect(look?.input).toMatchObject({
		VisibilityTimeout: LOOK_SECONDS,
		MaxNumberOfMessages: 10,
	});
});
