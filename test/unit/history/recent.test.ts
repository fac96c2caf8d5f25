import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { marshall } from "@aws-sdk/util-dynamodb";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { compareRecent } from "../../../lib/history/recent.ts";
import { unpackEnvelope } from "../../../lib/storage/envelope.ts";
import { type MessageRow, storingPlace } from "../../../lib/storage/row.ts";
import { listenOn } from "../../../local/port.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";
import { type Call, type Service, sentAnswer, startService } from "../archive/service.ts";

// The function as a whole runs with the emulators in test/stack/backfill.test.ts: here are its edges.

const NOW = Date.parse("2026-01-02T03:00:00.000Z");
const MINUTE_MS = 60_000;
const UNTIL = NOW - 40 * MINUTE_MS;
const SINCE = UNTIL - 180 * MINUTE_MS;
const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const QUEUE_URL = "https://not-resolved.invalid/1/messages";

let rows: MessageRow[];
let records: string[];
let waiting: number;
let sent: string[];
let asked: string[];
let base: URL;
let service: Service;
let stop: () => Promise<void>;

function answer({ action, input }: Call): object {
	switch (action) {
		case "GetQueueAttributes":
			return input.QueueUrl === QUEUE_URL
				? { Attributes: { ApproximateNumberOfMessages: String(waiting) } }
				: {};
		case "GetParameter":
			return { Parameter: { Value: input.Name === "/token" && input.WithDecryption ? TOKEN : "" } };
		case "Query": {
			const shard = Object(input.ExpressionAttributeValues)[":shard"]?.S;
			const found = rows.map((row) => ({ ...row, ...storingPlace(row, UNTIL) }));
			return { Items: found.filter((row) => row.shard === shard).map((row) => marshall(row)) };
		}
		case "GetQueueUrl":
			return { QueueUrl: `https://not-resolved.invalid/1/${input.QueueName}` };
		default: {
			const body = String(input.MessageBody);
			sent.push(`${input.QueueUrl} ${Object(unpackEnvelope({ body }).row).messageId}`);
			return sentAnswer({ action, input });
		}
	}
}

beforeAll(async () => {
	service = await startService(answer);
	const server = createServer((incoming, outgoing) => {
		asked.push(incoming.url ?? "");
		outgoing.end(`{"code":0,"data":[${records}],"seq":"${asked.length}"}`);
	});
	stop = await listenOn(server, 0);
	base = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
afterAll(async () => {
	await service.stop();
	await stop();
});
beforeEach(() => {
	[rows, records, waiting, sent, asked] = [[], [], 0, [], []];
});

const textOf = (messageId: string, timestamp: number): string =>
	textMessage({ messageId, timestamp });

const compared = (mostCalls = 1) =>
	compareRecent(
		{
			...{ queueUrl: QUEUE_URL, tableName: "rows", base, dialect: "published" },
			...{ tokenParameter: "/token", hours: 3, mostCalls },
		},
		NOW,
	);

test("the hours that have settled are compared, and what is missing is put on the queue", async () => {
	rows = [envelopeOf(textOf("there", SINCE + MINUTE_MS)).row];
	const times = { early: SINCE - 1, first: SINCE, there: SINCE + MINUTE_MS };
	records = Object.entries({ ...times, last: UNTIL, late: UNTIL + 1 }).map(([id, time]) =>
		textOf(id, time).slice('{"data":'.length, -1),
	);
	const bot = "aa11bb22cc33dd44ee55ff01";
	expect(await compared()).toMatchObject({
		hours: [
			{ bot, hour: "2026-01-01T23:00:00.000Z", platform: 2, there: 1, missing: 1, filled: 1 },
			{ bot, hour: "2026-01-02T02:00:00.000Z", platform: 1, there: 0, missing: 1, filled: 1 },
		],
		// There is another page, and one call more than it may make.
		failures: [{ day: "2026-01-02", seq: "1", reason: "more than 1 calls would be needed" }],
	});
	expect(sent.toSorted()).toEqual([`${QUEUE_URL} first`, `${QUEUE_URL} last`]);
	expect(asked).toEqual([`/message/history?token=${TOKEN}&pageSize=100&snapshotDay=2026-01-02`]);
});

test("a hundred may wait in the queue; while more do, nothing is compared", async () => {
	waiting = 100;
	expect(await compared()).toMatchObject({ hours: [], failures: [] });
	expect(asked).toHaveLength(1);
	waiting = 101;
	expect(await compared()).toBeUndefined();
	expect(asked).toHaveLength(1);
});
