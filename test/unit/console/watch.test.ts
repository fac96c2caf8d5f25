import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import type { RequestDetail } from "../../../console/protocol.ts";
import type { SeenRequest } from "../../../console/stage.ts";
import { openCatalog } from "../../../console/watch/catalog.ts";
import { everything } from "../../../console/watch/filter.ts";
import { mergeLetters } from "../../../console/watch/letters.ts";
import * as step from "../../../console/watch/state.ts";
import { summaryOf } from "../../../console/watch/summary.ts";
import { openWatch, type Watch } from "../../../console/watch/watch.ts";
import type { MessageRow } from "../../../lib/storage/row.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";
import { pulse, stageWith } from "./stage.ts";

const summary = (text: string) => {
	const one = envelopeOf(text);
	return summaryOf({ fullest: one, revisions: [one] }, () => []);
};
const CHAT = "65f0a1b2c3d4e5f60718293a";

const hostile: readonly (readonly [string, string])[] = [
	["440,000 numbers", textMessage({ payload: { text: "t", list: Array(440_000).fill(1) } })],
	[
		"440,000 numbers of no type",
		textMessage({ type: 42, payload: { list: Array(440_000).fill(1) } }),
	],
	[
		"50,000 nested arrays",
		textMessage({ payload: { text: "@" } }).replace(
			'"@"',
			`${"[".repeat(50_000)}${"]".repeat(50_000)}`,
		),
	],
	[
		"what turns the line",
		textMessage({ payload: { text: "\u202e\u009b\u009d\u007f" }, contactName: "\u202e" }),
	],
];

test.each(hostile)("%s are listed, in few words", async (_, text) => {
	const listed = summary(text);
	expect(listed.preview.kind).not.toBe("unreadable");
	expect(JSON.stringify(listed).length).toBeLessThan(40_000);
});

test("what is no message is listed as that", async () => {
	const { row } = envelopeOf(textMessage({}));
	const broken = { row, text: "[" };
	const listed = summaryOf({ fullest: broken, revisions: [broken] }, () => []);
	expect(listed.preview).toEqual({ kind: "unreadable" });
	expect(listed.chatId).toBe(CHAT);
});

test("the search looks through names, ids, rooms and texts, to the last word of a long one", async () => {
	const catalog = openCatalog();
	const payload = { text: `${"很长的话，".repeat(600)}Needle` };
	catalog.put(
		summary(
			textMessage({
				payload,
				contactName: "林小满",
				roomTopic: "新品体验群",
				roomId: "R:1",
				botWeixin: "XiaoMiao",
			}),
		),
	);
	catalog.put(summary(textMessage({ messageId: "other", payload: { text: "x" } })));
	for (const search of [" needle ", "林小满", "新品", "r:1", "xiaomiao", "0123456789abcdef"]) {
		expect(catalog.page({ ...everything, search }, 9).matched, search).toBe(1);
	}
	expect(catalog.page({ ...everything, search: "needles" }, 9).matched).toBe(0);
	expect(catalog.page({ ...everything, conformance: "corrected" }, 9).matched).toBe(0);
});

test("pages go to the oldest message, whatever the table has", async () => {
	const catalog = openCatalog();
	const one = summary(textMessage({}));
	for (let i = 0; i < 5_911; i++) {
		const arrivedAt = new Date(1_770_000_000_000 + i).toISOString();
		catalog.put({ ...one, id: `m${i}`, sk: `s${i}`, arrivedAt });
	}
	const seen = new Set<string>();
	for (let before: string | undefined; ; ) {
		const { messages, matched } = catalog.page(everything, 500, before);
		expect(matched).toBe(5_911);
		for (const { id } of messages) seen.add(id);
		const last = messages.at(-1);
		if (last === undefined) break;
		before = `${last.arrivedAt} ${last.sk} ${last.id}`;
	}
	expect(seen.size).toBe(5_911);
	const day = { since: new Date(1_770_000_000_100).toISOString(), until: "" };
	expect(catalog.page({ ...everything, ...day }, 1).matched).toBe(5_811);
});

test("too many messages are forgotten from the oldest on, and counted", async () => {
	const catalog = openCatalog(10);
	const one = summary(textMessage({}));
	for (let i = 10; i < 30; i++) catalog.put({ ...one, id: `m${i}`, sk: `s${i}` });
	expect(catalog.known + catalog.forgotten).toBe(20);
	expect(catalog.known).toBeLessThanOrEqual(11);
	expect(catalog.page(everything, 1).messages[0]?.id).toBe("m29");
});

