import { readFile } from "node:fs/promises";
import { describe, expect, test, vi } from "vitest";
import type { Fault, FaultProxy } from "../../local/fault-proxy.ts";
import { sampleBody } from "../../samples/samples.ts";
import { textMessage } from "../callbacks.ts";
import { useStack } from "./harness.ts";

const DEADLINE = { timeout: 40_000, interval: 100 };
const TAKEN = { status: 200, body: { errcode: 0, errmsg: "ok" } };

const harness = useStack({}, { withFaults: true });

const faults = (): { queue: FaultProxy; table: FaultProxy } => {
	if (harness.stack.faults === undefined) throw new Error("started without faults");
	return harness.stack.faults;
};

const ids = (prefix: string, count: number): string[] =>
	Array.from({ length: count }, (_, n) => `${prefix}-${n}`);

const body = (messageId: string): string => textMessage({ chatId: "faults", messageId });

/** Waits until the rows of a test are exactly the expected ones, and nothing is on its way any more. */
async function expectRows(prefix: string, expected: string[]): Promise<void> {
	await vi.waitFor(async () => {
		expect(await harness.waiting(harness.stack.queueUrl)).toBe(0);
		const found = (await harness.rows()).flatMap(({ messageId = "" }) => messageId);
		expect(found.filter((id) => id.startsWith(`${prefix}-`)).toSorted()).toEqual(
			expected.toSorted(),
		);
	}, DEADLINE);
}

describe("SQS", () => {
	const all: Fault[] = ["hang", "reset", "refuse", "throttle", "acceptThenHang", "acceptThenReset"];
	test.each(all)("%s: every message is acknowledged in time, and one row", async (fault) => {
		await harness.retryAfter(2);
		const before = faults().queue.failed;
		faults().queue.fail(fault);
		const started = performance.now();
		const answers = await Promise.all(ids(fault, 4).map((id) => harness.post(body(id))));
		// The contract's own limit; four at once share the start of four workers.
		expect(performance.now() - started).toBeLessThan(3_500);
		expect(answers).toEqual(Array(4).fill(TAKEN));
		expect(faults().queue.failed - before).toBeGreaterThanOrEqual(4);
		faults().queue.fail();
		await expectRows(fault, ids(fault, 4));
	});

	test("and the table away as well: 503, and what is sent again is one row", async () => {
		faults().queue.fail("refuse");
		faults().table.fail("reset");
		expect(await harness.post(body("both-0"))).toMatchObject({
			status: 503,
			body: { errcode: -1 },
		});
		faults().queue.fail();
		faults().table.fail();
		expect(await harness.post(body("both-0"))).toEqual(TAKEN);
		await expectRows("both", ["both-0"]);
	});
});

describe("DynamoDB", () => {
	test.each<Fault>(["throttle", "hang", "acceptThenReset"])("%s for a while", async (fault) => {
		await harness.retryAfter(10);
		const before = faults().table.failed;
		faults().table.fail(fault);
		for (const id of ids(`table-${fault}`, 5)) expect(await harness.post(body(id))).toEqual(TAKEN);
		await vi.waitFor(() => expect(faults().table.failed).toBeGreaterThan(before), DEADLINE);
		faults().table.fail();
		await expectRows(`table-${fault}`, ids(`table-${fault}`, 5));
	});

	test("one item of a batch is refused and waits, the others are rows; mended, it is one too", async () => {
		faults().table.fail((call) => (call.includes("item-3") ? "refuse" : undefined));
		await Promise.all(ids("item", 6).map((id) => harness.post(body(id))));
		await vi.waitFor(async () => {
			const rows = (await harness.rows()).flatMap(({ messageId = "" }) => messageId);
			expect(rows.filter((id) => id.startsWith("item-")).toSorted()).toEqual(
				ids("item", 6).filter((id) => id !== "item-3"),
			);
			// A queue that answers late was asked twice.
			expect(await harness.waiting(harness.stack.queueUrl)).toBeGreaterThanOrEqual(1);
		}, DEADLINE);
		// The owner finds the reason by the message's own id.
		expect(await readFile(harness.stack.logFile, "utf8")).toMatch(
			/"messageId":"item-3"[^\n]*"reason"/,
		);
		faults().table.fail();
		await expectRows("item", ids("item", 6));
		expect(await harness.waiting(harness.stack.deadLetterQueueUrl)).toBe(0);
	});
});

describe("killed", () => {
	test("store, between its write and its answer: the redelivery is the same row", async () => {
		await harness.retryAfter(2);
		const before = faults().table.failed;
		faults().table.fail("acceptThenHang");
		await harness.post(body("store-0"));
		await vi.waitFor(() => expect(faults().table.failed).toBeGreaterThan(before), DEADLINE);
		await harness.stack.crash();
		faults().table.fail();
		await expectRows("store", ["store-0"]);
	});

	test("receive, between the queue and its reply: what the platform sends again is the same row", async () => {
		const before = faults().queue.failed;
		faults().queue.fail("acceptThenHang");
		const lost = harness.post(body("receive-0"));
		await vi.waitFor(() => expect(faults().queue.failed).toBeGreaterThan(before), DEADLINE);
		await harness.stack.crash();
		expect(await lost).toEqual({ status: 503, body: { message: "Service Unavailable" } });
		faults().queue.fail();
		expect(await harness.post(body("receive-0"))).toEqual(TAKEN);
		await expectRows("receive", ["receive-0"]);
	});
});

test("the same message twenty times at once is one row", async () => {
	await Promise.all(Array.from({ length: 20 }, () => harness.post(body("parallel-0"))));
	await expectRows("parallel", ["parallel-0"]);
});

test("revisions that arrive out of order are all there", async () => {
	for (const n of ["3-artwork", "1-no-media", "2-thumb"]) {
		await harness.post(sampleBody(`t06-image-push${n}`));
	}
	await vi.waitFor(async () => {
		const rows = await harness.rows();
		expect(rows.filter(({ messageId }) => messageId?.startsWith("0c0d0c0d"))).toHaveLength(3);
	}, DEADLINE);
});

test("a row that the table never takes is kept as its text alone, to be looked at", async () => {
	faults().table.fail((call) => (call.includes("chat#invalid") ? "invalid" : undefined));
	const text = textMessage({ chatId: "invalid", messageId: "invalid-0" });
	expect(await harness.post(text)).toEqual(TAKEN);
	const kept = await vi.waitFor(async () => {
		const row = (await harness.rows()).find(({ violations }) => violations !== undefined);
		if (row === undefined) throw new Error("not there yet");
		return row;
	}, DEADLINE);
	faults().table.fail();
	expect(kept).toMatchObject({
		pk: expect.stringMatching(/^apart#[0-9a-f]$/),
		conformance: "unrecognized",
		violations: ["unexpected ValidationException"],
		review: expect.stringMatching(/^[0-9a-f]$/),
	});
	expect(JSON.parse(kept.text)).toEqual(JSON.parse(text.replace(/"token":"\w+"/, '"token":""')));
});
