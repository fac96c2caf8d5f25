import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { Socket } from "node:net";
import { text } from "node:stream/consumers";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openConnection } from "../../../lib/storage/connection.ts";
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
let connections = 0;
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
server.on("connection", () => connections++);

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

/** Of a message that names nobody, so that it has no entries. */
const nobody = { contactId: "" };
const own = envelopeOf(textMessage(nobody));
const longText = textMessage({ ...nobody, payload: { text: denseText(900_000) } });
const long = itemsOf(envelopeOf(longText));
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
			await put(itemsOf(envelopeOf(longText), days));
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

describe("the directory", () => {
	const entered = (): unknown[] =>
		calls.flatMap(({ action, input }) => {
			const { pk } = Object(input.Key ?? input.Item);
			return pk?.S.startsWith("contact#") ? [action] : [];
		});
	const named = (contactId: string, days?: number) =>
		itemsOf(envelopeOf(textMessage({ contactId, messageId: contactId })), days);
	const there = (item: object) => (call: Call) =>
		call.action === "GetItem" ? say(200, { Item: item }) : done;

	test("has its entry before the row is there, once for each process", async () => {
		await put(named("c1"));
		expect(entered()).toEqual(["GetItem", "PutItem"]);
		expect(actions().indexOf("PutItem")).toBeLessThan(actions().lastIndexOf("PutItem"));
		await put(named("c1"));
		expect(entered()).toHaveLength(2);
		await put(named("c2"));
		expect(entered()).toHaveLength(4);
	});

	test("without its entry there is no row, and the next try begins anew", async () => {
		const isEntry = ({ input }: Call): boolean => JSON.stringify(input).includes("contact#");
		answerOf = (call) => (isEntry(call) ? failed : done);
		await expect(put(named("c1"))).rejects.toThrow();
		expect(calls.every(isEntry)).toBe(true);
		answerOf = () => done;
		expect(await put(named("c1"))).toBe("stored");
	});

	test("is not written where it is there, and lasts", async () => {
		const soon = { expiresAt: { N: "1" } };
		const late = { expiresAt: { N: "99999999999" } };
		for (const [item, days, isWritten] of [
			[{ pk: { S: "contact#" } }, undefined, false],
			[{ pk: { S: "contact#" } }, 10, false],
			[late, 10, false],
			[{ expiresAt: { N: String(named("c1", 10).entries[0]?.expiresAt) } }, 10, false],
			[soon, 10, true],
			[late, undefined, true],
		] as const) {
			put = openTable(tableName, 2_000);
			calls = [];
			answerOf = there(item);
			await put(named("c1", days));
			expect([item, days, entered().includes("PutItem")]).toEqual([item, days, isWritten]);
		}
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

test.each(["PutItem", "Query", "GetItem"])(
	"a %s that hangs ends with the budget, which has room for two tries",
	async (action) => {
		answerOf = (call) => (call.action === action ? silence : done);
		const envelope = envelopeOf(textMessage(action === "GetItem" ? {} : nobody));
		const outcome = await openTable(tableName, 400)(itemsOf(envelope)).catch(() => "told");
		// A count that hangs is none, and the row is there.
		expect(outcome).toBe(action === "Query" ? "stored" : "told");
		expect(actions().filter((one) => one === action).length).toBeLessThanOrEqual(2);
	},
);

test("the requests of a put go by one connection, also where a process was held up after each", async () => {
	const connection = openConnection();
	const { httpAgent } = connection.agents;
	const create = httpAgent.createConnection.bind(httpAgent);
	httpAgent.createConnection = (options, created) => {
		const socket = create(options, created);
		if (!(socket instanceof Socket)) throw new Error("no connection");
		const writev = socket._writev?.bind(socket);
		socket._writev = (chunks, told) => {
			socket.once("data", () => setImmediate(told));
			writev?.(chunks, () => undefined);
		};
		return socket;
	};
	const before = connections;
	expect(await openTable(tableName, 2_000, connection)(itemsOf(envelopeOf(textMessage())))).toBe(
		"stored",
	);
	expect(actions()).toEqual(["GetItem", "PutItem", "PutItem", "Query"]);
	expect(connections - before).toBe(1);
});

test("a request is preceded by a look at the connections, and so is each further try of it", async () => {
	const connection = openConnection();
	const looks: number[] = [];
	const check = async (): Promise<void> => {
		looks.push(calls.length);
		await connection.check();
	};
	answerOf = () => (calls.length < 3 ? failed : done);
	await openTable(tableName, 2_000, { ...connection, check })(itemsOf(own));
	expect(actions()).toEqual(["PutItem", "PutItem", "PutItem", "Query"]);
	expect(looks).toEqual([0, 1, 2, 3]);
});

test("what a row does not say is left out of its item", async () => {
	const row = Object.assign({}, own.row, { botId: undefined });
	expect(await put(itemsOf({ ...own, row }))).toBe("stored");
	expect(calls[0]?.input.Item).not.toHaveProperty("botId");
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
		[
			"not if the platform's history told it before",
			[{ sk: before, botId, receivedAt: "2026-01-01", origin: "history" }],
			false,
		],
		["not alone", [], false],
	])("%s", async (_, others, expected) => {
		answerOf = found(others);
		expect(await put(itemsOf(own))).toBe(expected ? "revision" : "stored");
		expect(calls[1]?.input).toMatchObject({
			KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
			ExpressionAttributeValues: marshall({ ":pk": own.row.pk, ":prefix": sk.slice(0, -43) }),
		});
	});

	test("if this process has met an earlier one, which a read need not see yet", async () => {
		const revision = (text: string, fields: object = {}) =>
			itemsOf(
				envelopeOf(textMessage({ ...nobody, ...fields, payload: { text } }), {
					receivedAt: `2026-01-02T03:04:0${text}.000Z`,
				}),
			);
		expect(await put(revision("5"))).toBe("stored");
		expect(await put(revision("6"))).toBe("revision");
		expect(await put(revision("4"))).toBe("stored");
		expect(await put(revision("7", { botId: "another" }))).toBe("stored");
		expect(await put(revision("8", { chatId: "another" }))).toBe("stored");
	});

	test("not when that cannot be asked: the row is written, and must not come back for a count", async () => {
		answerOf = ({ action }) => (action === "Query" ? failed : done);
		expect(await put(itemsOf(own))).toBe("stored");
	});

	test("and nobody asks of what has no id, is no message, or is told by the history", async () => {
		await put(itemsOf(envelopeOf(textMessage({ ...nobody, messageId: "" }))));
		await put(itemsOf(envelopeOf(textMessage(nobody), { origin: "history" })));
		const line = { method: "POST", path: "chat", query: "", encoding: "utf8" } as const;
		const row = callbackRow("{}", line, { receivedAt, blanked: 0 });
		await put(itemsOf({ row, text: "{}" }));
		expect(actions()).toEqual(["PutItem", "PutItem", "PutItem"]);
	});
});
