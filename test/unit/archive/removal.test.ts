import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { deleteEmptyQueues, lookAt, planOf } from "../../../lib/archive/removal.ts";
import { en } from "../../../lib/words/en.ts";
import { refusal, type Service, startService } from "./service.ts";

const names = { tableName: "rows", queueName: "messages", deadLetterQueueName: "dead" };

/** What each queue says that it holds, as far as it is there. */
let queues: Record<string, object>;
let table: object;
let isForbidden: boolean;
let deleted: unknown[];

let service: Service;
beforeAll(async () => {
	service = await startService(({ action, input }) => {
		if (isForbidden) return refusal("AccessDeniedException");
		if (action === "DescribeTable") return input.TableName === "rows" ? table : {};
		const [name = ""] = String(input.QueueName ?? input.QueueUrl).match(/\w+$/) ?? [];
		const Attributes = queues[name];
		if (Attributes === undefined) return refusal("QueueDoesNotExist");
		if (action === "DeleteQueue") deleted.push(name);
		return { QueueUrl: `http://not-resolved.invalid/1/${name}`, Attributes };
	});
});
afterAll(() => service.stop());
beforeEach(() => {
	queues = { messages: {}, dead: {} };
	table = refusal("ResourceNotFoundException");
	isForbidden = false;
	deleted = [];
});

test("messages count wherever they are: seen, received, or delayed", async () => {
	queues.messages = {
		...{ ApproximateNumberOfMessages: "1", ApproximateNumberOfMessagesNotVisible: "2" },
		ApproximateNumberOfMessagesDelayed: "4",
	};
	table = { Table: { ItemCount: 12, DeletionProtectionEnabled: true } };
	expect(await lookAt(names)).toEqual({
		table: { rows: 12, isProtected: true },
		...{ waiting: 7, deadLetters: 0 },
	});
});

test("what is not there holds nothing; a table that says nothing is not protected", async () => {
	queues = {};
	expect(await lookAt(names)).toEqual({
		...{ table: undefined, waiting: undefined, deadLetters: undefined },
	});
	table = {};
	expect((await lookAt(names)).table).toEqual({ rows: 0, isProtected: false });
});

test("who may not look does not learn that nothing is there", async () => {
	isForbidden = true;
	await expect(lookAt(names)).rejects.toThrow("no");
	await expect(deleteEmptyQueues(names, true)).rejects.toThrow("no");
	isForbidden = false;
	table = refusal("AccessDeniedException");
	await expect(lookAt(names)).rejects.toThrow("no");
});

test("a queue that holds a message stays, unless told otherwise", async () => {
	queues.dead = { ApproximateNumberOfMessages: "1" };
	expect(await deleteEmptyQueues(names, false, 0)).toEqual(["dead"]);
	expect(deleted).toEqual(["messages"]);
	expect(await deleteEmptyQueues(names, true)).toEqual([]);
	expect(deleted.toSorted()).toEqual(["dead", "messages", "messages"]);
});

test("a queue is deleted when it has been empty for a while, and not when something comes meanwhile", async () => {
	const empty = { ApproximateNumberOfMessages: "0" };
	const late = { ApproximateNumberOfMessagesNotVisible: "1" };
	let looks = 0;
	Object.defineProperty(queues, "dead", { get: () => (++looks < 6 ? empty : late) });
	const began = Date.now();
	// Each look asks twice: for the queue and for its counts.
	expect(await deleteEmptyQueues(names, false, 2_000, 1)).toEqual(["dead"]);
	expect(looks).toBe(6);
	expect(deleted).toEqual(["messages"]);
	expect(Date.now() - began).toBeGreaterThanOrEqual(2_000);
});

test("who loses messages does not wait", async () => {
	expect(await deleteEmptyQueues(names, true, 1_000_000)).toEqual([]);
	expect(deleted.toSorted()).toEqual(["dead", "messages"]);
});

test("a queue that is not there is not deleted", async () => {
	queues = { dead: {} };
	expect(await deleteEmptyQueues(names, false, 0)).toEqual([]);
	expect(deleted).toEqual(["dead"]);
});

const { goes, inQueues, isLost, refusal: refused, tableIsLost, tableStays } = en.removeCommand;

test.each([
	["nothing", {}, []],
	["messages", { waiting: 3 }, [isLost(inQueues(3, 0))]],
	["dead letters", { deadLetters: 2 }, [isLost(inQueues(0, 2))]],
	["a table", { table: { rows: 5, isProtected: false } }, [tableIsLost("rows", 5)]],
	["a protected one", { table: { rows: 5, isProtected: true } }, [tableStays("rows", 5, "prod")]],
])("of %s it is told what becomes of it", (_, some, lines) => {
	const holdings = { table: undefined, waiting: undefined, deadLetters: undefined, ...some };
	const plan = (losesMessages: boolean) =>
		planOf(
			{ stage: "prod", region: "cn-north-1" },
			names,
			holdings,
			losesMessages,
			en.removeCommand,
		);
	const text = [goes("prod", "cn-north-1"), ...lines].join("\n");
	const { waiting = 0, deadLetters = 0 } = holdings;
	const reason = refused(inQueues(waiting, deadLetters), "prod");
	expect(plan(true)).toEqual({ text, refusal: undefined });
	expect(plan(false).refusal).toBe(waiting + deadLetters > 0 ? reason : undefined);
});
