import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { MessageItem } from "../../../lib/archive/item.ts";
import { places, type Range, readTable } from "../../../lib/archive/reader.ts";
import { callbackRow, type RowKey } from "../../../lib/storage/row.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";
import { type Call, refusal, type Service, stall, startService } from "./service.ts";

// What DynamoDB does and no emulator shows.

const rows = Array.from({ length: 5 }, (_, n): MessageItem => {
	const { row, text: message } = envelopeOf(textMessage({ messageId: `m${n}`, contactId: "c" }));
	return { ...row, message };
});
const keys = rows.map(({ pk, sk }) => marshall({ pk, sk }));
const odd = { pk: { S: "chat#odd" }, sk: { S: "odd" }, conformance: { N: "1e400" } };

/** What it answers: to a call, or call after call. */
let answer: (call: Call) => object | undefined;
let answers: object[];
let calls: Call[];
let service: Service;

beforeAll(async () => {
	service = await startService((call) => {
		calls.push(call);
		return answer(call);
	});
});
afterAll(() => service.stop());
beforeEach(() => {
	calls = [];
	answers = [];
	answer = () => answers.shift() ?? {};
});

const itemsOf = (...some: readonly MessageItem[]) =>
	some.map((row) => marshall(row, { removeUndefinedValues: true }));

const toReview = { by: "review", key: "0", from: "0", to: "~" } as const;

async function all<Row>(pages: AsyncIterable<readonly Row[]>): Promise<Row[]> {
	const found: Row[] = [];
	for await (const page of pages) found.push(...page);
	return found;
}

const time = (second: number): string => new Date(1_767_225_600_000 + second * 1_000).toISOString();

/** A table that holds these, and gives keys of them in a way of its own. */
function hold(held: readonly MessageItem[], keysOf: (call: Call) => object[]): void {
	const byKey = new Map(held.map((row) => [row.pk + row.sk, row]));
	answer = (call) => {
		if (call.action !== "BatchGetItem") return { Items: keysOf(call) };
		const { Keys } = Object(call.input.RequestItems).messages;
		if (Keys.length > 100) return refusal("ValidationException");
		const found = Keys.flatMap((key: (typeof keys)[number]) => {
			return byKey.get(`${key.pk?.S}${key.sk?.S}`) ?? [];
		});
		return { Responses: { messages: itemsOf(...found.toReversed()) }, UnprocessedKeys: {} };
	};
}

test("keys that DynamoDB has left out are asked for again; an index's order is kept", async () => {
	const messages = (found: object[], left: object[]) => ({
		Responses: { messages: found },
		UnprocessedKeys: left.length > 0 ? { messages: { Keys: left } } : {},
	});
	const [a, b, c, d, e] = itemsOf(...rows);
	answers = [
		{ Items: keys },
		// It may have read none of a table's.
		{ Responses: {}, UnprocessedKeys: { messages: { Keys: keys } } },
		messages([c ?? {}, a ?? {}], keys.slice(3).concat(keys.slice(1, 2))),
		messages([e ?? {}], [keys[3] ?? {}, keys[1] ?? {}]),
		messages([b ?? {}, d ?? {}], []),
	];
	const told: RowKey[] = [];
	const reader = readTable("messages", (key) => told.push(key));
	expect(await all(reader.rowsOf(toReview))).toEqual(rows);
	expect(calls).toHaveLength(5);
	expect(told).toEqual([]);
});

test("no other callback is handed out as a message, nor a message as one, wherever it lies", async () => {
	const line = { method: "POST", path: "chat", query: "", encoding: "utf8" } as const;
	const callback = callbackRow("{}", line, { receivedAt: time(0), blanked: 0 });
	const other = { ...callback, message: "{}" };
	const [first] = rows;
	const message = first ? [first] : [];
	answer = () => ({ Items: [...itemsOf(...message), marshall(other)] });
	const reader = readTable("messages");
	expect(await all(reader.allRows())).toEqual(message);
	expect(await all(reader.rowsOf({ key: "chat#c", from: "0", to: "~" }))).toEqual(message);
	expect(await all(reader.callbackRows())).toEqual([other]);
	expect(await all(reader.callbackRows("chat"))).toEqual([other]);
});

