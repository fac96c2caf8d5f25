import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, test } from "vitest";
import { itemOf } from "../../../lib/archive/item.ts";
import { isCallback, readRow, readStreamRecord } from "../../../lib/archive/stream.ts";
import { itemsOf } from "../../../lib/storage/record.ts";
import { callbackRow, messageRow } from "../../../lib/storage/row.ts";
import { denseText, envelopeOf, textMessage } from "../../callbacks.ts";

const usual = envelopeOf(
	textMessage({ roomId: "r", externalUserId: "e", source: 1, isSelf: true, contactName: "林小满" }),
	{ conformance: "unrecognized", violations: ["/x"], blanked: 2 },
);
const long = envelopeOf(textMessage({ payload: { text: "长".repeat(9_000) }, messageId: "long" }));
const huge = envelopeOf(textMessage({ payload: { text: denseText(900_000) }, messageId: "huge" }));
const line = { method: "POST", path: "chat", query: "a=1", encoding: "utf8" } as const;
const arrival = { receivedAt: "2026-01-02T03:04:05.006Z", blanked: 0 };
const callback = { row: callbackRow("{}", line, arrival), text: "{}" };

/** As the table's stream brings an item: in DynamoDB's notation, bytes as Lambda hands them out. */
function recordOf(item: object, inBase64 = true): object {
	const image = Object.entries(marshall(item, { removeUndefinedValues: true })).map(
		([name, value]) => [
			name,
			value.B && inBase64 ? { B: Buffer.from(value.B).toString("base64") } : value,
		],
	);
	return { eventName: "INSERT", dynamodb: { NewImage: Object.fromEntries(image) } };
}

describe.each([
	["a usual message", usual],
	["a long one", long],
])("%s", (_, { row, text }) => {
	const item = itemsOf({ row, text }, 30).row;

	test("as a row says all that it said, also what the item leaves out", () => {
		const { expiresAt } = item;
		expect(readRow(item)).toMatchObject({ kind: "message", row: { ...row, expiresAt }, text });
		expect(itemOf(item)).toMatchObject(row);
	});

	test("as a record of the stream, too, from Lambda or from the SDK", () => {
		for (const inBase64 of [true, false]) {
			const stored = readStreamRecord(recordOf(item, inBase64));
			expect(stored).toMatchObject({ kind: "message", text, row });
			expect(stored).toMatchObject({ row: { expiresAt: item.expiresAt } });
			if (stored.kind !== "message") throw new Error(stored.kind);
			expect(stored.reading).toMatchObject({ type: 7, payload: JSON.parse(text).data.payload });
			expect(isCallback(stored.callback)).toBe(true);
		}
	});
});

test("a text in parts is told by their keys, and read with them", () => {
	const { row, parts } = itemsOf(huge);
	const keys = parts.map(({ pk, sk }) => ({ pk, sk }));
	expect(readRow(row)).toMatchObject({
		kind: "incomplete",
		partKeys: keys,
		row: { messageParts: 3 },
	});
	expect(readRow(row, parts.slice(1))).toMatchObject({ kind: "incomplete" });
	const [first] = parts;
	const odd = [null, {}, { ...first, messageGzip: 1 }, { ...first, pk: 1 }, { ...first, sk: 1 }];
	expect(readRow(row, [...odd, ...parts])).toMatchObject({ kind: "message", text: huge.text });
	const inBase64 = parts.map((part) => ({
		...part,
		messageGzip: Buffer.from(part.messageGzip).toString("base64"),
	}));
	expect(readStreamRecord(recordOf(row), inBase64)).toMatchObject({
		kind: "message",
		text: huge.text,
	});
});

test("another callback is told as that", () => {
	const item = itemsOf(callback).row;
	expect(readRow(item)).toMatchObject({ kind: "callback", row: callback.row, text: "{}" });
	expect(readStreamRecord(recordOf(item))).toMatchObject({ kind: "callback", text: "{}" });
});

test.each([
	["a part", itemsOf(huge).parts[0]],
	["an entry of the directory", itemsOf(usual).entries[0]],
	["nothing", undefined],
	["a word", "x"],
	["a list", []],
	["a row of another table", { pk: "chat#x", sk: "odd" }],
	["a row whose key is no text", { ...itemsOf(usual).row, pk: 1 }],
	["a row whose sort key is no text", { ...itemsOf(usual).row, sk: 1 }],
	["a callback of an odd encoding", { ...itemsOf(callback).row, encoding: "gbk" }],
])("%s is none of these", (_, item) => {
	expect(readRow(item)).toEqual({ kind: "other" });
	expect(itemOf(item)).toBeUndefined();
});

test.each([
	undefined,
	"x",
	{},
	{ dynamodb: {} },
	{ dynamodb: { NewImage: null } },
	{ dynamodb: { NewImage: { pk: null, sk: 1 } } },
	{ dynamodb: "x" },
])("the record %j brings no row", (record) => {
	expect(readStreamRecord(record)).toEqual({ kind: "other" });
});

test("a text that is no JSON keeps its row from nothing but its reading", () => {
	const row = envelopeOf("{}").row;
	const broken = { ...itemsOf({ row, text: "{}" }).row, message: "no JSON" };
	expect(itemOf(broken)).toBeDefined();
	expect(itemOf({ ...broken, message: undefined, messageGzip: Buffer.from("x") })).toBeDefined();
	expect(readRow(broken)).toMatchObject({ kind: "incomplete" });
	const verdict = { conformance: "unrecognized", violations: [] } as const;
	const told = messageRow("no JSON", { chatId: "c" }, verdict, arrival);
	expect(readRow(itemsOf({ row: told, text: "no JSON" }).row)).toEqual({ kind: "other" });
});

test("of an id, a contact, a room and a source each is read that a text names, and no other", () => {
	for (const fields of [
		{ contactId: "", roomId: "r", source: 1 },
		{ contactId: "c", externalUserId: "e", messageId: "" },
	]) {
		const { row, text } = envelopeOf(textMessage(fields));
		expect(itemOf(itemsOf({ row, text }).row)).toStrictEqual({ ...row, message: text });
	}
});
