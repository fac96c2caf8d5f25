import { mkdtemp, rm } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { BatchWriteItemCommand, DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import pMap from "p-map";
import { type Place, places, type Reader, readTable } from "../lib/archive/reader.ts";
import { findMessages, selectMessages } from "../lib/archive/selection.ts";
import { storedKeys } from "../lib/archive/storing-order.ts";
import { type Entry, type Item, itemsOf } from "../lib/storage/record.ts";
import { storingPlace } from "../lib/storage/row.ts";
import { readDefinitions } from "../local/definitions.ts";
import { emulatorSettings } from "../local/environment.ts";
import { listenOn } from "../local/port.ts";
import { startTableEmulator } from "../local/table-emulator.ts";
import { envelopeOf, textMessage } from "../test/callbacks.ts";
import { median, number, printMachine, printTable } from "./rounds.ts";

// How long it takes to find messages in a table of many, and how much is read for it.

const { values } = parseArgs({
	options: {
		engine: { type: "string", default: "dynalite" },
		rows: { type: "string", default: "50000" },
		runs: { type: "string", default: "5" },
	},
});
const ROWS = Number(values.rows);
const CHATS = 500;
/** Of one room that 50 contacts write in. */
const ROOM_ROWS = ROWS / 10;
const MEMBERS = 50;
const BEGIN = 1_767_225_600_000;

const directory = await mkdtemp(join(tmpdir(), "lookup-"));
const { table: definition } = await readDefinitions();
const engine = values.engine === "amazon" ? "amazon" : "dynalite";
const table = await startTableEmulator(engine, directory);
await table.create(definition);
const TableName = definition.TableName ?? "";

/** What goes to the table and comes from it. */
const traffic = { calls: 0, bytes: 0 };
const counter = createServer(async (incoming, outgoing) => {
	const { method, headers, url = "/" } = incoming;
	const call = request(new URL(url, table.endpoint), { method, headers });
	call.on("response", async (answer) => {
		const content = await buffer(answer);
		traffic.calls++;
		traffic.bytes += content.length;
		outgoing.writeHead(answer.statusCode ?? 500, answer.headers).end(content);
	});
	call.end(await buffer(incoming));
});
const stop = await listenOn(counter, 0);
const endpoint = `http://127.0.0.1:${(counter.address() as AddressInfo).port}`;
Object.assign(process.env, emulatorSettings({ queueEndpoint: endpoint, tableEndpoint: endpoint }));

const bodyOf = (n: number): string => {
	const inRoom = n % 10 === 0;
	const chat = n % CHATS;
	return textMessage({
		messageId: n.toString(16).padStart(32, "0"),
		chatId: inRoom ? "room" : `chat${chat}`,
		contactId: inRoom ? `member${(n / 10) % MEMBERS}` : n % 3 === 0 ? "bot" : `contact${chat}`,
		roomId: inRoom ? "R:1" : "",
		isSelf: !inRoom && n % 3 === 0,
		timestamp: BEGIN + n * 1_000,
		payload: { text: `这是第${n}条消息`, pureText: `这是第${n}条消息` },
		avatar: `https://wx.qlogo.example/${"a".repeat(120)}/0`,
	});
};

const client = new DynamoDBClient({});
const entries = new Map<string, Entry>();
const put = async (items: readonly (Item | Entry)[]): Promise<void> => {
	const puts = items.map((item) => ({
		PutRequest: { Item: marshall(item, { removeUndefinedValues: true }) },
	}));
	await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));
};
const batches = Array.from({ length: ROWS / 25 }, (_, batch) => batch);
await pMap(
	batches,
	(batch) =>
		put(
			Array.from({ length: 25 }, (_, n) => {
				const time = batch * 25 + n;
				const about = { conformance: "corrected", blanked: 1 } as const;
				const items = itemsOf(envelopeOf(bodyOf(time), about));
				for (const entry of items.entries) entries.set(entry.pk + entry.sk, entry);
				return { ...items.row, ...storingPlace(items.row, BEGIN + time * 1_000) };
			}),
		),
	{ concurrency: 4 },
);
const all = [...entries.values()];
for (let at = 0; at < all.length; at += 25) await put(all.slice(at, at + 25));

const reader: Reader = readTable(TableName);
const newest = (place: Place) => () => selectMessages(reader, { places: [place], limit: 20 });
const whole = (place: Place) => () => selectMessages(reader, { places: [place] });
const late = new Date(BEGIN + ROWS * 999).toISOString();
const lookUps: Record<string, () => Promise<readonly unknown[]>> = {
	"a chat, its newest 20": newest(places.chat("chat7")),
	"a chat, all of it": whole(places.chat("chat7")),
	"a contact, the newest 20": newest(places.contact("contact7")),
	"a contact, all": whole(places.contact("contact7")),
	"a member of the room, the newest 20": newest(places.contact("member7")),
	"a member of the room, all": whole(places.contact("member7")),
	"the bot in all its chats, the newest 20": newest(places.contact("bot")),
	"the room, the newest 20": newest(places.room("R:1")),
	"the room, all": whole(places.room("R:1")),
	nobody: newest(places.contact("nobody")),
	"a message by its id": () => findMessages(reader, (4_711).toString(16).padStart(32, "0"), {}),
	"an id that is not there": whole(places.message("nowhere")),
	"an id, stored in the last thousandth": whole(places.message("nowhere", late)),
	"what was stored in the last thousandth": async () => {
		const keys: unknown[] = [];
		for await (const key of storedKeys(reader, { from: late, to: "~" })) keys.push(key);
		return keys;
	},
};

printMachine();
console.log(
	`\n${ROWS} rows in ${CHATS} chats, of which ${ROOM_ROWS} in a room of ${MEMBERS}; the directory has ${all.length} entries; ${engine}, ${values.runs} runs\n`,
);
const lines: string[][] = [];
for (const [name, lookUp] of Object.entries(lookUps)) {
	const times: number[] = [];
	let found = 0;
	for (let run = -1; run < Number(values.runs); run++) {
		Object.assign(traffic, { calls: 0, bytes: 0 });
		const begin = performance.now();
		found = (await lookUp()).length;
		if (run >= 0) times.push(performance.now() - begin);
	}
	const kilobytes = Math.round(traffic.bytes / 1_024);
	lines.push([name, ...[found, traffic.calls, kilobytes].map(String), number(median(times))]);
}
printTable(["", "found", "calls", "KB read", "median ms"], lines);
client.destroy();
await stop();
await table.stop();
await rm(directory, { recursive: true, force: true });
process.exit();