test("an empty page is not the last; a row that is none of ours is told, and nothing else is lost", async () => {
	const told: RowKey[] = [];
	const [first = {}, second = {}] = itemsOf(...rows);
	answers = [
		{ Items: [], LastEvaluatedKey: keys[0] },
		{ Items: [first, odd, second], LastEvaluatedKey: keys[1] },
		{ Items: [{ ...first, sentAt: { S: "yesterday" } }] },
	];
	const found = await all(readTable("messages", (key) => told.push(key)).allRows());
	expect(found).toEqual(rows.slice(0, 2));
	expect(told).toEqual([
		{ pk: "chat#odd", sk: "odd" },
		{ pk: rows[0]?.pk, sk: rows[0]?.sk },
	]);
});

test("what an index or a row names is read where it is sure to be, of no replica that may lack it", async () => {
	const [row] = rows;
	if (row === undefined) throw new Error("no row");
	const part = { pk: "part#d", sk: "0", messageGzip: Buffer.from("a") };
	answer = ({ input }) => {
		const { Keys, ConsistentRead } = Object(input.RequestItems).messages;
		const found = Keys[0].pk.S === part.pk ? [marshall(part)] : itemsOf(row);
		return { Responses: { messages: ConsistentRead ? found : [] }, UnprocessedKeys: {} };
	};
	const reader = readTable("messages");
	expect(await reader.rowsAt([row])).toEqual([row]);
	expect(await reader.parts([part])).toMatchObject([{ pk: part.pk }]);
});

test("more keys than one call takes are read by several; a row that is gone leaves the others in order", async () => {
	const many = Array.from({ length: 230 }, (_, second): MessageItem => {
		const { row, text } = envelopeOf(textMessage({ messageId: `m${second}` }));
		return { ...row, message: text };
	});
	const some = many.filter((_, n) => n % 7 !== 0);
	hold(some, () => many.map(({ pk, sk }) => marshall({ pk, sk })));
	expect(await all(readTable("messages").rowsOf(toReview))).toEqual(some);
	expect(await readTable("messages").rowsAt(many)).toEqual(some);
});

test("a message's rows come in their order, either way, within bounds that both count", async () => {
	const said = { messageId: "m", botId: "b" };
	const own = Array.from({ length: 150 }, (_, n): MessageItem => {
		const { row, text } = envelopeOf(
			textMessage({ ...said, chatId: `c${n % 2}`, timestamp: 1_767_225_600_000 + n * 1_000 }),
		);
		return { ...row, message: text, storedAt: time(n) };
	});
	// Of a message's history each chat has a row with the same sort key.
	const told = ["a", "b"].map((chatId): MessageItem => {
		const text = textMessage({ ...said, chatId, timestamp: 1_767_225_600_500 });
		return { ...envelopeOf(text, { origin: "history" }).row, message: text, storedAt: time(0) };
	});
	const longer = envelopeOf(textMessage({ ...said, messageId: "x#m#y" }));
	const other = { ...longer.row, message: longer.text, storedAt: time(1) };
	const [first, ...rest] = own;
	const inOrder = [...(first ? [first] : []), ...told, ...rest];
	let found = [...told.toReversed(), other, ...own.toReversed()];
	hold([...inOrder, other], ({ input }) => {
		const { ":since": since, ":id": id } = Object(input.ExpressionAttributeValues);
		// DynamoDB refuses an empty key.
		if (since.S === "") return [];
		return found
			.filter(({ sk, storedAt = "" }) => sk.includes(id.S) && since.S <= storedAt)
			.map(({ pk, sk }) => marshall({ pk, sk }));
	});
	const read = (range: Partial<Range> = {}, since?: string): Promise<MessageItem[]> =>
		all(
			readTable("messages").rowsOf({ ...places.message("m", since), from: "0", to: "~", ...range }),
		);
	expect(await read()).toEqual(inOrder);
	found = found.toReversed();
	expect(await read()).toEqual(inOrder);
	expect(await read({ newestFirst: true })).toEqual(inOrder.toReversed());
	expect(await read({}, time(140))).toEqual(own.slice(140));
	const [from = "", to = ""] = [own[20]?.sk, own[40]?.sk];
	expect(await read({ from, to })).toEqual(own.slice(20, 41));
	for (const { input } of calls.filter(({ action }) => action === "Query")) {
		// Without it each key of the shard would be sent.
		expect(input.ExpressionAttributeValues).toMatchObject({ ":id": { S: "#m#" } });
	}
});

