import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { CallbackItem } from "../../lib/archive/item.ts";
import { MAX_BODY_BYTES } from "../../lib/intake/body.ts";
import { sampleBody } from "../../samples/samples.ts";
import { textMessage } from "../callbacks.ts";
import { useStack } from "./harness.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const KEY = "a-secret-key-of-the-owner";
const TAKEN = { status: 200, body: { errcode: 0, errmsg: expect.any(String) } };
const DEADLINE = { timeout: 20_000, interval: 100 };

const harness = useStack({
	CALLBACK_TOKENS: TOKEN,
	CALLBACK_KEYS: `old-key-of-the-owner,${KEY}`,
	ON_UNRECOGNIZED: "refuse",
});

const flat = JSON.stringify({ token: TOKEN, sendResult: { ok: true } });
const wrapped = JSON.stringify({ code: 0, data: { token: TOKEN, roomId: "R:1" } });

const siblings: readonly (readonly [string, string, string | undefined])[] = [
	["POST", "sentResult", flat],
	["POST", "chat", wrapped],
	["POST", "friend/confirm", wrapped],
	["POST", "friend/send", flat],
	["POST", "room/joined", wrapped],
	["POST", "room/left", wrapped],
	["POST", "room/topic", flat],
	["GET", `chatroom/joined?token=${TOKEN}&roomId=1`, undefined],
	["PUT", "something/new", flat],
];

describe("with the body's token", () => {
	beforeAll(async () => {
		for (const [method, path, body] of siblings) {
			// The platform may retry these as well.
			for (let i = 0; i < 2; i++) {
				expect(await harness.send(path, { method, body: body ?? null })).toEqual(TAKEN);
			}
		}
	}, 60_000);

	test("every sibling is kept as received, once, apart from the messages", async () => {
		const rows = await vi.waitFor(async () => {
			const found = await harness.callbacks();
			expect(found).toHaveLength(siblings.length);
			return found;
		}, DEADLINE);
		const kept = ({ method, path, query, message }: CallbackItem): string[] => [
			method,
			path,
			query,
			message ?? "",
		];
		expect(rows.map(kept).toSorted()).toEqual(
			siblings
				.map(([method, path, body = ""]) => {
					const [name = "", query = ""] = path.split("?");
					return [method, name, query.replace(TOKEN, ""), body.replace(TOKEN, "")];
				})
				.toSorted(),
		);
		expect(await harness.rows()).toEqual([]);
	});

	test.each([
		["a wrong token", "room/joined", { method: "POST", body: '{"token":"wrong"}' }],
		["no token", "room/joined", { method: "POST", body: "{}" }],
		["no body", "chatroom/joined", { method: "GET" }],
		["a wrong key", `wrong-key/room/joined`, { method: "POST", body: "{}" }],
		["a key that is not first", `room/${KEY}`, { method: "POST", body: "{}" }],
	])("%s is refused", async (_, path, init) => {
		expect(await harness.send(path, init)).toMatchObject({
			status: 401,
			body: { errcode: 40_014 },
		});
	});
});

describe("with the key", () => {
	const notUtf8 = Buffer.from([0xff, 0xfe, 0x00, 0x80]);
	const bodies: readonly (readonly [string, string | Buffer])[] = [
		["an unreadable body", sampleBody("b-truncated")],
		["an empty body", ""],
		["an encrypted body", "uXh3bGd0ZXN0IGJhc2U2NCBlbmNyeXB0ZWQ="],
		["bytes that are no text", notUtf8],
	];
	test.each(bodies)("%s is kept and acknowledged, never refused", async (_, body) => {
		const headers = { "content-type": "application/json" };
		expect(await harness.send(`${KEY}/message`, { method: "POST", body, headers })).toEqual(TAKEN);
		const expected = Buffer.from(body).toString().includes(TOKEN) ? "" : Buffer.from(body);
		await vi.waitFor(async () => {
			const rows = (await harness.callbacks()).filter(({ path }) => path === "message");
			const kept = rows.map(({ message = "", encoding }) =>
				Buffer.from(message, encoding).toString("hex"),
			);
			expect(kept).toContain(Buffer.from(expected).toString("hex"));
		}, DEADLINE);
	});

	test("a readable message is a message, whatever its token and its shape", async () => {
		const unknown = textMessage({ type: 42, token: "other", chatId: "keyed" });
		expect(
			await harness.send("old-key-of-the-owner/message", { method: "POST", body: unknown }),
		).toEqual(TAKEN);
		await vi.waitFor(async () => {
			expect((await harness.rows()).map(({ pk }) => pk)).toContain("chat#keyed");
		}, DEADLINE);
	});

	test("only what cannot be kept is refused", async () => {
		const body = "x".repeat(MAX_BODY_BYTES + 1);
		expect(await harness.send(`${KEY}/message`, { method: "POST", body })).toMatchObject({
			status: 413,
		});
	});
});

test("a check sends a probe, which is a row and no message, and says what is not as it should be", async () => {
	const check = async (token: string) => {
		vi.stubEnv("CHECK_TOKEN", token);
		const { stdout, stderr, exitCode } = await harness.command("check", "--json");
		vi.unstubAllEnvs();
		expect(stdout + stderr).not.toContain(token);
		return { exitCode, findings: stdout.split("\n").map((line) => JSON.parse(line)) };
	};
	const probes = async (): Promise<CallbackItem[]> =>
		(await harness.callbacks()).filter(({ path }) => path === "probe");
	const messages = await harness.rows();
	const good = await check(TOKEN);
	expect(good.findings.map(({ result }) => result)).toEqual(["yes", "yes", "yes"]);
	expect(good.exitCode).toBe(0);
	expect(await probes()).toHaveLength(1);
	const wrong = await check("a-token-that-nobody-has");
	expect(wrong.findings.map(({ result }) => result)).toEqual(["yes", "no", "yes"]);
	expect(wrong.exitCode).toBe(1);
	expect(await probes()).toHaveLength(1);
	expect(await harness.rows()).toEqual(messages);
});

test("neither token nor key is anywhere", async () => {
	const kept = JSON.stringify([await harness.callbacks(), await harness.rows()]);
	const log = await readFile(harness.stack.logFile, "utf8");
	for (const secret of [TOKEN, KEY]) expect(kept + log).not.toContain(secret);
});
