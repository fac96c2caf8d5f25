import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { projectRoot } from "../../../local/definitions.ts";
import { rehearse, type Step } from "../../../local/rehearsal/rehearsal.ts";
import type { RehearsedStage } from "../../../local/rehearsal/stage.ts";

const shows: Step = { title: "a", run: async () => ({ shown: "it works", notShown: "the rest" }) };
const fails: Step = { title: "b", run: () => Promise.reject(new Error("lost")) };

async function linesOf(...steps: Step[]): Promise<[failed: number, lines: string[]]> {
	const lines: string[] = [];
	const stage: Partial<RehearsedStage> = {};
	const failed = await rehearse(stage as RehearsedStage, steps, (line) => lines.push(line));
	return [failed, lines.map((line) => line.replaceAll(/\d+\.\d s/g, "N s"))];
}

test("each step has its line, a failed one too, and what it cannot show beneath it", async () => {
	expect(await linesOf(shows, fails)).toEqual([
		1,
		["✓ a: it works (N s)", "  not shown: the rest", "✗ b: lost", "1 of 2 steps in N s"],
	]);
});

test("without its ground nothing else is tried, and all of it has failed", async () => {
	expect(await linesOf({ ...fails, isGround: true }, shows, shows)).toEqual([
		3,
		["✗ b: lost", "0 of 3 steps in N s"],
	]);
});

test("every command that takes a stage is rehearsed", async () => {
	const read = async (directory: string): Promise<Map<string, string>> => {
		const files = await readdir(join(projectRoot, directory));
		const texts = files.map((file) => readFile(join(projectRoot, directory, file), "utf8"));
		return new Map((await Promise.all(texts)).map((text, n) => [files[n] ?? "", text]));
	};
	const commands = [...(await read("cli"))]
		.filter(([, text]) => text.includes("await enterStage("))
		.map(([file]) => file.replace(".ts", ""));
	expect(commands.length).toBeGreaterThan(3);
	const steps = [...(await read("local/rehearsal/steps")).values()].join("");
	expect(commands.filter((name) => !steps.includes(`"${name}"`))).toEqual([]);
});

test.each([
	["no python3", undefined, "python3 is missing; 3.10 or newer is needed"],
	["an old one", "echo 3 9", "python3 is 3.9; 3.10 or newer is needed"],
	[
		"no venv",
		'case "$2" in *version*) echo 3 12;; *) exit 1;; esac',
		"Debian has them in python3-venv",
	],
])("%s: it says what is lacking, and ends with 2", async (_, script, words) => {
	const PATH = await mkdtemp(join(tmpdir(), "python-"));
	if (script !== undefined) {
		await writeFile(join(PATH, "python3"), `#!/bin/sh\n${script}\n`);
		await chmod(join(PATH, "python3"), 0o755);
	}
	const command = [join(projectRoot, "cli/rehearse.ts")];
	const { exitCode, stderr } = await execa(process.execPath, command, {
		env: { PATH },
		reject: false,
	});
	await rm(PATH, { recursive: true });
	expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`not rehearsed: `)]);
	expect(stderr).toContain(words);
});
