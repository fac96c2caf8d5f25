import { describe, expect, test } from "vitest";
import { identifies, identityOf } from "../../../lib/message/identity.ts";
import { membersOf } from "../../../lib/message/json-text.ts";
import type { Verdict } from "../../../lib/message/verdict.ts";
import {
	type Arrival,
	callbackRow,
	chatOf,
	digestOf,
	directoryKeys,
	isOfMessage,
	isTextOf,
	isUntimed,
	keyOf,
	messageIdOf,
	messageRow,
	timeOf,
	verdictAttributes,
} from "../../../lib/storage/row.ts";
import { textMessage } from "../../callbacks.ts";

const ARRIVAL = { receivedAt: "2026-01-02T03:04:05.006Z", blanked: 0 };
const CORRECTED: Verdict = { conformance: "corrected", violations: [] };

function rowOf(fields: object, arrival: Partial<Arrival> = {}, verdict = CORRECTED) {
	const text = textMessage({ ...fields });
	const said = identityOf(text, JSON.parse(text), membersOf(text, identifies));
	return messageRow(text, said, verdict, { ...ARRIVAL, ...arrival });
}

describe("an id as a key", () => {
	test.each([
		["512 bytes", `${"长".repeat(170)}ab`, true],
		["513 bytes", `${"长".repeat(171)}`, false],
		["what looks like a digest", "sha256:x", false],
		["half a pair", "a\ud83d", false],
	])("%s", (_, id, isItself) => {
		if (isItself) expect(keyOf(id)).toBe(id);
		else expect(keyOf(id)).toMatch(/^sha256:[0-9a-f]{64}$/);
	});

	test("other ids have other keys, also where UTF-8 would make them one", () => {
		const ids = ["\ud83d", "\ud83e", "\ufffd", '"\\ud83d"', "x".repeat(600), "x".repeat(601)];
		expect(new Set(ids.map(keyOf)).size).toBe(ids.length);
	});
});

test("a key says chat, time and id, as far as the message did", () => {
	const usual = rowOf({ chatId: "c", messageId: "m" });
	expect([chatOf(usual), timeOf(usual), messageIdOf(usual), isUntimed(usual)]).toEqual([
		...["c", "2026-01-01T00:00:02.000Z", "m", false],
	]);
	const silent = rowOf({ chatId: "", messageId: "", timestamp: null });
	expect([chatOf(silent), timeOf(silent), messageIdOf(silent), isUntimed(silent)]).toEqual([
		...[undefined, undefined, undefined, true],
	]);
	// The time of arrival stands for it in the row, but in no key.
	expect(silent).toMatchObject({
		sentAt: ARRIVAL.receivedAt,
		sk: expect.stringMatching(/^untimed##/),
	});
	const odd = rowOf({ messageId: "a#b##c" });
	expect(messageIdOf(odd)).toBe("a#b##c");
});

test("other callbacks lie apart by their path, and no chat takes their place", () => {
	const line = { method: "POST", path: "room/left", query: "", encoding: "utf8" } as const;
	expect(callbackRow("{}", line, ARRIVAL)).toMatchObject({
		...{ pk: "callback#room/left", sk: expect.stringMatching(/^untimed##[\w-]{43}$/) },
	});
	const row = callbackRow("{}", line, ARRIVAL);
	expect(isOfMessage(row)).toBe(false);
	expect([isTextOf(row, "{}"), isTextOf(row, "{ }")]).toEqual([true, false]);
	expect(isTextOf({ ...row, query: "a=1" }, "{}")).toBe(false);
	expect(rowOf({ chatId: "callback#room/left" }).pk).toBe("chat#callback#room/left");
});

test("what was blanked is counted, and nothing when nothing was", () => {
	expect(rowOf({}, { blanked: 3 }).blanked).toBe(3);
	expect(rowOf({})).not.toHaveProperty("blanked");
	const line = { method: "POST", path: "chat", query: "", encoding: "utf8" } as const;
	expect(callbackRow("{}", line, { ...ARRIVAL, blanked: 3 }).blanked).toBe(3);
	expect(callbackRow("{}", line, ARRIVAL)).not.toHaveProperty("blanked");
});

test("only what wants a look is in the index of these, in one of 16 shards", () => {
	const unrecognized: Verdict = { conformance: "unrecognized", violations: ["/x"] };
	const odd = Array.from({ length: 60 }, (_, n) => rowOf({ messageId: `${n}` }, {}, unrecognized));
	for (const row of odd) expect(row).toMatchObject({ violations: ["/x"] });
	expect(new Set(odd.map(({ review }) => review)).size).toBeGreaterThan(10);
	expect(rowOf({})).not.toHaveProperty("review");
	expect(rowOf({})).not.toHaveProperty("violations");
	expect(verdictAttributes(unrecognized, undefined)).not.toHaveProperty("review");
	expect(verdictAttributes(unrecognized, "7").review).toBe("7");
});

describe("what the platform's history tells", () => {
	const history = { origin: "history" } as const;
	const one = rowOf({ payload: { text: "a" } }, history);

	test("is one row of a bot's copy of a message, whatever it says tomorrow", () => {
		const later = rowOf({ payload: { text: "b" }, contactName: "another" }, history);
		expect([later.pk, later.sk]).toEqual([one.pk, one.sk]);
		expect(rowOf({ botId: "b" }, history).sk).not.toBe(one.sk);
		expect(rowOf({ messageId: "m2" }, history).sk).not.toBe(one.sk);
		expect(rowOf({ payload: { text: "a" } }).sk).not.toBe(one.sk);
	});

	test("knows its own text by another digest, and wants no look", () => {
		expect(one).toMatchObject({
			origin: "history",
			textDigest: expect.stringMatching(/^[\w-]{43}$/),
		});
		expect(digestOf(one)).toBe(one.textDigest);
		expect(isTextOf(one, textMessage({ payload: { text: "a" } }))).toBe(true);
		expect(isTextOf(one, textMessage({ payload: { text: "b" } }))).toBe(false);
		const verdict: Verdict = { conformance: "unrecognized", violations: [] };
		expect(rowOf({}, history, verdict)).not.toHaveProperty("review");
	});

	test("without an id is known by its text, as what was pushed is", () => {
		const nameless = rowOf({ messageId: "" }, history);
		expect(nameless).not.toHaveProperty("textDigest");
		expect(rowOf({})).not.toHaveProperty("origin");
		expect(nameless.sk).toBe(rowOf({ messageId: "" }).sk);
	});
});

test("the directory tells where a contact and a room have rows, and nothing of those that are not named", () => {
	const row = rowOf({ chatId: "c", contactId: "p", roomId: "r" });
	expect(directoryKeys(row)).toEqual([
		{ pk: "contact#p", sk: "chat#c" },
		{ pk: "room#r", sk: "chat#c" },
	]);
	expect(directoryKeys(rowOf({ contactId: "", roomId: null }))).toEqual([]);
});
