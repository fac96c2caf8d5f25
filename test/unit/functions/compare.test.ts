import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type FakePlatform, startFakePlatform } from "../../../local/platform.ts";
import { textMessage } from "../../callbacks.ts";
import { contextOf } from "../../event.ts";
import { type Call, type Service, sentAnswer, startService } from "../archive/service.ts";
import { readLog, WRITING } from "./written.ts";

// The handler in this process, before a server that stands for AWS and has no row, and a platform.

const NOW = Date.UTC(2026, 0, 1, 12);
const TOKEN = "the-token-of-the-history";
let calls: Call[] = [];
let waiting = 0;
let service: Service;
let platform: FakePlatform;
let handler: typeof import("../../../functions/compare.ts").handler;
let log: ReturnType<typeof readLog>;

beforeAll(async () => {
	service = await startService((call) => {
		calls.push(call);
		return {
			Attributes: { ApproximateNumberOfMessages: String(waiting) },
			Parameter: { Value: TOKEN },
			QueueUrl: "https://not-resolved.invalid/1/messages",
			Items: [],
			...sentAnswer(call),
		};
	});
	platform = await startFakePlatform();
	Object.assign(process.env, WRITING, {
		...{ TABLE_NAME: "messages", QUEUE_URL: "https://not-resolved.invalid/1/messages" },
		...{ HISTORY_BASE: platform.historyBase, HISTORY_DIALECT: "published" },
		...{ HISTORY_TOKEN_PARAMETER: "/token", HISTORY_HOURS: "3", HISTORY_CALLS: "2" },
	});
	handler = (await import("../../../functions/compare.ts")).handler;
});
afterAll(() => Promise.all([service.stop(), platform.stop()]));
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["Date"], now: NOW });
	calls = [];
	waiting = 0;
	log = readLog();
});
afterEach(() => {
	vi.restoreAllMocks();
	vi.useRealTimers();
});

const compare = (): Promise<void> => handler({}, contextOf("compare", "request-1"));
const actions = (): string[] => [...new Set(calls.map(({ action }) => action))];
const missed = (messageId: string, minutesAgo: number): void =>
	platform.remember(textMessage({ messageId, timestamp: Date.now() - minutesAgo * 60_000 }));

test("messages that wait in the queue are not lost: nothing is compared, and that is said", async () => {
	waiting = 101;
	await compare();
	expect(actions()).toEqual(["GetQueueAttributes"]);
	expect(log.lines()).toEqual(["WARN messages wait in the queue, so nothing was compared"]);
	expect(log.counted()).toEqual({});
});

test("when nothing is missing that is said, and counted as none", async () => {
	waiting = 100;
	await compare();
	expect(log.lines()).toEqual(["INFO the table has all that the platform has"]);
	expect(log.logged()[0]).toMatchObject({ unusable: 0 });
	expect(log.counted()).toEqual({ Missed: 0 });
});

test("what no callback brought is filled, counted and told; what may still come is left", async () => {
	missed("lost", 41);
	missed("long ago", 4 * 60);
	missed("just now", 39);
	await compare();
	expect(calls.filter(({ action }) => action === "SendMessage")).toMatchObject([
		{ input: { MessageBody: expect.stringContaining('"messageId":"lost"') } },
	]);
	expect(log.lines()).toEqual(["ERROR the platform has messages that no callback brought"]);
	expect(log.logged()[0]).toMatchObject({ missing: 1, filled: 1, unusable: 0 });
	expect(log.counted()).toEqual({ Missed: 1 });
});

test("a history that does not tell all is an error of the function, and nobody is told that all is there", async () => {
	vi.setSystemTime(NOW + 48 * 3_600_000);
	// Three pages of a day, of which two may be asked for.
	for (let n = 0; n < 250; n++) missed(`old ${n}`, 5 * 60);
	await expect(compare()).rejects.toThrow(
		"of 2026-01-03 not all is known: more than 2 calls would be needed",
	);
	expect(log.lines()).toEqual([]);
	expect(log.counted()).toEqual({ Missed: 0 });
});
