import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { MessageItem } from "../../../lib/archive/item.ts";
import { readTable } from "../../../lib/archive/reader.ts";
import type { RowKey } from "../../../lib/storage/row.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";

// What DynamoDB does and no emulator shows.

const rows = Array.from({ length: 5 }, (_, n): MessageItem => {
	const { row, text: message } = envelopeOf(textMessage({ messageId: `m${n}`, contactId: "c" }));
	return { ...row, message };
});
const keys = rows.map(({ pk, sk }) => marshall({ pk, sk }));
const odd = { pk: { S: "chat#odd" }, sk: { S: "odd" }, conformance: { N: "1e400" } };

/** What it answers, call after call. */
let answers: object[];
const calls: unknown[] = [];
const server = createServer(async (request, response) => {
	calls.push(JSON.parse(await text(request)));
	response.end(JSON.stringify(answers.shift() ?? {}));
});

beforeAll(async () => {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	const port = typeof address === "object" ? address?.port : undefined;
	Object.assign(process.env, {
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "a",
		AWS_SECRET_ACCESS_KEY: "b",
		AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${port}`,
	});
});
afterAll(() => {
	server.close();
	server.closeAllConnections();
});

const itemsOf = (...some: readonly MessageItem[]) =>
	some.map((row) => marshall(row, { removeUndefinedValues: true }));

test("keys that DynamoDB has left out are asked for again; an index's order is kept", async () => {
	const messages = (found: object[], left: object[]) => ({
		Responses: { messages: found },
		UnprocessedKeys: left.length > 0 ? { messages: { Keys: left } } : {},
	});
	const [a, b, c, d, e] = itemsOf(...rows);
	answers = [
		{ Items: keys },
		messages([c ?? {}, a ?? {}], keys.slice(3).concat(keys.slice(1, 2))),
		messages([e ?? {}], [keys[3] ?? {}, keys[1] ?? {}]),
		messages([b ?? {}, d ?? {}], []),
	];
	const found: MessageItem[] = [];
	for await (const page of readTable("messages").rowsOf({
		by: "review",
		key: "0",
		from: "0",
		to: "~",
	})) {
		for (const row of page) found.push(row);
	}
	expect(found).toEqual(rows);
	expect(calls).toHaveLength(4);
});

test("an empty page is not the last; a row that is none of ours is told, and nothing else is lost", async () => {
	const told: RowKey[] = [];
	const [first = {}, second = {}] = itemsOf(...rows);
	answers = [
		{ Items: [], LastEvaluatedKey: keys[0] },
		{ Items: [first, odd, second], LastEvaluatedKey: keys[1] },
		{ Items: [{ ...first, sentAt: { S: "yesterday" } }] },
	];
	const found: MessageItem[] = [];
	for await (const page of readTable("messages", (key) => told.push(key)).allRows()) {
		for (const row of page) found.push(row);
	}
	expect(found).toEqual(rows.slice(0, 2));
	expect(told).toEqual([
		{ pk: "chat#odd", sk: "odd" },
		{ pk: rows[0]?.pk, sk: rows[0]?.sk },
	]);
});
