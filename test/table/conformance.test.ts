import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DescribeTableCommand, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { MessageItem } from "../../lib/archive/item.ts";
import {
	indexNames,
	type Place,
	places,
	type Range,
	type Reader,
	readTable,
	reviewPlaces,
	type StoredRange,
} from "../../lib/archive/reader.ts";
import { withText } from "../../lib/archive/revisions.ts";
import { storedKeys, storedRows } from "../../lib/archive/storing-order.ts";
import { MAX_BODY_BYTES } from "../../lib/intake/body.ts";
import { openDirectory } from "../../lib/storage/directory.ts";
import type { Envelope } from "../../lib/storage/envelope.ts";
import { itemsOf } from "../../lib/storage/record.ts";
import { callbackRow, isOfMessage, type RowKey } from "../../lib/storage/row.ts";
import { type Outcome, openTable, type Put } from "../../lib/storage/table.ts";
import { readDefinitions } from "../../local/definitions.ts";
import { emulatorSettings } from "../../local/environment.ts";
import { startTableEmulator, type TableEmulator } from "../../local/table-emulator.ts";
import { denseText, envelopeOf, textMessage } from "../callbacks.ts";

// What the product asks of a table, whichever engine is behind it.

let directory: string;
let table: TableEmulator;
let tableName: string;
let put: Put;
let reader: Reader;
/** Rows that none of ours is; no test makes one. */
const oddRows: RowKey[] = [];

beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "table-"));
	const definitions = await readDefinitions();
	const engine = process.env.DYNAMODB === "amazon" ? "amazon" : "dynalite";
	table = await startTableEmulator(engine, directory);
	await table.create(definitions.table);
	const { endpoint } = table;
	Object.assign(
		process.env,
		emulatorSettings({ queueEndpoint: endpoint, tableEndpoint: endpoint }),
	);
	tableName = definitions.table.TableName ?? "";
	put = openTable(tableName, 20_000);
	reader = readTable(tableName, (key) => oddRows.push(key));
});

afterAll(async () => {
	await table.stop();
	await rm(directory, { recursive: true, force: true });
});

const MOMENT = 1_767_225_600_000;
const time = (second: number): string => new Date(MOMENT + second * 1_000).toISOString();

/** The envelope of a message of that second. */
const message = (second: number, fields: Readonly<Record<string, unknown>>): Envelope =>
	envelopeOf(
		textMessage({ messageId: `m${second}`, timestamp: MOMENT + second * 1_000, ...fields }),
	);

const store = (envelope: Envelope, days?: number): Promise<Outcome> => put(itemsOf(envelope, days));

async function allOf<Row>(generator: AsyncIterable<Row>): Promise<Row[]> {
	const all: Row[] = [];
	for await (const one of generator) all.push(one);
	return all;
}

const pagesOf = (place: Place, range: Partial<Range> = {}): Promise<MessageItem[][]> =>
	allOf(reader.rowsOf({ from: "0", to: "~", ...place, ...range }));

const idsOf = async (place: Place, range?: Partial<Range>): Promise<(string | undefined)[]> =>
	(await pagesOf(place, range)).flat().map(({ messageId }) => messageId);

