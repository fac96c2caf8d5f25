import { expect, test } from "vitest";
import { openJourneys } from "../../../console/watch/journeys.ts";
import { type LogEvent, readLogLine } from "../../../console/watch/log-line.ts";

const at = (second: number): string => `2026-02-01T00:00:0${second}.000Z`;
const line = (fields: Readonly<Record<string, unknown>>): string =>
	JSON.stringify({ level: "INFO", service: "miaohui-receiver", ...fields });

test("a line of receive and one of store tell the same message", () => {
	const queued = { message: "queued", timestamp: at(1), requestId: "r", sqsMessageId: "s" };
	expect(readLogLine(line({ ...queued, type: 7, conformance: "corrected" }))).toEqual({
		...{ event: "taken", at: at(1), place: "queued", requestId: "r", sqsMessageId: "s" },
		type: 7,
	});
	const stored = {
		message: "revision",
		timestamp: at(2),
		sqsMessageId: "s",
		pk: "chat#c",
		sk: "k",
	};
	expect(readLogLine(line(stored))).toEqual({
		...{ event: "kept", at: at(2), outcome: "revision", sqsMessageId: "s", pk: "chat#c", sk: "k" },
	});
});

test("a refusal says why, also when neither queue nor table took a message", () => {
	const refused = { message: "refused", timestamp: at(1), requestId: "r" };
	expect(readLogLine(line({ ...refused, reason: "token" }))).toMatchObject({
		...{ event: "refused", reason: "token" },
	});
	expect(readLogLine(line({ ...refused, reason: "toString" }))).toBeUndefined();
	const lost = { message: "the table did not take a message", timestamp: at(1), requestId: "r" };
	expect(readLogLine(line(lost))).toMatchObject({ event: "refused", reason: "unavailable" });
	expect(
		readLogLine(line({ ...lost, message: "the queue did not take a message" })),
	).toBeUndefined();
});

test("metrics are read with their dimensions, one value or many", () => {
	const emf = {
		_aws: {
			Timestamp: 5,
			CloudWatchMetrics: [
				{
					Namespace: "n",
					Dimensions: [["service", "type"]],
					Metrics: [{ Name: "Stored" }, { Name: "ReceiveToRow" }],
				},
			],
		},
		...{ service: "s", type: "42", Stored: 2, ReceiveToRow: [10, 20] },
	};
	const dimensions = { service: "s", type: "42" };
	expect(readLogLine(JSON.stringify(emf))).toEqual({
		event: "counted",
		samples: [
			{ namespace: "n", name: "Stored", dimensions, value: 2, at: 5 },
			{ namespace: "n", name: "ReceiveToRow", dimensions, value: 10, at: 5 },
			{ namespace: "n", name: "ReceiveToRow", dimensions, value: 20, at: 5 },
		],
	});
	expect(
		readLogLine("(λ: store) RequestId: x-1  Duration: 12.50 ms  Billed Duration: 13 ms"),
	).toEqual({ event: "ran", functionKey: "store", ms: 12.5 });
});

test.each([
	"",
	"Server ready",
	"{",
	"[1]",
	"null",
	'{"message":7}',
	'{"_aws":{}}',
	'{"_aws":{"CloudWatchMetrics":[7]}}',
])("a line of no use, %j, breaks nothing", (text) => {
	const event = readLogLine(text);
	expect(event === undefined || (event.event === "counted" && event.samples.length === 0)).toBe(
		true,
	);
});

const patience = { first: 60, longest: 90 };

function tell(
	journeys: ReturnType<typeof openJourneys>,
	fields: Readonly<Record<string, unknown>>,
) {
	const event: LogEvent | undefined = readLogLine(line(fields));
	if (event) journeys.follow(event);
}

const queued = { message: "queued", timestamp: at(1), requestId: "r", sqsMessageId: "s" };
const failed = {
	message: "a message was not stored",
	...{ timestamp: at(2), sqsMessageId: "s", pk: "chat#c", sk: "k" },
	reason: { name: "Error", message: "away" },
};
const stored = { message: "stored", timestamp: at(3), sqsMessageId: "s", pk: "chat#c", sk: "k" };

test("what is acknowledged waits until it is a row, and its next try is told", () => {
	const journeys = openJourneys();
	tell(journeys, queued);
	expect(journeys.waiting(patience)).toMatchObject([{ id: "s", takenAt: at(1), isDead: false }]);
	tell(journeys, failed);
	expect(journeys.waiting(patience)).toMatchObject([
		{ nextTryAt: "2026-02-01T00:01:02.000Z", failures: [{ at: at(2), reason: "Error: away" }] },
	]);
	tell(journeys, stored);
	expect(journeys.waiting(patience)).toEqual([]);
	expect(journeys.to({ pk: "chat#c", sk: "k" })).toMatchObject([
		{ takenAt: at(1), keptAt: at(3), outcome: "stored", failures: [{ at: at(2) }] },
	]);
});

test("store may be in the log before receive", () => {
	const journeys = openJourneys();
	tell(journeys, stored);
	tell(journeys, queued);
	expect(journeys.waiting(patience)).toEqual([]);
	expect(journeys.to({ pk: "chat#c", sk: "k" })).toMatchObject([{ takenAt: at(1), keptAt: at(3) }]);
});

test("a message that is set aside is dead, until a redrive under another id makes it a row", () => {
	const journeys = openJourneys();
	tell(journeys, queued);
	tell(journeys, failed);
	expect(journeys.waiting(patience)).toMatchObject([{ isDead: false }]);
	tell(journeys, { ...failed, message: "a message was set aside" });
	expect(journeys.waiting(patience)).toMatchObject([{ isDead: true }]);
	tell(journeys, { ...stored, sqsMessageId: "other" });
	expect(journeys.waiting(patience)).toEqual([]);
	expect(journeys.to({ pk: "chat#c", sk: "k" })).toMatchObject([
		{ takenAt: at(1), place: "queued", keptAt: at(3), failures: [{ at: at(2) }, { at: at(2) }] },
	]);
});

test("a retry that becomes the row does not end the way of the one that still waits", () => {
	const journeys = openJourneys();
	tell(journeys, queued);
	tell(journeys, failed);
	tell(journeys, { ...queued, sqsMessageId: "other" });
	tell(journeys, { ...stored, sqsMessageId: "other" });
	expect(journeys.waiting(patience)).toMatchObject([{ id: "s" }]);
});

test("what is neither a row nor in the queue is in the dead-letter queue", () => {
	const journeys = openJourneys();
	tell(journeys, queued);
	journeys.queueIsEmpty();
	expect(journeys.waiting(patience)).toMatchObject([{ isDead: true }]);
	tell(journeys, stored);
	expect(journeys.waiting(patience)).toEqual([]);
});

test("a message that receive wrote itself waits for nothing", () => {
	const journeys = openJourneys();
	tell(journeys, { ...queued, message: "written", sqsMessageId: undefined });
	expect(journeys.waiting(patience)).toEqual([]);
});
