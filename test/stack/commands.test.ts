import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import getPort from "get-port";
import { afterAll, beforeAll, expect, test } from "vitest";
import { allCorrections } from "../../lib/schema/corrected-schema.ts";
import { environmentWithoutAws } from "../../local/environment.ts";
import { latinIn } from "../latin.ts";

// What a person is told by a command that does not come to its work.

let directory: string;
let environment: Record<string, string | undefined>;

beforeAll(async () => {
	directory = await mkdtemp(join(tmpdir(), "commands-"));
	const port = String(await getPort({ host: "127.0.0.1" }));
	environment = { ...environmentWithoutAws(), PORT: port, LOCAL_DIR: directory };
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const nodeWith = (env: Record<string, string>, file: string, ...options: string[]) =>
	execa("node", [file, ...options], {
		env: { ...environment, ...env },
		extendEnv: false,
		reject: false,
		all: true,
	});

const node = (file: string, ...options: string[]) => nodeWith({}, file, ...options);

test("the corrections as a table", async () => {
	const { stdout } = await node("cli/schema.ts", "--diff");
	const lines = stdout.split("\n");
	for (const { id } of allCorrections())
		expect(lines.some((line) => line.startsWith(`${id}  `))).toBe(true);
});

test.each([
	[{ ON_UNRECOGNIZED: "foo" }, 'ON_UNRECOGNIZED is "foo"'],
	[{ CALLBACK_TOKENS: "9f1e2d3c4b5a69788796a5b4,short" }, "number 2 of CALLBACK_TOKENS must have"],
	[{ PORT: "http" }, 'PORT is "http"'],
	[{ LOG_LEVEL: "loud" }, 'logLevel is "loud"'],
	[{ DYNAMODB: "oracle" }, 'DYNAMODB is "oracle"'],
])("a start with %j is told in words", async (env, words) => {
	const { exitCode, stdout, stderr } = await nodeWith(env, "cli/start.ts");
	expect([exitCode, stdout]).toEqual([1, ""]);
	expect(stderr).toContain(words);
	expect(stderr.split("\n")).toHaveLength(1);
});

const COMMANDS = readdirSync(new URL("../../cli", import.meta.url))
	.filter((file) => /await runCommand\(/.test(readFileSync(`cli/${file}`, "utf8")))
	.map((file) => file.replace(".ts", ""));

test.each(COMMANDS)(
	"%s --help is a help, and a wrong option ends with 2 and in one line",
	async (name) => {
		// In Chinese, so that a usage that nobody has translated is seen.
		const help = await node(`cli/${name}.ts`, "--help", "--lang", "zh");
		expect(help).toMatchObject({ exitCode: 0, stderr: "" });
		expect(help.stdout.split("\n").flatMap(latinIn)).toEqual([]);
		expect(help.stdout).toContain("npm ");
		const wrong = await node(`cli/${name}.ts`, "--colour");
		expect(wrong).toMatchObject({ exitCode: 2, stdout: "" });
		expect(wrong.stderr).toMatch(/^[^\n]*--colour[^\n]*\(--help tells more\)$/);
	},
);

test("a Chinese locale is answered in Chinese, with the same exit codes", async () => {
	const zh = { LC_ALL: "zh_CN.UTF-8" };
	const wrong = await nodeWith(zh, "cli/messages.ts", "--colour");
	expect([wrong.exitCode, wrong.stderr]).toEqual([
		2,
		"messages: 没有 --colour 这个选项（用法见 --help）",
	]);
	const stopped = await nodeWith(zh, "cli/messages.ts");
	expect([stopped.exitCode, stopped.stderr]).toEqual([
		1,
		"messages: 本地环境没有运行；请启动：npm start",
	]);
});

test("a deployed stage without a region, or with a profile that is none, is told in words", async () => {
	const nowhere = { AWS_CONFIG_FILE: directory, AWS_SHARED_CREDENTIALS_FILE: directory };
	const stage = ["--stage", "prod"];
	for (const name of ["messages", "review", "dead-letters", "check", "gaps"]) {
		const { exitCode, stderr } = await nodeWith(nowhere, `cli/${name}.ts`, ...stage);
		expect([exitCode, stderr.split("\n")]).toEqual([1, [expect.stringContaining("--region")]]);
		const region = ["--region", "cn-north-1", "--profile", "none"];
		const other = await nodeWith(nowhere, `cli/${name}.ts`, ...stage, ...region);
		expect([other.exitCode, other.stderr]).toEqual([1, expect.stringContaining("--profile")]);
		expect(other.stderr.split("\n")).toHaveLength(1);
	}
});

test.each([
	[["--chat", "a", "--room", "b"], "one of --chat"],
	[["--callback", "all", "--chat", "a"], "--callback goes with"],
	[["--callback", "all", "--revisions"], "--callback goes with"],
	[["--since", "yesterday"], "--since"],
	[["--since=+275760-01-01"], "--since"],
	[["--until", "2026-02-30T25:00"], "--until"],
	[["--limit", "0"], "--limit"],
	[["--limit", "1.5"], "--limit"],
	[["--chat="], "--chat wants an id"],
	[["--region", "cn-north-1"], "add --stage"],
	[["--follow", "--limit", "3"], "--follow goes without"],
	[["a"], '"a" is no option'],
	[["--json=yes"], "--json takes no value"],
	[["--lang", "fr"], "must be en or zh"],
])("messages %j is told in words", async (options, words) => {
	const { exitCode, all } = await node("cli/messages.ts", ...options);
	expect(exitCode).toBe(2);
	expect(all).toContain(words);
	expect(all).not.toContain("    at ");
});

test.each([
	["forward", ["--to", "hook"], "--to wants a URL"],
	["forward", [], "--to wants a URL"],
	// A message is nobody else's.
	["forward", ["--to", "http://example.com/hook"], "--to wants https"],
	["forward", ["--to", "file:///etc/passwd"], "--to wants https"],
	["forward", ["--to", "https://:word@example.com/hook"], "no name or password in it"],
	["export", ["--format", "xlsx"], "--format is json or csv"],
	["export", ["--zone", "Mars"], "--zone"],
	["export", ["--until", "2026-02-30"], "--until"],
	["check", ["--url", "prod"], "--url wants a URL"],
])("%s %j is told in words", async (name, options, words) => {
	const { exitCode, all } = await node(`cli/${name}.ts`, ...options);
	expect([exitCode, all]).toEqual([2, expect.stringContaining(words)]);
});
