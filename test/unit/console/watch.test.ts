import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import type { MessageList, RequestDetail } from "../../../console/protocol.ts";
import type { SeenRequest, StageReader } from "../../../console/stage.ts";
import { openCatalog } from "../../../console/watch/catalog.ts";
import { everything, type Filter, placeOf } from "../../../console/watch/filter.ts";
import { mergeLetters } from "../../../console/watch/letters.ts";
import * as step from "../../../console/watch/state.ts";
import { summaryOf } from "../../../console/watch/summary.ts";
import { openWatch, type View, type Watch } from "../../../console/watch/watch.ts";
import type { RowKey } from "../../../lib/storage/row.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";
import { pulse, rowOf, runWith, stageWith, tableOf, until } from "./stage.ts";

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
	const catalog = openCatalog(10_000);
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
	const catalog = openCatalog(10_000);
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

test("too many messages are forgotten from the oldest on, and it is told how far", async () => {
	const catalog = openCatalog(10);
	const one = summary(textMessage({}));
	const arrivedAt = (i: number) => new Date(1_770_000_000_000 + i).toISOString();
	for (let i = 10; i < 30; i++) {
		catalog.put({ ...one, id: `m${i}`, sk: `s${i}`, arrivedAt: arrivedAt(i) });
	}
	expect(catalog.known).toBe(10);
	expect(catalog.forgottenTo).toBe(arrivedAt(19));
	expect(catalog.page(everything, 1).messages[0]?.id).toBe("m29");
});

test("so are large ones, before they fill the memory", () => {
	const catalog = openCatalog(1_000, 10_000);
	const one = summary(textMessage({ payload: { text: "x".repeat(1_000) } }));
	for (let i = 10; i < 60; i++) {
		catalog.put({ ...one, id: `m${i}`, sk: `s${i}`, arrivedAt: `2026-01-01T00:00:${i}.000Z` });
	}
	expect(catalog.known).toBeGreaterThan(5);
	expect(catalog.known).toBeLessThan(12);
	expect(catalog.page(everything, 1).messages[0]?.id).toBe("m59");
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
		const catalog = openCatalog(10_000);
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
	expect(step.pathOf(step.unobserved)).toBeUndefined();
	const away = step.afterPulse(step.unobserved, { isApiUp: true, isTableUp: false }, true);
	const path = step.pathOf(away);
	expect(path).toMatchObject({ isQueueUp: false, isTableUp: false });
	expect(path).not.toHaveProperty("queued");
	expect(path).not.toHaveProperty("deadLetters");
});

test("requests are kept, the newest first; of too many long bodies the oldest are dropped", () => {
	const request = (id: string, length: number): RequestDetail => ({
		...{ id, at: "", method: "POST", url: "/message", headers: {} },
		body: { text: "x".repeat(length), encoding: "utf8" },
	});
	let state = step.afterRequest(step.unobserved, request("old", 10_000_000));
	state = step.afterRequest(state, request("new", 10_000_000));
	expect(state.requests.map(({ id, body }) => [id, body !== undefined])).toEqual([
		["new", true],
		["old", false],
	]);
});

test("what nothing tells is not counted, and what is told is", () => {
	const felt = step.afterPulse(step.unobserved, { isTableUp: true }, true);
	expect(step.pathOf(felt)).not.toHaveProperty("counts");
	expect(step.pathOf(felt)).not.toHaveProperty("isApiUp");
	const told = step.afterEvent(step.ofRun(felt), { event: "refused", reason: "token" });
	expect(step.pathOf(told)?.counts).toMatchObject({ refused: 1, taken: 0 });
});

let watch: Watch | undefined;
afterEach(async () => {
	await watch?.stop();
	watch = undefined;
});

const view = { filter: everything, limit: 50, hours: 0 };

/** All that a page is told of the list, the newest last. */
function listsOf(of: Watch, one: View = view): MessageList[] {
	const lists: MessageList[] = [];
	of.listen(one, ({ list }) => list && lists.push(list));
	return lists;
}

