import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { syncBuiltinESMExports } from "node:module";
import type { AddressInfo } from "node:net";
import timers from "node:timers/promises";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { readBase } from "../../../lib/history/access.ts";
import { type Asked, type HistoryAccess, openHistory } from "../../../lib/history/source.ts";
import { listenOn } from "../../../local/port.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const DAY: Asked = { day: "2026-01-01", seq: undefined };
const MOST_BYTES = 8 * 1024 * 1024;
const PAGE = '{"code":0,"data":[{"messageId":"m"}],"seq":"1"}';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
	for (const stop of stops.splice(0)) await stop();
});

/** A history that answers as it is told to, and tells how it was asked. */
async function historyOf(answer: RequestListener, access: Partial<HistoryAccess> = {}) {
	const seen: { readonly url: string; readonly body: string }[] = [];
	const server = createServer(async (incoming, outgoing) => {
		let body = "";
		for await (const chunk of incoming) body += chunk;
		seen.push({ url: incoming.url ?? "", body });
		answer(incoming, outgoing);
	});
	stops.push(await listenOn(server, 0));
	const { port } = server.address() as AddressInfo;
	const base = new URL(`http://127.0.0.1:${port}/stream-api/`);
	const usual = {
		base,
		token: TOKEN,
		dialect: "published",
		callsASecond: 1_000,
	} as const;
	return { seen, ask: openHistory({ ...usual, ...access }) };
}

/** Each answer once, the last one for ever. */
function inTurn(...answers: readonly [status: number, body: string][]): RequestListener {
	let n = 0;
	return (_, outgoing) => {
		const [status, body] = answers[Math.min(n++, answers.length - 1)] ?? [500, ""];
		outgoing.writeHead(status).end(body);
	};
}

test("the published form is asked in the query, all of it as texts", async () => {
	const { ask, seen } = await historyOf(inTurn([200, PAGE]));
	await ask(DAY);
	await ask({ day: "2026-01-02", imBotId: "168", seq: "a b" });
	expect(seen.map(({ url }) => url)).toEqual([
		`/stream-api/message/history?token=${TOKEN}&pageSize=100&snapshotDay=2026-01-01`,
		`/stream-api/message/history?token=${TOKEN}&pageSize=100&seq=a+b&snapshotDay=2026-01-02&imBotId=168`,
	]);
});

test("the resold form is asked in the body, the first page with a cursor of 0", async () => {
	const { ask, seen } = await historyOf(inTurn([200, PAGE]), { dialect: "resold" });
	await ask(DAY);
	await ask({ ...DAY, seq: "7" });
	expect(seen.map(({ url }) => url)).toEqual(Array(2).fill("/stream-api/message/history"));
	const usual = { token: TOKEN, pageSize: "100", snapshotDay: "2026-01-01" };
	expect(seen.map(({ body }) => JSON.parse(body))).toEqual([
		{ ...usual, seq: "0" },
		{ ...usual, seq: "7" },
	]);
});

test("what passes is asked again", async () => {
	const passing = inTurn([500, ""], [429, ""], [200, "<html>"], [200, '{"code":1}'], [200, PAGE]);
	const { ask, seen } = await historyOf(passing);
	expect(await ask(DAY)).toMatchObject({ kind: "page", next: "1" });
	expect(seen).toHaveLength(5);
});

describe("what does not pass is told in words without the token, and not asked for ever", () => {
	test.each([
		[
			"a refusal",
			inTurn([200, `{"code":40014,"message":"no ${TOKEN} \\u0039f1e2d3c4b5a69788796a5b4"}`]),
			"it answers 40014 no * *",
			3,
		],
		["a refusal without words", inTurn([200, '{"code":7}']), /^it answers 7$/, 3],
		["a status", inTurn([403, TOKEN]), "it answers HTTP 403", 3],
		["a status without a body", inTurn([304, ""]), "it answers HTTP 304", 3],
		["that it is too much", inTurn([429, TOKEN]), "it answers HTTP 429", 6],
		["a failure", inTurn([500, TOKEN]), "it answers HTTP 500", 6],
		["another failure", inTurn([503, TOKEN]), "it answers HTTP 503", 6],
		["nothing", inTurn([204, ""]), "it answers in no known shape", 6],
		["no known shape", inTurn([200, `{"token":"${TOKEN}"}`]), "it answers in no known shape", 6],
		[
			"no UTF-8",
			((_, out) => void out.end(Buffer.from([0xff]))) satisfies RequestListener,
			"it cannot be read: ",
			6,
		],
		["no end", inTurn([200, PAGE.padEnd(MOST_BYTES + 1)]), "its answer has over 8388608 bytes", 6],
		[
			"no answer",
			((_, out) => void out.socket?.resetAndDestroy()) satisfies RequestListener,
			"it cannot be read: ",
			6,
		],
		[
			"another place",
			((_, out) => void out.writeHead(302, { location: "/x" }).end()) satisfies RequestListener,
			"it cannot be read: ",
			6,
		],
	])("%s", async (_, answer, words, calls) => {
		const { ask, seen } = await historyOf(answer);
		const error: unknown = await ask(DAY).catch((reason: unknown) => reason);
		expect(error).toMatchObject({
			name: "HistoryFailure",
			message: expect.stringMatching(words),
		});
		expect(JSON.stringify([String(error), error])).not.toContain(TOKEN);
		expect(seen).toHaveLength(calls);
		expect(seen.every(({ url }) => url.startsWith("/stream-api/"))).toBe(true);
	});

	test("a refusal that repeats a token of another shape than ours have", async () => {
		const refused = inTurn([200, '{"code":"a+b=","message":"no a+b="}']);
		const { ask } = await historyOf(refused, { token: "a+b=" });
		await expect(ask(DAY)).rejects.toThrow(/^it answers \* no \*$/);
	});

	test("nobody there", async () => {
		const server = createServer();
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = server.address() as AddressInfo;
		server.close();
		await once(server, "close");
		const base = new URL(`http://127.0.0.1:${port}/`);
		const access = {
			base,
			token: TOKEN,
			dialect: "published",
			callsASecond: 1_000,
		} as const;
		await expect(openHistory(access)(DAY)).rejects.toThrow("ECONNREFUSED");
	});
});