test("a recall stands beside its message, whichever comes first, and chats have names", async () => {
	const said = summary(textMessage({ messageId: "said", contactName: "林小满" }));
	const recall = summary(
		textMessage({ messageId: "recall", type: 11, payload: { content: "said" } }),
	);
	for (const order of [
		[said, recall],
		[recall, said],
	]) {
		const catalog = openCatalog();
		const changed = order.flatMap((message) => catalog.put(message));
		const at = { pk: recall.pk, sk: recall.sk, sentAt: recall.sentAt };
		expect(changed.findLast(({ id }) => id === said.id)?.recalled).toEqual(at);
		expect(catalog.chatName(CHAT)).toBe("林小满");
		expect(catalog.facets().chat).toEqual([
			{ value: CHAT, name: "林小满 · aa11bb22cc33dd44ee55ff01" },
		]);
	}
});

const letter = (id: string, second: number) => ({
	...{ id, queuedAt: `2026-02-01T00:00:0${second}.000Z`, body: "" },
});
const [one, two, three] = [letter("1", 1), letter("2", 2), letter("3", 3)];

test("dead letters a second apart are all listed, though a look hides them from the next", () => {
	let known = mergeLetters([], [one], 1);
	known = mergeLetters(known, [two], 2);
	known = mergeLetters(known, [three], 3);
	expect(known.map(({ id }) => id)).toEqual(["3", "2", "1"]);
	expect(mergeLetters(known, [], 3)).toHaveLength(3);
	expect(mergeLetters(known, [three], 1)).toEqual([three]);
	expect(mergeLetters(known, [], 0)).toEqual([]);
});

test("whoever has not seen all dead letters looks again", () => {
	let state = step.afterPulse(step.unobserved, pulse(0, 2), true);
	expect(step.wantsLook(state)).toBe(true);
	state = step.whileLooking(state);
	expect(step.wantsLook(state)).toBe(false);
	state = step.afterLook(state, [one]);
	expect(step.wantsLook(state)).toBe(true);
	state = step.afterLook(step.whileLooking(state), [two]);
	expect(step.wantsLook(state)).toBe(false);
	state = step.withoutLetter(state, "1");
	expect(state.letters).toMatchObject({ count: 1, found: [{ id: "2" }] });
});

test("the queue is believed to be empty after three regular pulses, and not after a new message", () => {
	let state = step.unobserved;
	for (let i = 0; i < 2; i++) state = step.afterPulse(state, pulse(0, 0), true);
	state = step.afterPulse(state, pulse(0, 0), false);
	expect(step.isQueueEmpty(state)).toBe(false);
	state = step.afterPulse(state, pulse(0, 0), true);
	expect(step.isQueueEmpty(state)).toBe(true);
	expect(step.isQueueEmpty(step.afterPulse(state, pulse(1, 0), true))).toBe(false);
});

test("of what does not answer nothing is known", () => {
	expect(step.pathOf(step.unobserved, 1)).toBeUndefined();
	const away = step.afterPulse(step.unobserved, { isApiUp: true, isTableUp: false }, true);
	const path = step.pathOf(away, 1);
	expect(path).toMatchObject({ isQueueUp: false, isTableUp: false });
	expect(path).not.toHaveProperty("queued");
	expect(path).not.toHaveProperty("deadLetters");
});

test("requests are kept, the newest first; of too many long bodies the oldest are dropped", () => {
	const request = (id: string, length: number): RequestDetail => ({
		...{ id, at: "", method: "POST", url: "/message", headers: {}, violations: [] },
		body: { text: "x".repeat(length), encoding: "utf8" },
	});
	let state = step.afterRequest(step.unobserved, request("old", 10_000_000));
	state = step.afterRequest(state, request("new", 10_000_000));
	expect(state.requests.map(({ id, body }) => [id, body !== undefined])).toEqual([
		["new", true],
		["old", false],
	]);
});

test("where the API tells no requests, the log's refusals stand for them", () => {
	const refused = {
		event: "refused",
		at: "",
		requestId: "r",
		reason: "token",
		violations: [],
	} as const;
	expect(step.afterEvent(step.unobserved, refused, false).requests).toMatchObject([{ id: "r" }]);
	const told = step.afterEvent(step.unobserved, refused, true);
	expect(told.requests).toEqual([]);
	expect(told.counts.refused).toBe(1);
});

