import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import getPort from "get-port";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { readTable } from "../../lib/archive/reader.ts";
import { allCorrections } from "../../lib/schema/corrected-schema.ts";
import { callbackBody } from "../callbacks.ts";

const CHAT = "65f0a1b2c3d4e5f60718293a";
const DEADLINE = { timeout: 30_000, interval: 100 };

let directory: string;
let environment: Record<string, string>;
let port: number;

beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "start-"));
	port = await getPort({ host: "127.0.0.1" });
	environment = { PORT: String(port), LOCAL_DIR: directory };
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const node = (file: string, ...options: string[]) =>
	execa("node", [file, ...options], { env: environment, reject: false, all: true });

const messages = (...options: string[]) => command("cli/messages.ts", ...options);

const command = async (file: string, ...options: string[]): Promise<string[]> => {
	const { all, exitCode } = await node(file, ...options);
	expect(exitCode, all).toBe(0);
	return all.split("\n").filter((line) => line !== "");
};

async function start(...options: string[]) {
	const child = node("local/start.ts", ...options);
	let printed = "";
	child.all.on("data", (text: string) => {
		printed += text;
	});
	await vi.waitFor(() => expect(printed).toContain(`http://127.0.0.1:${port}/message`), DEADLINE);
	return {
		async stop() {
			child.kill("SIGINT");
			expect((await child).exitCode).toBe(0);
		},
	};
}

async function post(name: string): Promise<void> {
	const body = callbackBody(name);
	const response = await fetch(`http://127.0.0.1:${port}/message`, { method: "POST", body });
	expect(response.status).toBe(200);
}

test("a newcomer's way: start, post, read, stop, start again, start afresh", async () => {
	const first = await start();
	for (const n of ["1-no-media", "3-artwork", "2-thumb"]) await post(`t06-image-push${n}`);
	await post("t07-text-2025-private");
	await post("b-lone-surrogate");
	const lines = await vi.waitFor(async () => {
		const shown = await messages("--chat", CHAT);
		expect(shown).toHaveLength(3);
		expect(shown[2]).toContain("3 revisions");
		return shown;
	}, DEADLINE);
	expect(lines[0]).toMatch(
		/^2026-01-01T00:00:02\.000Z {2}示例客户甲 {2}文字 {2}你好，请问今天几点开门？ {2}corrected$/,
	);
	expect(lines[2]).toMatch(/图片 {2}https:\/\/media\.example\.invalid\/i-orig\.jpg/);

	expect(await messages("--chat", CHAT, "--revisions")).toHaveLength(5);
	expect(await messages("--chat", CHAT, "--limit", "1")).toEqual([lines[2]]);
	expect(await messages("--contact", "7881300000000001")).toEqual(lines);
	expect(await messages("--message", "0c0d0c0d0c0d0c0d0c0d0c0d0c0d0c0d")).toEqual([lines[2]]);
	expect(await messages("--room", "none")).toEqual([]);
	expect(await messages("--review")).toEqual([]);
	expect(await messages("--chat", CHAT, "--until", "2026-01-01T00:01:00Z")).toEqual([lines[0]]);
	expect(await messages("--chat", CHAT, "--since", "2026-01-01T08:01:00+08:00")).toEqual(
		lines.slice(1),
	);
	const [json = ""] = await messages("--chat", CHAT, "--json", "--limit", "1");
	const body = callbackBody("t06-image-push3-artwork").replace("9f1e2d3c4b5a69788796a5b4", "");
	expect(JSON.parse(json)).toMatchObject({ chatId: CHAT, type: 6, isSelf: false, message: body });
	const explained = await messages("--chat", CHAT, "--explain", "--until", "2026-01-01T00:01:00Z");
	expect(explained.slice(1).map((line) => line.trim().slice(0, 3))).toEqual(["T03", "K06", "T01"]);
	await first.stop();

	const stopped = await node("cli/messages.ts", "--chat", CHAT);
	expect(stopped.exitCode).toBe(1);
	expect(stopped.all).toContain("npm start");
	await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();

	const second = await start();
	expect(await messages("--chat", CHAT)).toEqual(lines);
	await second.stop();
	const third = await start("--fresh");
	expect(await messages()).toEqual([]);
	await third.stop();
});

test("what is unrecognized is listed by violation, and judged again when the schemas have changed", async () => {
	const stack = await start();
	for (const name of ["t15-call", "t42-future-type", "x-minimal-simulator"]) await post(name);
	await vi.waitFor(async () => expect(await messages("--review")).toHaveLength(3), DEADLINE);
	const listed = (await command("cli/review.ts")).join("\n");
	expect(listed).toContain("1 x /data/type 42 has no known payload");
	expect(listed).toContain('"type":42');
	expect(listed).not.toContain("示例客户甲");
	expect((await command("cli/review.ts", "--show")).join("\n")).toContain("示例客户甲");
	expect(await command("cli/review.ts", "--revalidate")).toEqual(["3 judged again, 0 changed"]);

	const { tableName, environment: settings } = JSON.parse(
		await readFile(join(directory, "stack.json"), "utf8"),
	);
	Object.assign(process.env, settings);
	const reader = readTable(tableName);
	await post("t07-text-2025-private");
	const row = await vi.waitFor(async () => {
		const [found] = await messages("--chat", CHAT, "--json", "--until", "2026-01-01T00:00:05Z");
		return JSON.parse(found ?? "");
	}, DEADLINE);
	await reader.updateVerdict(row, {
		conformance: "unrecognized",
		violations: ["/old"],
		review: "0",
	});
	expect(await command("cli/review.ts", "--revalidate")).toEqual(["4 judged again, 1 changed"]);
	const [again = ""] = await messages("--chat", CHAT, "--json", "--until", "2026-01-01T00:00:05Z");
	expect(JSON.parse(again)).toEqual(row);
	await stack.stop();
});

test("the corrections as a table", async () => {
	const lines = await command("cli/schema.ts", "--diff");
	for (const { id } of allCorrections())
		expect(lines.some((line) => line.includes(` ${id} `))).toBe(true);
});

test("a taken port is told in words", async () => {
	const other = createServer().listen(port, "127.0.0.1");
	const { exitCode, all } = await node("local/start.ts");
	expect(exitCode).toBe(1);
	expect(all).toContain(`port ${port} is taken`);
	other.close();
});

test.each([
	[["--chat", "a", "--room", "b"], "one of --chat"],
	[["--since", "yesterday"], "--since"],
	[["--limit", "0"], "--limit"],
	[["--colour"], "--colour"],
])("messages %j is told in words", async (options, words) => {
	const { exitCode, all } = await node("cli/messages.ts", ...options);
	expect(exitCode).toBe(1);
	expect(all).toContain(words);
	expect(all).not.toContain("    at ");
});

test("the functions' log is where the start says", async () => {
	expect(await readFile(join(directory, "functions.log"), "utf8")).toContain("Offline");
});
