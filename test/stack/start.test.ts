import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import getPort from "get-port";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { readTable } from "../../lib/archive/reader.ts";
import { sampleBody } from "../../samples/samples.ts";

const CHAT = "65f0a1b2c3d4e5f60718293a";
const DEADLINE = { timeout: 30_000, interval: 100 };

let directory: string;
let environment: Record<string, string>;
let port: number;
const running: { kill(signal: NodeJS.Signals): boolean }[] = [];

beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "start-"));
	port = await getPort({ host: "127.0.0.1" });
	environment = { PORT: String(port), LOCAL_DIR: directory };
});
/** A test that failed leaves none behind for the next. */
afterEach(() => {
	for (const child of running.splice(0)) child.kill("SIGKILL");
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const node = (file: string, ...options: string[]) =>
	execa("node", [file, ...options], { env: environment, reject: false, all: true });

/** The same with other settings. */
const nodeWith = (env: Record<string, string>, file: string, ...options: string[]) =>
	execa("node", [file, ...options], { env: { ...environment, ...env }, reject: false, all: true });

const messages = (...options: string[]) => command("cli/messages.ts", ...options);

const command = async (file: string, ...options: string[]): Promise<string[]> => {
	const { all, stdout, exitCode } = await node(file, ...options);
	expect(exitCode, all).toBe(0);
	return stdout.split("\n").filter((line) => line !== "");
};

async function start(...options: string[]) {
	const child = node("cli/start.ts", ...options);
	running.push(child);
	let printed = "";
	child.all.on("data", (text: string) => {
		printed += text;
	});
	await vi.waitFor(() => expect(printed).toContain("Ctrl-C"), DEADLINE);
	return {
		printed,
		async crash() {
			child.kill("SIGKILL");
			await child;
		},
		async stop() {
			child.kill("SIGINT");
			expect((await child).exitCode).toBe(0);
		},
	};
}

async function post(name: string): Promise<void> {
	const body = sampleBody(name);
	const response = await fetch(`http://127.0.0.1:${port}/message`, { method: "POST", body });
	expect(response.status).toBe(200);
}

// Some thirty commands, one after the other.
test("a newcomer's way: start, post, read, stop, start again, start afresh", {
	timeout: 120_000,
}, async () => {
	const first = await start();
	for (const n of ["1-no-media", "3-artwork", "2-thumb"]) await post(`t06-image-push${n}`);
	await post("t07-text-2025-private");
	await post("b-lone-surrogate");
	expect(await readFile(join(directory, "functions.log"), "utf8")).toContain("Offline");
	const lines = await vi.waitFor(async () => {
		const shown = await messages("--chat", CHAT);
		expect(shown).toHaveLength(3);
		expect(shown[2]).toContain("3 revisions");
		return shown;
	}, DEADLINE);
	expect(lines[0]).toMatch(
		/^2026-01-01 00:00:02\.000 UTC {2}\w{8} {2}示例客户甲 {2}Text {2}你好，请问今天几点开门？ {2}corrected$/,
	);
	expect(lines[2]).toMatch(/Image {2}https:\/\/media\.example\.invalid\/i-orig\.jpg/);

	expect(await messages("--chat", CHAT, "--revisions")).toHaveLength(5);
	expect(await messages("--chat", CHAT, "--limit", "1")).toEqual([lines[2]]);
	expect(await messages("--contact", "7881300000000001")).toEqual(lines);
	expect(await messages("--message", "0c0d0c0d0c0d0c0d0c0d0c0d0c0d0c0d")).toEqual([lines[2]]);
	expect(await messages("--message", "0c0d0c0d")).toEqual([lines[2]]);
	expect(await messages("--since", "2026-01-01 00:01:00.000 UTC")).toEqual(lines.slice(1));
	expect(await messages("--room", "none")).toEqual([]);
	expect((await node("cli/messages.ts", "--room", "none")).stderr).toContain("nothing matches");
	expect(await messages("--review")).toEqual([]);
	expect(await messages("--chat", CHAT, "--until", "2026-01-01T00:01:00Z")).toEqual([lines[0]]);
	expect(await messages("--chat", CHAT, "--since", "2026-01-01T08:01:00+08:00")).toEqual(
		lines.slice(1),
	);
	const [json = ""] = await messages("--chat", CHAT, "--json", "--limit", "1");
	const body = sampleBody("t06-image-push3-artwork").replace("9f1e2d3c4b5a69788796a5b4", "");
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
	for (const options of [[], ["--fresh"]]) {
		const other = { PORT: String(await getPort({ host: "127.0.0.1" })) };
		const third = await nodeWith(other, "cli/start.ts", ...options);
		expect(third).toMatchObject({ exitCode: 1, stdout: "" });
		expect(third.stderr).toMatch(/^npm start: a stack is running in [^\n]* already;[^\n]*$/);
	}
	expect(await messages("--chat", CHAT)).toEqual(lines);
	const log = await readFile(join(directory, "functions.log"), "utf8");
	const lambda = log.match(/(?<=lambda\] listening on )\S+/g)?.at(-1) ?? "";
	expect((await fetch(lambda)).status).toBe(404);
	await second.crash();
	await vi.waitFor(() => expect(fetch(lambda)).rejects.toThrow("fetch failed"), DEADLINE);
	const crashed = await node("cli/dead-letters.ts");
	expect(crashed).toMatchObject({ exitCode: 1 });
	expect(crashed.stderr).toBe(
		"dead-letters: the local stack does not run; start it with: npm start",
	);
	const third = await start("--fresh");
	expect(await messages()).toEqual([]);
	expect((await node("cli/messages.ts")).stderr).toContain("none yet");
	await third.stop();
});

test("what is unrecognized is listed by violation, and judged again when the schemas have changed", async () => {
	const stack = await start();
	for (const name of ["t15-call", "t42-future-type", "x-minimal-simulator"]) await post(name);
	await vi.waitFor(async () => expect(await messages("--review")).toHaveLength(3), DEADLINE);
	const listed = (await command("cli/review.ts")).join("\n");
	expect(listed).toContain("1 x type 42 is not a known one");
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

test("what the start prints works as printed, and tells no token", async () => {
	const tokens = "9f1e2d3c4b5a69788796a5b4,0a1b2c3d4e5f60718293a4b5";
	for (const [secrets, env] of [
		["", { CALLBACK_TOKENS: "" }],
		[tokens, { CALLBACK_TOKENS: tokens }],
	] as const) {
		environment.CALLBACK_TOKENS = secrets;
		const stack = await start("--fresh");
		environment.CALLBACK_TOKENS = "";
		const line = (name: string): string =>
			new RegExp(`^${name} +(.*)$`, "m").exec(stack.printed)?.[1] ?? "";
		expect(stack.printed).not.toContain("9f1e2d3c");
		const tried = await execa("sh", ["-c", line("Try")], { env });
		expect(JSON.parse(tried.stdout)).toMatchObject({ errcode: 0 });
		await vi.waitFor(async () => {
			const { stdout } = await execa("sh", ["-c", line("Look")], { env: { LOCAL_DIR: "" } });
			expect(stdout).toMatch(/ {2}m-1 {2}林小满 {2}Text {2}你好 {2}corrected$/);
		}, DEADLINE);
		await stack.stop();
	}
});

test("a taken port is told in words, and deletes nothing", async () => {
	const kept = join(directory, "functions.log");
	await writeFile(kept, "of an earlier run");
	const other = createServer().listen(port, "127.0.0.1");
	const { exitCode, all } = await node("cli/start.ts", "--fresh");
	expect(exitCode).toBe(1);
	expect(all).toContain(`port ${port} is taken`);
	expect(await readFile(kept, "utf8")).toBe("of an earlier run");
	other.close();
});