let watch: Watch | undefined;
afterEach(async () => {
	await watch?.stop();
	watch = undefined;
});

const view = { filter: everything, limit: 50, wantsDashboard: false };
const listOf = (of: Watch) => of.whole(view).list;

test("a row that cannot be shown is shown as that, and nothing after it is lost", async () => {
	const texts = [textMessage({ messageId: "a" }), textMessage({ messageId: "b" })];
	const [a, b] = texts.map((text) => envelopeOf(text));
	if (!a || !b) throw new Error("no rows");
	let tell: (line: string) => void = () => {};
	watch = await openWatch(
		stageWith({
			async followLog(onLine) {
				tell = onLine;
				return async () => {};
			},
			async message({ sk }) {
				if (sk === a.row.sk) throw new RangeError("Maximum call stack size exceeded");
				return { fullest: b, revisions: [b] };
			},
		}),
	);
	for (const { row } of [a, b]) tell(keptLine(row));
	await vi.waitFor(() => {
		const kinds = watch && listOf(watch)?.messages.map(({ preview }) => preview.kind);
		expect(kinds?.toSorted()).toEqual(["text", "unreadable"]);
	});
});

test("while the table is away what came is not forgotten", async () => {
	const a = envelopeOf(textMessage({}));
	let isAway = true;
	let tell: (line: string) => void = () => {};
	watch = await openWatch(
		stageWith({
			async followLog(onLine) {
				tell = onLine;
				return async () => {};
			},
			async message() {
				if (isAway) throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
				return { fullest: a, revisions: [a] };
			},
		}),
	);
	tell(keptLine(a.row));
	await setImmediate();
	expect(listOf(watch)?.messages).toEqual([]);
	isAway = false;
	await vi.waitFor(() => expect(watch && listOf(watch)?.messages).toHaveLength(1));
});

test("of 3,000 rows at once none is left out, and until they are read that is said", async () => {
	const { row, text } = envelopeOf(textMessage({}));
	let tell: (line: string) => void = () => {};
	watch = await openWatch(
		stageWith({
			async followLog(onLine) {
				tell = onLine;
				return async () => {};
			},
			async message({ pk, sk }) {
				const one = { row: { ...row, pk, sk, messageId: sk }, text };
				return { fullest: one, revisions: [one] };
			},
		}),
	);
	for (let i = 0; i < 3_000; i++) tell(keptLine({ ...row, sk: `k${i}` }));
	expect(listOf(watch)).toMatchObject({ isReading: true });
	await vi.waitFor(() =>
		expect(watch && listOf(watch)).toMatchObject({ known: 3_000, isReading: false }),
	);
});

function keptLine({ pk, sk }: MessageRow): string {
	return JSON.stringify({ message: "stored", sqsMessageId: sk, pk, sk, conformance: "corrected" });
}

test("a request can be opened with all but its secrets, and says why it was refused", async () => {
	const token = "9f1e2d3c4b5a69788796a5b4";
	let see: (request: SeenRequest) => void = () => {};
	watch = await openWatch(
		stageWith({
			secrets: [token],
			followRequests(onRequest) {
				see = onRequest;
				return () => {};
			},
		}),
	);
	see({
		...{ id: "r", at: "", method: "POST", url: `/${token}/message?token=abc`, ms: 3 },
		headers: { authorization: "Bearer x", "x-request": token, "content-type": "text/plain" },
		body: Buffer.from(`{"data":{"token":"wrong","messageId":"m","note":"${token}"}}`),
		...{ status: 401, answer: '{"errcode":40014,"errmsg":"no"}' },
	});
	expect(watch.openRequest("r")).toMatchObject({
		...{ url: "/*/message?token=", reason: "token", status: 401, messageId: "m" },
		headers: { authorization: "•••", "x-request": "*", "content-type": "text/plain" },
		body: { text: '{"data":{"token":"","messageId":"m","note":"*"}}', encoding: "utf8" },
	});
	expect(JSON.stringify(watch.openRequest("r"))).not.toContain(token);
	see({
		...{ id: "b", at: "", method: "PUT", url: "/x", ms: 1, headers: {} },
		body: Buffer.from([0xff]),
		status: 200,
		answer: "{}",
	});
	expect(watch.openRequest("b")?.body).toEqual({ text: "/w==", encoding: "base64" });
});