const shown = async (filter: Partial<Filter> = {}): Promise<MessageList> => {
	if (!watch) throw new Error("nothing is watched");
	return watch.list({ ...everything, ...filter }, 50);
};

/** A stage that tells that these rows were kept, as its log does. */
async function watchTold(
	reader: StageReader,
): Promise<(...rows: readonly { pk: string; sk: string }[]) => void> {
	let tell: (line: string) => void = () => {};
	const run = runWith({
		async followLog(onLine) {
			tell = onLine;
			return async () => {};
		},
	});
	watch = await openWatch(stageWith({ reader, run }));
	return (...rows) => {
		for (const row of rows) tell(keptLine(row));
	};
}

test("a row that cannot be shown is shown as that, and nothing after it is lost", async () => {
	const [a, b] = [rowOf(1), rowOf(2)];
	const table = tableOf([a, b]);
	const tell = await watchTold({
		...{ ...table, storedKeys: tableOf([]).storedKeys },
		rowsOf(range) {
			if (range.from === a.sk) throw new RangeError("Maximum call stack size exceeded");
			return table.rowsOf(range);
		},
	});
	tell(a, b);
	await until(async () => {
		const kinds = (await shown()).messages.map(({ preview }) => preview.kind);
		expect(kinds.toSorted()).toEqual(["text", "unreadable"]);
	});
});

test("while the table is away what came is not forgotten", async () => {
	const a = rowOf(1);
	const table = tableOf([a]);
	let isAway = true;
	const tell = await watchTold({
		...{ ...table, storedKeys: tableOf([]).storedKeys },
		rowsOf(range) {
			if (isAway) throw Object.assign(new Error("away"), { code: "ECONNREFUSED" });
			return table.rowsOf(range);
		},
	});
	tell(a);
	await setImmediate();
	expect((await shown()).messages).toEqual([]);
	isAway = false;
	await until(async () => expect((await shown()).messages).toHaveLength(1));
});

test("of 3,000 rows at once none is left out, and until they are read that is said", async () => {
	const row = rowOf(1);
	const tell = await watchTold({
		...tableOf([]),
		async *rowsOf({ key, from, by }) {
			if (!by) yield [{ ...row, pk: key, sk: from, messageId: from }];
		},
	});
	tell(...Array.from({ length: 3_000 }, (_, i) => ({ ...row, sk: `k${i}` })));
	const lists = watch ? listsOf(watch) : [];
	expect(lists[0]).toMatchObject({ isReading: true });
	await until(() => expect(lists.at(-1)).toMatchObject({ known: 3_000, isReading: false }));
});

test("the newest are told first, the others when one asks for them, each once", async () => {
	watch = await openWatch(
		stageWith({ reader: tableOf(Array.from({ length: 1_234 }, (_, i) => rowOf(i))) }),
	);
	const lists = listsOf(watch);
	await until(() => expect(lists.map(({ messages }) => messages.length)).toContain(50));
	await until(async () => expect(await shown()).toMatchObject({ known: 500, isReading: false }));
	expect((await shown()).backTo).toBe(rowOf(734).storedAt);
	const seen = new Set<string>();
	for (let before: string | undefined; ; ) {
		const { messages, backTo } = await watch.list(everything, 100, before);
		for (const { messageId = "" } of messages) seen.add(messageId);
		const last = messages.at(-1);
		if (last === undefined) {
			expect(backTo).toBeUndefined();
			break;
		}
		before = placeOf(last);
	}
	expect(seen.size).toBe(1_234);
});

function keptLine({ pk, sk }: RowKey): string {
	return JSON.stringify({ message: "stored", sqsMessageId: sk, pk, sk, conformance: "corrected" });
}

test("a request can be opened with all but its secrets, and says why it was refused", async () => {
	const token = "9f1e2d3c4b5a69788796a5b4";
	let see: (request: SeenRequest) => void = () => {};
	const run = runWith({
		secrets: [token],
		followRequests(onRequest) {
			see = onRequest;
			return () => {};
		},
	});
	watch = await openWatch(stageWith({ run }));
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
