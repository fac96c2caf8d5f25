import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { PROBE } from "../../lib/intake/probe.ts";
import { refusals } from "../../lib/intake/reply.ts";
import { countKept, countRefusal, publishCounts } from "../../lib/metrics.ts";
import { callbackRow, messageRow } from "../../lib/storage/row.ts";

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
	vi.restoreAllMocks();
});

/** Every metric that CloudWatch would bill: its name with the values of its dimensions. */
function billedMetrics(): Set<string> {
	const lines = printed.map((line) => JSON.parse(line));
	return new Set(
		lines.flatMap((line) =>
			line._aws.CloudWatchMetrics.flatMap(
				({
					Dimensions: [names],
					Metrics,
				}: {
					Dimensions: string[][];
					Metrics: { Name: string }[];
				}) =>
					Metrics.map(({ Name }) =>
						[Name, ...(names ?? []).map((name) => `${name}=${line[name]}`)].join(" "),
					),
			),
		),
	);
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
