import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { itemsOf } from "../../../lib/storage/record.ts";
import { callbackRow } from "../../../lib/storage/row.ts";
import { openTable, type Put } from "../../../lib/storage/table.ts";
import { denseText, envelopeOf, textMessage } from "../../callbacks.ts";

// What is asked of DynamoDB, in which order, and what becomes of its answers; what a table does with it
// is in test/table.

interface Call {
	readonly action: string;
	readonly input: Readonly<Record<string, unknown>>;
}

type Answer = (response: ServerResponse) => void;

const say =
	(status: number, body: object): Answer =>
	(response) =>
		void response.writeHead(status).end(JSON.stringify(body));
const done = say(200, {});
const failed = say(500, {});
const isThere = say(400, { __type: "com.amazonaws.dynamodb#ConditionalCheckFailedException" });
const silence: Answer = () => {};

let calls: Call[];
let answerOf: (call: Call) => Answer;
let put: Put;
let tableName = "";
const server = createServer(async (request, response) => {
	const call = {
		action: String(request.headers["x-amz-target"]).replace(/^.*\./, ""),
		input: JSON.parse(await text(request)),
	};
	// A test before this one may have left something on its way.
	if (call.input.TableName !== tableName) return;
	calls.push(call);
	answerOf(call)(response);
});

beforeAll(async () => {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	Object.assign(process.env, {
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "a",
		AWS_SECRET_ACCESS_KEY: "b",
		AWS_ENDPOINT_URL_DYNAMODB: `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`,
	});
});
afterAll(() => {
	server.close();
	server.closeAllConnections();
});
beforeEach(({ task }) => {
	tableName = task.id;
	put = openTable(tableName, 2_000);
	calls = [];
	answerOf = () => done;
});

const own = envelopeOf(textMessage());
const long = itemsOf(envelopeOf(textMessage({ payload: { text: denseText(900_000) } })));
const isPart = ({ input }: Call): boolean =>
	JSON.stringify(input.Item ?? {}).startsWith('{"pk":{"S":"part#');
const actions = (): string[] => calls.map(({ action }) => action);

describe("the parts of a text come before its row, which makes the message visible", () => {
	test("all of them", async () => {
		await put(long);
		expect(calls.map((call) => [call.action, isPart(call)])).toEqual([
			...long.parts.map(() => ["PutItem", true]),
			["PutItem", false],
			["Query", false],
		]);
		expect(long.parts.length).toBeGreaterThan(1);
	});

	test("without one of them there is no row", async () => {
		answerOf = (call) => (isPart(call) ? failed : done);
		await expect(put(long)).rejects.toThrow();
		expect(calls.every(isPart)).toBe(true);
	});

	test("one that is there already from a try before is as good", async () => {
		answerOf = (call) => (isPart(call) ? isThere : done);
		expect(await put(long)).toBe("stored");
	});

	test("one that would expire before its row is written anew, and one that never does is left", async () => {
		const conditions = async (days?: number): Promise<unknown[]> => {
			calls = [];
			await put(itemsOf(envelopeOf(textMessage({ payload: { text: denseText(900_000) } })), days));
			const all = calls.filter(isPart).map(({ input }) => {
				const { ConditionExpression: condition, ExpressionAttributeValues: values } = input;
				return { condition, values };
			});
			expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
			return all.slice(0, 1);
		};
		const at = marshall({ ":at": Date.parse("2026-02-11T03:04:06.000Z") / 1_000 });
		expect(await conditions(10)).toEqual([
			{ condition: "attribute_not_exists(pk) OR expiresAt < :at", values: at },
		]);
		expect(await conditions()).toEqual([
			{ condition: "attribute_not_exists(pk) OR attribute_exists(expiresAt)" },
		]);
	});
});

test("a row that is there already is left as it is, and counts nothing", async () => {
	answerOf = () => isThere;
	expect(await put(itemsOf(own))).toBe("duplicate");
	expect(calls).toMatchObject([
		{ action: "PutItem", input: { ConditionExpression: "attribute_not_exists(pk)" } },
	]);
});

describe("what the table does not answer", () => {
	test("twice is tried a third time", async () => {
		answerOf = () => (calls.length < 3 ? failed : done);
		expect(await put(itemsOf(own))).toBe("stored");
	});

	test("to the last is told", async () => {
		answerOf = () => failed;
		await expect(put(itemsOf(own))).rejects.toThrow();
		expect(actions()).toEqual(["PutItem", "PutItem", "PutItem"]);
	});

	test("in half of the budget is tried once more", async () => {
		answerOf = () => (calls.length === 1 ? silence : done);
		expect(await put(itemsOf(own))).toBe("stored");
	});

	test("within the budget is told", async () => {
		answerOf = () => silence;
		await expect(openTable(tableName, 200)(itemsOf(own))).rejects.toThrow(/abort|timed? ?out/i);
	});
});

describe("a row counts as a revision", () => {
	const { receivedAt, sk, botId } = own.row;
	const before = `0${sk.slice(1)}`;
	const found = (others: readonly object[]) => (call: Call) =>
		call.action === "Query" ? say(200, { Items: others.map((other) => marshall(other)) }) : done;

	test.each([
		[
			"if another of its message arrived before it",
			[{ sk, botId, receivedAt: "2026-01-01" }],
			true,
		],
		["if another of the same moment stands before it", [{ sk: before, botId, receivedAt }], true],
		["not if it stands behind it", [{ sk: `${sk}~`, botId, receivedAt }], false],
		["not for itself", [{ sk, botId, receivedAt }], false],
		["not if the other came later", [{ sk: before, botId, receivedAt: "2027-01-01" }], false],
		["not if it is another bot's", [{ sk, botId: "b", receivedAt: "2026-01-01" }], false],
		["not alone", [], false],
	])("%s", async (_, others, expected) => {
		answerOf = found(others);
		expect(await put(itemsOf(own))).toBe(expected ? "revision" : "stored");
		expect(calls[1]?.input).toMatchObject({
			KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
			ExpressionAttributeValues: marshall({ ":pk": own.row.pk, ":prefix": sk.slice(0, -43) }),
			ConsistentRead: true,
		});
	});

	test("not when that cannot be asked: the row is written, and must not come back for a count", async () => {
		answerOf = ({ action }) => (action === "Query" ? failed : done);
		expect(await put(itemsOf(own))).toBe("stored");
	});

	test("and nobody asks of what has no id, or is no message", async () => {
		await put(itemsOf(envelopeOf(textMessage({ messageId: "" }))));
		const line = { method: "POST", path: "chat", query: "", encoding: "utf8" } as const;
		const row = callbackRow("{}", line, { receivedAt, blanked: 0 });
		await put(itemsOf({ row, text: "{}" }));
		expect(actions()).toEqual(["PutItem", "PutItem"]);
	});
});
