import fc from "fast-check";
import { expect, test } from "vitest";
import { foldRevisions, type Revision, revisionOf } from "../../../lib/archive/revisions.ts";
import { readMessage } from "../../../lib/message/shape.ts";
import { itemsOf } from "../../../lib/storage/record.ts";
import { messageRow, type Origin, type RowKey } from "../../../lib/storage/row.ts";
import { sampleBody } from "../../../samples/samples.ts";
import { denseText, envelopeOf, textMessage } from "../../callbacks.ts";

const revision = (text: string, receivedAt: string, origin?: Origin): Revision => ({
	row: envelopeOf(text, { receivedAt, ...(origin && { origin }) }).row,
	text: async () => text,
	reading: async () => readMessage(text),
});
const incomplete = async () => undefined;

const minute = (n: number): string => `2026-02-01T00:0${n}:00.000Z`;

test("three pushes of an image in any order are one message that shows the original", async () => {
	const pushes = ["t06-image-push1-no-media", "t06-image-push2-thumb", "t06-image-push3-artwork"];
	await fc.assert(
		fc.asyncProperty(fc.shuffledSubarray(pushes, { minLength: 3 }), async (order) => {
			const messages = await foldRevisions(
				order.map((name, i) => revision(sampleBody(name), minute(i))),
			);
			expect(messages).toHaveLength(1);
			const texts = await Promise.all(messages[0]?.revisions.map(({ text }) => text()) ?? []);
			expect(texts).toEqual(order.map(sampleBody));
			expect(await messages[0]?.fullest.text()).toContain("i-orig.jpg");
		}),
	);
});

test("of equally full revisions the latest stands, in whatever order they are read", async () => {
	const [first, second, third] = ["first", "second", "third"].map((text, i) =>
		revision(textMessage({ payload: { text } }), minute(i)),
	);
	const [message] = await foldRevisions([second, third, first].filter((one) => one !== undefined));
	expect(message?.fullest).toBe(third);
	expect(message?.revisions).toEqual([first, second, third]);
});

test("what says nothing makes no revision fuller", async () => {
	const said = revision(textMessage({ payload: { text: "said" } }), minute(0));
	const payload = { text: "", a: null, b: { c: "", d: null }, e: [] };
	const [message] = await foldRevisions([said, revision(textMessage({ payload }), minute(1))]);
	expect(message?.fullest).toBe(said);
});

test("a row's text is read from its parts, and from there only", async () => {
	const asked: (readonly RowKey[])[] = [];
	const read = async (text: string, count = 9) => {
		const arrival = { receivedAt: minute(0), blanked: 0 };
		const verdict = { conformance: "corrected", violations: [] } as const;
		const whole = messageRow(text, { chatId: "c" }, verdict, arrival);
		const { row, parts } = itemsOf({ row: whole, text });
		const reader = {
			parts: async (keys: readonly RowKey[]) => {
				asked.push(keys);
				return parts.slice(0, count);
			},
		};
		const { text: kept, reading } = revisionOf(reader, { ...whole, ...row });
		return [await kept(), await reading()] as const;
	};
	const short = textMessage();
	expect(await read(short)).toEqual([short, readMessage(short)]);
	expect(await read("no JSON")).toEqual(["no JSON", undefined]);
	expect(asked).toEqual([]);
	const long = textMessage({ payload: { text: denseText(900_000) } });
	expect(await read(long)).toEqual([long, readMessage(long)]);
	expect(asked.map((keys) => keys.length)).toEqual([3, 3]);
	expect(await read(long, 2)).toEqual([undefined, undefined]);
});

test("two bots' copies, and messages without id, stay apart", async () => {
	const texts = [
		sampleBody("dup-room-two-bots-a"),
		sampleBody("dup-room-two-bots-b"),
		textMessage({ botId: "other" }),
		textMessage(),
		textMessage({ messageId: "", payload: { text: "1" } }),
		textMessage({ messageId: "", payload: { text: "2" } }),
	];
	expect(await foldRevisions(texts.map((text) => revision(text, minute(0))))).toHaveLength(6);
});

test("revisions that name no chat are one message", async () => {
	const texts = ["first", "second"].map((text) => textMessage({ chatId: "", payload: { text } }));
	const [message, ...others] = await foldRevisions(
		texts.map((text, i) => revision(text, minute(i))),
	);
	expect(message?.revisions).toHaveLength(2);
	expect(others).toEqual([]);
});

test("what the history tells stands for a message only where no callback brought it", async () => {
	const full = textMessage({ payload: { text: "told", pureText: "told" } });
	const told = revision(full, minute(1), "history");
	const pushed = revision(textMessage({ payload: { text: "pushed" } }), minute(2));
	const again = revision(textMessage({ payload: { text: "pushed again" } }), minute(0));
	await fc.assert(
		fc.asyncProperty(fc.shuffledSubarray([told, pushed, again], { minLength: 1 }), async (rows) => {
			const [message, ...others] = await foldRevisions(rows);
			const brought = rows.filter((one) => one !== told);
			expect(others).toEqual([]);
			expect(message?.revisions).toHaveLength(Math.max(1, brought.length));
			expect(message?.fullest === told).toBe(brought.length === 0);
		}),
	);
	const later = revision(textMessage({ timestamp: 1_767_225_602_001 }), minute(3), "history");
	const [message] = await foldRevisions([told, later]);
	expect(message?.revisions).toEqual([later]);
});

test("a complete revision stands before one of which a part is missing", async () => {
	const short = revision(textMessage({ payload: { text: "first" } }), minute(0));
	const missing = revision(textMessage({ payload: { text: "a", more: "b" } }), minute(1));
	const [message] = await foldRevisions([
		short,
		{ ...missing, text: incomplete, reading: incomplete },
	]);
	expect(message?.fullest).toBe(short);
	// One that is alone need not be read, however long it is.
	const unread = () => Promise.reject(new Error("read"));
	const [alone] = await foldRevisions([{ ...missing, text: incomplete, reading: unread }]);
	expect(await alone?.fullest.text()).toBeUndefined();
});

test("a payload of 440,000 numbers is no matter", async () => {
	const many = { text: "", mention: Array.from({ length: 440_000 }, () => 1) };
	const both = [{ text: "first" }, many].map((payload, n) =>
		revision(textMessage({ payload }), minute(n)),
	);
	const [message] = await foldRevisions(both);
	expect(message?.fullest).toBe(both[1]);
});

test("oldest first", async () => {
	const texts = [3, 1, 2].map((n) =>
		textMessage({ messageId: `m${n}`, timestamp: 1_767_225_600 + n }),
	);
	const order = await foldRevisions(texts.map((text) => revision(text, minute(0))));
	expect(order.map(({ fullest }) => fullest.row.messageId)).toEqual(["m1", "m2", "m3"]);
});

test("messages of the same time and key stay in the order in which they were read", async () => {
	// What the history tells of a message has the same sort key in each chat.
	const [a, b] = ["a", "b"].map((chatId) =>
		revision(textMessage({ chatId }), minute(0), "history"),
	);
	if (!(a && b)) throw new Error("two");
	expect(a.row.sk).toBe(b.row.sk);
	for (const order of [
		[a, b],
		[b, a],
	]) {
		const messages = await foldRevisions(order);
		expect(messages.map(({ fullest }) => fullest)).toEqual(order);
	}
});