test("an answer may have 8 MiB", async () => {
	const { ask } = await historyOf(inTurn([200, PAGE.padEnd(MOST_BYTES)]));
	expect(await ask(DAY)).toMatchObject({ kind: "page", next: "1" });
});

describe("it is not asked faster than it is said", () => {
	const PAUSE_MS = 1_000_000;
	const slowly = { callsASecond: 1_000 / PAUSE_MS };

	/** Pauses are told, and over at once. */
	function withoutPauses() {
		const pauses: unknown[] = [];
		const retries: number[] = [];
		const later = globalThis.setTimeout;
		vi.useFakeTimers({ toFake: ["performance"] });
		vi.spyOn(timers, "setTimeout").mockImplementation(async (ms) => void pauses.push(ms));
		vi.spyOn(globalThis, "setTimeout").mockImplementation((run, ms = 0) => {
			if (ms < PAUSE_MS) return later(run, ms);
			retries.push(ms / PAUSE_MS);
			return later(run, 0);
		});
		syncBuiltinESMExports();
		onTestFinished(() => {
			vi.restoreAllMocks();
			vi.useRealTimers();
			syncBuiltinESMExports();
		});
		return { pauses, retries };
	}

	test("between two calls there is a pause", async () => {
		const { ask } = await historyOf(inTurn([200, PAGE]), slowly);
		const { pauses } = withoutPauses();
		for (const since of [0, 0, PAUSE_MS / 4, PAUSE_MS * 3]) {
			vi.advanceTimersByTime(since);
			await ask(DAY);
		}
		expect(pauses).toEqual([0, PAUSE_MS, (PAUSE_MS * 3) / 4, 0]);
	});

	test("after a failure it is twice as long, and then longer and longer", async () => {
		const { ask } = await historyOf(inTurn([500, ""], [500, ""], [200, PAGE]), slowly);
		const { pauses, retries } = withoutPauses();
		await ask(DAY);
		expect(pauses).toEqual([0, PAUSE_MS, PAUSE_MS]);
		const [first = 0, second = 0, ...others] = retries;
		expect([first >= 2 && first <= 4, second >= 4 && second <= 8, others]).toEqual([
			true,
			true,
			[],
		]);
	});
});

test("no more calls than are allowed, tries included", async () => {
	const { ask, seen } = await historyOf(inTurn([500, ""], [200, PAGE]), { mostCalls: 3 });
	await ask(DAY);
	await ask(DAY);
	await expect(ask(DAY)).rejects.toThrow("more than 3 calls");
	expect(seen).toHaveLength(3);
});

test.each([
	["https://history.example.com/stream-api", "https://history.example.com/stream-api/"],
	["https://history.example.com/hub-api/", "https://history.example.com/hub-api/"],
	["http://127.0.0.1:3000/x", "http://127.0.0.1:3000/x/"],
	["http://history.example.com/stream-api", undefined],
	["http://[::1]:3000/", "http://[::1]:3000/"],
	["http://localhost/x/", "http://localhost/x/"],
	["http://localhost.example.com/", undefined],
	["https://u:p@history.example.com/", undefined],
	["https://u@history.example.com/", undefined],
	["https://:p@history.example.com/", undefined],
	["https://history.example.com/?token=x", undefined],
	["https://history.example.com/#x", undefined],
	["ftp://history.example.com/", undefined],
	["ftp://localhost/", undefined],
	["stream-api", undefined],
	["", undefined],
])("the base %j is %j", (text, base) => {
	expect(readBase(text)?.href).toBe(base);
});
