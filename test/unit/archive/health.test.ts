import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { openHealth } from "../../../lib/archive/health.ts";
import { type Call, refusal, type Service, startService } from "./service.ts";

const names = { tableName: "rows", queueName: "messages", deadLetterQueueName: "dead" };
const counted = { all: 3, visible: 1, hidden: 2 };

/** What goes wrong with a call, if anything does. */
let fault: (call: Call) => "refuse" | "hang" | undefined;
let service: Service;
beforeAll(async () => {
	service = await startService((call) => {
		const { action, input } = call;
		const wrong = fault(call);
		if (wrong) return wrong === "refuse" ? refusal("InternalServerError", 500) : undefined;
		return {
			QueueUrl: `http://not-resolved.invalid/1/${input.QueueName}`,
			...(action === "GetQueueAttributes" && {
				Attributes: {
					...{ ApproximateNumberOfMessages: "1", ApproximateNumberOfMessagesNotVisible: "2" },
				},
			}),
		};
	});
});
afterAll(() => service.stop());
beforeEach(() => {
	fault = () => undefined;
	service.counts.clear();
});

/** Is closed when the test ends. */
function open() {
	const health = openHealth(names);
	onTestFinished(health.close);
	return health;
}

const isOf = (name: string, { input }: Call): boolean => JSON.stringify(input).includes(name);

test("a table that answers is up, and a queue is looked for once", async () => {
	const { feel } = open();
	const all = { isTableUp: true, queue: counted, deadLetterQueue: counted };
	expect(await feel()).toEqual(all);
	expect(await feel()).toEqual(all);
	expect(Object.fromEntries(service.counts)).toEqual({
		...{ DescribeTable: 2, GetQueueUrl: 2, GetQueueAttributes: 4 },
	});
});

test.each([
	["rows", { isTableUp: false, queue: counted, deadLetterQueue: counted }],
	["messages", { isTableUp: true, deadLetterQueue: counted }],
	["dead", { isTableUp: true, queue: counted }],
])("when %s refuses nothing is known of it; it is asked once", async (name, health) => {
	fault = (call) => (isOf(name, call) ? "refuse" : undefined);
	expect(await open().feel()).toStrictEqual(health);
	expect(service.counts.get("DescribeTable")).toBe(1);
	expect(service.counts.get("GetQueueUrl")).toBe(2);
});

test("what hangs is away", async () => {
	const patience = new AbortController();
	const spy = vi.spyOn(AbortSignal, "timeout").mockReturnValue(patience.signal);
	onTestFinished(() => spy.mockRestore());
	const hanging: string[] = [];
	fault = ({ action, input }) => {
		if (action === "GetQueueUrl" && input.QueueName === "dead") return undefined;
		hanging.push(action);
		if (hanging.length === 3) patience.abort();
		return "hang";
	};
	expect(await open().feel()).toStrictEqual({ isTableUp: false });
	expect(hanging.toSorted()).toEqual(["DescribeTable", "GetQueueAttributes", "GetQueueUrl"]);
});

test("what is closed keeps no connection", async () => {
	const { feel, close } = open();
	await feel();
	expect(await service.connections()).toBeGreaterThan(0);
	close();
	await vi.waitFor(async () => expect(await service.connections()).toBe(0));
});
