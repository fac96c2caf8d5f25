import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_BODY_BYTES } from "../../../lib/intake/body.ts";
import type { MessageEnvelope } from "../../../lib/storage/envelope.ts";
import { partKeysOf, recordOf, textOf } from "../../../lib/storage/record.ts";
import { callbackBody, denseText, textMessage } from "../../callbacks.ts";

const envelope = (text: string, receivedAt = "2026-01-02T03:04:05.006Z"): MessageEnvelope => ({
	receivedAt,
	conformance: "documented",
	violations: [],
	text,
});

const keyOfText = (text: string, receivedAt?: string) => {
	const { chatId, sk } = recordOf(envelope(text, receivedAt)).row;
	return { chatId, sk };
};

test("the row of a usual message", () => {
	const text = textMessage();
	expect(
		recordOf({ ...envelope(text), violations: ["/x"], conformance: "unrecognized" }).row,
	).toEqual({
		chatId: "65f0a1b2c3d4e5f60718293a",
		sk: expect.stringMatching(
			/^2026-01-01T00:00:02\.000Z#0123456789abcdef0123456789abcdef#[\w-]{43}$/,
		),
		messageId: "0123456789abcdef0123456789abcdef",
		botId: "aa11bb22cc33dd44ee55ff01",
		contactId: "7881300000000001",
		type: 7,
		sentAt: "2026-01-01T00:00:02.000Z",
		receivedAt: "2026-01-02T03:04:05.006Z",
		conformance: "unrecognized",
		violations: ["/x"],
		review: expect.stringMatching(/^[0-9a-f]$/),
		message: text,
	});
});

describe("the key follows from the bytes alone", () => {
	test.each([
		["a usual message", textMessage()],
		["no time", textMessage({ timestamp: undefined })],
		["no id", textMessage({ messageId: "" })],
		["no chat", textMessage({ chatId: null })],
		["no identity at all", callbackBody("x-conforms-but-empty")],
	])("%s", (_, text) => {
		expect(keyOfText(text, "2026-05-05T00:00:00.000Z")).toEqual(keyOfText(text));
	});

	test("other bytes, another key", () => {
		expect(keyOfText(textMessage())).not.toEqual(keyOfText(`${textMessage()} `));
	});

	test("every key is one that DynamoDB takes", () => {
		const ids = fc.string({ unit: "binary", size: "max", maxLength: 4_000 });
		fc.assert(
			fc.property(ids, ids, ids, (messageId, chatId, contactId) => {
				const { row } = recordOf(envelope(textMessage({ messageId, chatId, contactId })));
				expect(row.chatId).not.toBe("");
				expect(Buffer.byteLength(row.chatId)).toBeLessThanOrEqual(2_048);
				expect(Buffer.byteLength(row.sk)).toBeLessThanOrEqual(1_024);
				expect(Buffer.byteLength(row.contactId ?? "-")).toBeLessThanOrEqual(2_048);
				expect(row.messageId).not.toBe("");
			}),
		);
	});
});

test("a message without a chat is kept apart", () => {
	expect(recordOf(envelope(textMessage({ chatId: "" }))).row.chatId).toMatch(/^apart#[0-9a-f]$/);
});

test("an unusable time falls back to the time of arrival", () => {
	expect(recordOf(envelope(textMessage({ timestamp: "soon" }))).row.sentAt).toBe(
		"2026-01-02T03:04:05.006Z",
	);
});

describe("the text reads back, in items that DynamoDB takes", () => {
	test.each([
		["short", textMessage(), 0],
		["long", textMessage({ payload: { text: "长".repeat(100_000) } }), 0],
		["dense", textMessage({ payload: { text: denseText(MAX_BODY_BYTES - 400) } }), 3],
	])("%s", (_, text, parts) => {
		const record = recordOf(envelope(text));
		expect(record.parts).toHaveLength(parts);
		for (const item of [record.row, ...record.parts]) {
			const binary = item.messageGzip?.length ?? 0;
			expect(JSON.stringify({ ...item, messageGzip: "" }).length + binary).toBeLessThan(400_000);
		}
		expect(partKeysOf(record.row)).toEqual(record.parts.map(({ chatId, sk }) => ({ chatId, sk })));
		expect(textOf(record.row, record.parts)).toBe(text);
	});
});

test("other callbacks are one row only if all that was received of them is the same", () => {
	const callback = {
		receivedAt: "2026-01-02T03:04:05.006Z",
		method: "POST",
		path: "chat",
		query: "",
		text: "AAAA",
		encoding: "utf8",
	} as const;
	const others = [
		{ ...callback, method: "PUT" },
		{ ...callback, path: "room/left" },
		{ ...callback, query: "a=1" },
		{ ...callback, text: "AAAB" },
		// Three zero bytes, not four letters.
		{ ...callback, encoding: "base64" as const },
	];
	const keys = [callback, ...others].map((one) =>
		JSON.stringify([recordOf(one).row.chatId, recordOf(one).row.sk]),
	);
	expect(new Set(keys).size).toBe(6);
	expect(recordOf({ ...callback, receivedAt: "2027-01-01T00:00:00.000Z" }).row.sk).toBe(
		recordOf(callback).row.sk,
	);
});