test.each([
	[4, 25],
	[50, 5],
])("of %i chats of a contact each is read for %i rows first", async (chats, rowsOfEach) => {
	const limits: unknown[] = [];
	answer = ({ input }) => {
		const { ":pk": directory } = Object(input.ExpressionAttributeValues);
		if (directory) {
			const names = Array.from({ length: chats }, (_, n) => ({ S: `chat#${n}` }));
			return { Items: names.map((sk) => ({ pk: directory, sk })) };
		}
		limits.push(input.Limit);
		return { Items: [] };
	};
	const range = { ...places.contact("c"), from: "0", to: "~" };
	expect(await all(readTable("messages").rowsOf(range))).toEqual([]);
	expect(limits).toEqual(Array.from({ length: chats }, () => rowsOfEach));
});

test("pages grow to what an answer holds, and no further: DynamoDB refuses more than 32 bits", async () => {
	const limits: unknown[] = [];
	answer = ({ input }) => {
		limits.push(input.Limit);
		return { Items: [], ...(limits.length < 40 && { LastEvaluatedKey: keys[0] }) };
	};
	const range = { from: time(0), to: time(9) };
	expect(await all(readTable("messages").storedKeys("00", range))).toEqual([]);
	expect(limits).toHaveLength(40);
	expect(limits.slice(0, 10)).toEqual([
		50, 100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000,
	]);
	expect(limits.slice(10).every((limit) => limit === 10_000)).toBe(true);
});

test("nothing lies between bounds that stand the wrong way round, and DynamoDB, which refuses them, is not asked", async () => {
	answer = () => refusal("ValidationException");
	const reader = readTable("messages");
	const bounds = { from: time(9), to: time(0) };
	expect(await all(reader.storedKeys("00", bounds))).toEqual([]);
	expect(await all(reader.rowsOf({ ...places.chat("c"), ...bounds }))).toEqual([]);
	expect(await all(reader.rowsOf({ ...toReview, ...bounds }))).toEqual([]);
	const single = { from: time(0), to: time(0) };
	await expect(all(reader.storedKeys("00", single))).rejects.toThrow("no");
});

test("the order of storing tells whose a row is and where it came from", async () => {
	const key = { pk: "chat#c", sk: "s", storedAt: time(1), receivedAt: time(0) };
	const told = { ...key, botId: "b", origin: "history" };
	answers = [{ Items: [key, told].map((one) => marshall(one)) }];
	const range = { from: time(0), to: time(9) };
	const found = await all(readTable("messages").storedKeys("00", range));
	expect(found).toStrictEqual([key, told]);
});

test("what lies in the place of a part and is none is left out", async () => {
	const part = { pk: "part#x", sk: "0", messageGzip: new Uint8Array([1]) };
	const Responses = { messages: [part, { pk: "part#x", sk: "1" }].map((one) => marshall(one)) };
	answers = [{ Responses: JSON.parse(JSON.stringify(Responses, inBase64)), UnprocessedKeys: {} }];
	expect(await readTable("messages").parts([part])).toEqual([part]);
});

/** As DynamoDB sends bytes. */
function inBase64(_: string, value: unknown): unknown {
	return value instanceof Uint8Array ? Buffer.from(value).toString("base64") : value;
}

test("what stops within its answer is asked again", async () => {
	const [first] = rows;
	const found = first ? [first] : [];
	answers = [stall(), { Items: itemsOf(...found) }];
	expect(await all(readTable("messages").allRows())).toEqual(found);
	expect(calls).toHaveLength(2);
}, 10_000);

test("what hangs is asked again", async () => {
	const [first] = rows;
	const found = first ? [first] : [];
	await readTable("messages").parts(found);
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true });
	onTestFinished(() => void vi.useRealTimers());
	const { length } = calls;
	answer = () => {
		if (calls.length > length + 1) return { Items: itemsOf(...found) };
		vi.advanceTimersByTime(5_000);
		return undefined;
	};
	expect(await all(readTable("messages").allRows())).toEqual(found);
});