describe("a put", () => {
	const text = (words: string): Envelope => message(0, { chatId: "put", payload: { text: words } });

	test("is stored, again a duplicate, with other content a revision", async () => {
		expect(await store(text("a"))).toBe("stored");
		expect(await store(text("a"))).toBe("duplicate");
		const later = envelopeOf(text("b").text, { receivedAt: "2026-02-01T00:00:00.000Z" });
		expect(await store(later)).toBe("revision");
		expect(await store(later)).toBe("duplicate");
		expect(await idsOf(places.chat("put"))).toEqual(["m0", "m0"]);
	});

	test("of what the history tells is no revision, nor makes one", async () => {
		const told = { origin: "history", receivedAt: time(20) } as const;
		const { text: first } = message(7, { chatId: "told" });
		expect(await store(envelopeOf(first, told))).toBe("stored");
		expect(await store(envelopeOf(first, { receivedAt: time(21) }))).toBe("stored");
		const { text: second } = message(8, { chatId: "told" });
		expect(await store(envelopeOf(second, { receivedAt: time(19) }))).toBe("stored");
		expect(await store(envelopeOf(second, told))).toBe("stored");
		const renamed = message(8, { chatId: "told", contactName: "another" }).text;
		expect(await store(envelopeOf(renamed, told))).toBe("duplicate");
		const [rows = []] = await pagesOf(places.chat("told"));
		const texts = await Promise.all(rows.map((row) => withText(reader, row).text()));
		expect(texts).toEqual([first, first, second, second]);
	});

	test("twenty times at once is stored once", async () => {
		const outcomes = await Promise.all(
			Array.from({ length: 20 }, () => store(message(1, { chatId: "at once" }))),
		);
		expect(outcomes.toSorted()).toEqual([...Array(19).fill("duplicate"), "stored"]);
	});

	test("leaves what is there as it is, to the byte", async () => {
		const one = message(2, { chatId: "as it is", payload: { text: "\u0000\ud83d 😀 长" } });
		await store(one);
		await store({ ...one, row: { ...one.row, receivedAt: time(9) } });
		const [[row] = []] = await pagesOf(places.chat("as it is"));
		expect(row).toMatchObject({ ...one.row, message: one.text });
	});

	test("of a text that one item cannot hold reads back word for word", async () => {
		const fields = { chatId: "parts", payload: { text: denseText(MAX_BODY_BYTES - 400) } };
		const long = message(3, fields);
		const items = itemsOf(long);
		expect(items.parts.length).toBeGreaterThan(1);
		expect(await put(items)).toBe("stored");
		expect(await put(items)).toBe("duplicate");
		const [[row] = []] = await pagesOf(places.chat("parts"));
		expect(row && (await withText(reader, row).text())).toBe(long.text);
	});

	test.each([
		["an id of 512 bytes", `${"长".repeat(170)}ab`],
		["an id of 900,000 bytes", "x".repeat(900_000)],
		["an id with a zero", "\u0000"],
		["an id of pairs", "😀".repeat(3)],
		["an id like another key", "callback#x"],
	])("%s is found by it", async (_, id) => {
		await store(message(4, { chatId: id, roomId: id, messageId: id, contactId: id }));
		for (const name of ["chat", "contact", "room", "message"] as const) {
			expect(await idsOf(places[name](id))).toHaveLength(1);
		}
	});
});

describe("a range", () => {
	const chat = places.chat("range");
	beforeAll(async () => {
		for (const second of [3, 1, 2, 4]) {
			await store(message(second, { chatId: "range", contactId: `c${second % 2}`, roomId: "" }));
		}
	});

	test("is in the order of time, either way, with both bounds", async () => {
		expect(await idsOf(chat)).toEqual(["m1", "m2", "m3", "m4"]);
		expect(await idsOf(chat, { newestFirst: true })).toEqual(["m4", "m3", "m2", "m1"]);
		expect(await idsOf(chat, { from: time(2), to: `${time(3)}$` })).toEqual(["m2", "m3"]);
		const [[first] = []] = await pagesOf(chat);
		expect(await idsOf(chat, { from: first?.sk ?? "", to: first?.sk ?? "" })).toEqual(["m1"]);
		expect(await idsOf(places.chat("nobody"))).toEqual([]);
	});

	test("of an index holds whole rows, and only those that have its key", async () => {
		expect(await idsOf(places.contact("c1"))).toEqual(["m1", "m3"]);
		expect(await idsOf(places.contact("c1"), { newestFirst: true })).toEqual(["m3", "m1"]);
		const [[row] = []] = await pagesOf(places.contact("c0"));
		expect(row).toMatchObject({ pk: "chat#range", message: expect.any(String) });
	});

	test("comes in pages of 1 MB, all of it, in order", async () => {
		const payload = { text: denseText(350_000) };
		for (let n = 0; n < 6; n++) await store(message(n, { chatId: "pages", payload }));
		const pages = await pagesOf(places.chat("pages"));
		expect(pages.length).toBeGreaterThan(1);
		expect(pages.flat().map(({ messageId }) => messageId)).toEqual([
			"m0",
			"m1",
			"m2",
			"m3",
			"m4",
			"m5",
		]);
	});

	test("of an index may have more keys than one answer takes", async () => {
		const ids = Array.from({ length: 130 }, (_, n) => `many${n}`);
		const stored = (messageId: string, n: number): Promise<Outcome> =>
			store(message(n, { chatId: `c${n}`, roomId: "many", messageId }));
		await pMap(ids, stored, { concurrency: 8 });
		expect(await idsOf(places.room("many"))).toEqual(ids);
	});
});

