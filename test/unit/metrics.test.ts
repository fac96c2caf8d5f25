import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PROBE } from "../../lib/intake/probe.ts";
import { refusals } from "../../lib/intake/reply.ts";
import { countColdStart, countKept, countRefusal, publishCounts } from "../../lib/metrics.ts";
import { callbackRow, messageRow } from "../../lib/storage/row.ts";

// As Lambda sets it, before the first line of a function.
vi.hoisted(() => vi.stubEnv("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand"));

let printed: string[];
beforeEach(() => {
	printed = [];
	vi.spyOn(process.stdout, "write").mockImplementation((text) => {
		printed.push(
			...String(text)
				.split("\n")
				.filter((line) => line.startsWith("{")),
		);
		return true;
	});
});
afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

interface Directive {
	readonly Dimensions: readonly (readonly string[])[];
	readonly Metrics: readonly { readonly Name: string }[];
}

/** What was written of each metric: by its name with the values of its dimensions. */
function written(): [key: string, value: unknown][] {
	const lines = printed.map((line) => JSON.parse(line));
	return lines.flatMap((line) =>
		line._aws.CloudWatchMetrics.flatMap(({ Dimensions: [names = []], Metrics }: Directive) =>
			Metrics.map(({ Name }) => [
				[Name, ...names.map((name) => `${name}=${line[name]}`)].join(" "),
				line[Name],
			]),
		),
	);
}

/** Every metric that CloudWatch would bill. */
function billedMetrics(): Set<string> {
	return new Set(written().map(([key]) => key));
}

test("a sender that makes up types makes no metrics to pay for", () => {
	const types = [
		...Array.from({ length: 3_000 }, (_, n) => n),
		...Array.from({ length: 3_000 }, (_, n) => 9_000 + n),
		...[-1, 1.5, 1e21, 99_999, 100_000, Number.MAX_SAFE_INTEGER, undefined],
	];
	const verdict = { conformance: "unrecognized", violations: [] } as const;
	for (const type of types) {
		const identity = type === undefined ? {} : { type };
		const row = messageRow("{}", identity, verdict, {
			receivedAt: "2026-11-24T00:00:00.000Z",
			blanked: 0,
		});
		countKept({ row, text: "{}" }, "queued", 0);
	}
	publishCounts();
	const byType = [...billedMetrics()].filter((name) => name.startsWith("UnrecognizedByType "));
	// 0 to 16, 9999 to 10001, all others, and none.
	expect(byType).toHaveLength(22);
	expect(byType.filter((name) => name.includes("type=other"))).toHaveLength(1);
	expect(billedMetrics().size).toBeLessThan(50);
});

describe("what is counted of a message, and how much", () => {
	const SENT_AT = 1_767_225_602_000;
	const known = { messageId: "m", chatId: "c", type: 7 };
	const timed = { ...known, time: SENT_AT };
	test.each([
		["documented", "queued", timed, 1_500, { Documented: 1, PlatformDelay: 1_500 }],
		["corrected", "written", timed, -5, { Corrected: 1, PlatformDelay: 0, WrittenDirectly: 1 }],
		["unrecognized", "queued", known, 0, { Unrecognized: 1, "UnrecognizedByType type=7": 1 }],
		["unrecognized", "queued", {}, 0, { Unrecognized: 1, "UnrecognizedByType type=none": 1 }],
	] as const)("%s and %s", (conformance, outcome, identity, delay, counts) => {
		const timeEpoch = SENT_AT + delay;
		vi.useFakeTimers({ now: timeEpoch + 20 });
		const receivedAt = new Date(timeEpoch).toISOString();
		const row = messageRow(
			"é",
			identity,
			{ conformance, violations: [] },
			{ receivedAt, blanked: 0 },
		);
		countKept({ row, text: "é" }, outcome, timeEpoch);
		publishCounts();
		const service = / service=\w+/;
		const values = written().map(([key, value]) => [key.replace(service, ""), value]);
		expect(Object.fromEntries(values)).toEqual({
			...{ Received: 1, EnqueueLatency: 20, BodyBytes: 2 },
			...counts,
		});
	});

	test("a cold start is one, once", () => {
		for (let n = 0; n < 2; n++) countColdStart("receive");
		expect(written()).toEqual([[expect.stringMatching(/^ColdStart .*function_name=receive/), 1]]);
	});
});

test("a probe is no sign of life: it is counted as a probe, and as nothing that an alarm watches", () => {
	const line = { method: "POST", query: "", encoding: "utf8" } as const;
	const arrival = { receivedAt: "2026-11-24T00:00:00.000Z", blanked: 0 };
	const counted = (path: string): string[] => {
		printed = [];
		countKept({ row: callbackRow("{}", { ...line, path }, arrival), text: "{}" }, "written", 0);
		publishCounts();
		return [...billedMetrics()].map((name) => name.split(" ")[0] ?? "").toSorted();
	};
	expect(counted(PROBE)).toEqual(["Probes", "WrittenDirectly"]);
	expect(counted("room/joined")).toContain("Received");
});

test("refusals have as many metrics as reasons", () => {
	for (let n = 0; n < 100; n++) {
		for (const reason of ["token", "notJson", "empty", "tooLarge"] as const) countRefusal(reason);
	}
	publishCounts();
	const byReason = [...billedMetrics()].filter((name) => name.startsWith("RefusedByReason "));
	expect(byReason).toHaveLength(4);
	expect(Object.keys(refusals)).toHaveLength(6);
});