describe("a contact and a room are found", () => {
	const find = (messageId: string, second: number, fields: object): Promise<Outcome> =>
		store(message(second, { messageId, ...fields }));

	test("over all their chats, in the order of time, and nobody else's messages in these", async () => {
		await find("one", 1, { chatId: "of one", contactId: "found", roomId: "" });
		await find("two", 2, { chatId: "room by bot 1", contactId: "found", roomId: "R:1" });
		await find("other", 3, { chatId: "room by bot 1", contactId: "another", roomId: "R:1" });
		await find("four", 4, { chatId: "of one", contactId: "found", roomId: "" });
		await find("five", 5, { chatId: "room by bot 2", contactId: "found", roomId: "R:1" });
		expect(await idsOf(places.contact("found"))).toEqual(["one", "two", "four", "five"]);
		expect(await idsOf(places.room("R:1"), { newestFirst: true })).toEqual([
			"five",
			"other",
			"two",
		]);
		const range = { from: time(2), to: `${time(4)}$` };
		expect(await idsOf(places.contact("found"), range)).toEqual(["two", "four"]);
		expect(await idsOf(places.contact("nobody"))).toEqual([]);
	});

	test("in messages that name no chat, or no time", async () => {
		const nowhere = { chatId: "", contactId: "no chat", roomId: "R:no chat" };
		for (const [second, id] of ["a", "b", "c", "d"].entries()) await find(id, second, nowhere);
		await find("untimed", 0, { ...nowhere, timestamp: "soon" });
		await find("stranger", 0, { chatId: "", contactId: "stranger", roomId: "" });
		for (const place of [places.contact("no chat"), places.room("R:no chat")]) {
			expect(await idsOf(place)).toEqual(["a", "b", "c", "d", "untimed"]);
		}
	});

	test("in a text that lies elsewhere, or compressed", async () => {
		const of = (length: number) => ({ contactId: "long", payload: { text: denseText(length) } });
		await find("compressed", 1, { ...of(2_000), payload: { text: "长".repeat(2_000) } });
		await find("elsewhere", 2, of(MAX_BODY_BYTES - 400));
		expect(await idsOf(places.contact("long"))).toEqual(["compressed", "elsewhere"]);
	});
});

test("a row is not there before the directory tells of it, and a process asks once", async () => {
	const client = new DynamoDBClient({});
	const calls: string[] = [];
	const entriesOf = async (id: string) => {
		const Key = { pk: { S: `contact#${id}` }, sk: { S: "chat#directory" } };
		const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key }));
		return Item;
	};
	const enter = openDirectory(
		async ({ pk }) => {
			calls.push(`asked ${pk}`);
			return false;
		},
		async ({ pk }) => {
			calls.push(`put ${pk}`);
			if (pk.endsWith("refused")) throw new Error("refused");
		},
	);
	const { signal } = new AbortController();
	const entry = { pk: "contact#once", sk: "chat#directory" };
	await Promise.all([enter(entry, signal), enter(entry, signal)]);
	await enter(entry, signal);
	expect(calls).toEqual(["asked contact#once", "put contact#once"]);
	const refused = { ...entry, pk: "contact#refused" };
	for (const _ of [1, 2]) await expect(enter(refused, signal)).rejects.toThrow("refused");
	expect(calls).toHaveLength(6);

	const kept = message(1, { chatId: "directory", contactId: "lasting" });
	await store(kept, 30);
	const before = Number((await entriesOf("lasting"))?.expiresAt?.N);
	await store(message(2, { chatId: "directory", contactId: "lasting" }), 300);
	expect(Number((await entriesOf("lasting"))?.expiresAt?.N)).toBeGreaterThan(before);
	await store(message(3, { chatId: "directory", contactId: "lasting" }));
	expect((await entriesOf("lasting"))?.expiresAt).toBeUndefined();
	await openTable(
		tableName,
		20_000,
	)(itemsOf(message(4, { chatId: "directory", contactId: "lasting" }), 30));
	expect((await entriesOf("lasting"))?.expiresAt).toBeUndefined();
});

test("a table has the indexes by which it is asked, and no other", async () => {
	const command = new DescribeTableCommand({ TableName: tableName });
	const { Table } = await new DynamoDBClient({}).send(command);
	const names = Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName);
	expect(names?.toSorted()).toEqual([...indexNames].toSorted());
});

test("what has expired is not shown", async () => {
	for (const [messageId, days] of Object.entries({ gone: 1, here: 100_000 })) {
		await store(message(5, { chatId: "expiring", messageId }), days);
	}
	expect(await idsOf(places.chat("expiring"))).toEqual(["here"]);
});

test("messages and other callbacks are told apart, wherever they lie", async () => {
	const line = { method: "POST", query: "", encoding: "utf8" } as const;
	const arrival = { receivedAt: time(0), blanked: 0 };
	for (const path of ["sentResult", "room/joined"]) {
		await store({ row: callbackRow("{}", { ...line, path }, arrival), text: "{}" });
	}
	await store(message(6, { chatId: "callback#sentResult" }));
	const callbacks = (await allOf(reader.callbackRows())).flat();
	expect(callbacks.map(({ path }) => path).toSorted()).toEqual(["room/joined", "sentResult"]);
	const [own] = await allOf(reader.callbackRows("sentResult"));
	expect(own?.map(({ path, message: text }) => [path, text])).toEqual([["sentResult", "{}"]]);
	const all = (await allOf(reader.allRows())).flat();
	expect(all.filter(({ pk }) => /^(callback|part)#/.test(pk))).toEqual([]);
	expect(all.map(({ pk }) => pk)).toContain("chat#callback#sentResult");
	expect(oddRows).toEqual([]);
});

test("a verdict is replaced, nothing else, and nothing where there is no row", async () => {
	const odd = envelopeOf(textMessage({ chatId: "odd", messageId: "odd" }), {
		conformance: "unrecognized",
		violations: ["/x"],
	});
	await store(odd);
	const waiting = async (): Promise<(string | undefined)[]> =>
		(await Promise.all(reviewPlaces.map((place) => idsOf(place)))).flat();
	expect(await waiting()).toEqual(["odd"]);
	await reader.updateVerdict(odd.row, { conformance: "corrected" });
	expect(await waiting()).toEqual([]);
	const [[row] = []] = await pagesOf(places.chat("odd"));
	const { violations: _, review: __, ...rest } = odd.row;
	const { storedAt, shard, ...changed } = row ?? {};
	expect([typeof storedAt, typeof shard]).toEqual(["string", "string"]);
	expect(changed).toEqual({ ...rest, conformance: "corrected", message: odd.text });
	const again = { conformance: "unrecognized", violations: ["/y", "/z"], review: "3" } as const;
	await reader.updateVerdict(odd.row, again);
	const [[changedAgain] = []] = await pagesOf({ by: "review", key: "3" });
	expect(changedAgain).toEqual({ ...row, ...again });
	const nowhere = { pk: "chat#nowhere", sk: odd.row.sk };
	await expect(reader.updateVerdict(nowhere, { conformance: "corrected" })).rejects.toThrow();
	expect(await idsOf(places.chat("nowhere"))).toEqual([]);
});

describe("the order of storing", () => {
	const names = Array.from({ length: 30 }, (_, n) => `order${n}`);
	const stored = async (range: Partial<StoredRange>, pageSize?: number): Promise<string[]> => {
		const pages = storedRows(reader, { from: time(0), to: time(90), ...range }, pageSize);
		const rows = (await allOf(pages)).flatMap((page) => page.rows);
		return rows.map((row) => (isOfMessage(row) ? (row.messageId ?? "") : row.path));
	};

	beforeAll(async () => {
		vi.useFakeTimers({ toFake: ["Date"] });
		for (const [second, messageId] of names.entries()) {
			vi.setSystemTime(time(second));
			// What a message says of its time is another order.
			await store(message(60 - second, { chatId: `order${second % 3}`, messageId }));
		}
		vi.setSystemTime(time(60));
		const line = { method: "POST", path: "order", query: "", encoding: "utf8" } as const;
		const arrival = { receivedAt: time(50), blanked: 0 };
		await store({ row: callbackRow("{}", line, arrival), text: "{}" });
		vi.useRealTimers();
	});

	test("holds messages and other callbacks of all shards, page by page, both ways", async () => {
		const all = [...names, "order"];
		expect(await stored({})).toEqual(all);
		expect(await stored({ pageSize: 1 }, 4)).toEqual(all);
		expect(await stored({ newestFirst: true, pageSize: 2 }, 7)).toEqual(all.toReversed());
	});

	test("has bounds that both count, and tells bot and arrival without the row", async () => {
		expect(await stored({ from: time(3), to: time(5) })).toEqual(names.slice(3, 6));
		const keys = await allOf(storedKeys(reader, { from: time(29), to: time(60) }));
		const { row } = message(31, { chatId: "order2", messageId: "order29" });
		expect(keys).toMatchObject([
			{
				pk: row.pk,
				storedAt: time(29),
				receivedAt: row.receivedAt,
				botId: Reflect.get(row, "botId"),
			},
			{ pk: "callback#order", storedAt: time(60), receivedAt: time(50) },
		]);
	});
});
