import { globSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join, matchesGlob, relative } from "node:path";
import { Stryker } from "@stryker-mutator/core";
import { execa } from "execa";
import { countOf, runCommand } from "../../cli/command.ts";
import { projectRoot } from "../../local/definitions.ts";
import { tried } from "./plugin.ts";
import { rooms } from "./rooms.ts";
import survivorsFile from "./survivors.json" with { type: "json" };

const USAGE = `npm run mutants -- [--only GLOB] [--changed BASE] [--seconds N]

Changes lib/ and functions/ in one place after another, and asks the tests of its room whether they notice.
  --only GLOB     only these files, such as 'lib/storage/*'
  --changed BASE  only the lines that differ from a commit
  --seconds N     ends after so many, with what was tried until then
Ends with 1 when a change survives that test/mutants/survivors.json does not name, or when fewer than
90 % of a room's are noticed.
`;

/** A changed place of the code, and what the tests said. */
export type Mutant = Awaited<ReturnType<Stryker["runMutationTest"]>>[number];

const LEAST_SCORE = 90;

/** Why each one is left that no test notices: by file, then as {@link nameOf} says it. */
const survivors: Readonly<Record<string, Readonly<Record<string, string>>>> = survivorsFile;

await runCommand({
	name: "mutants",
	usage: USAGE,
	options: {
		only: { type: "string", default: "**" },
		changed: { type: "string" },
		seconds: { type: "string" },
	},
	async run({ only, changed, seconds }) {
		if (seconds !== undefined) endAfter(countOf("seconds", seconds));
		const lines = changed === undefined ? undefined : await changedLines(changed);
		const whole: string[] = [];
		for (const [room, { code }] of Object.entries(rooms)) {
			const files = globSync(code, { cwd: projectRoot }).filter((file) => matchesGlob(file, only));
			const parts = lines?.filter(({ file }) => files.includes(file)) ?? [];
			const mutate = lines ? parts.map(({ file, from, to }) => `${file}:${from}-${to}`) : files;
			if (mutate.length > 0) await tryRoom(room, mutate);
			if (lines === undefined) whole.push(...files);
		}
		await judge(whole);
	},
});

/** @param mutate files, or parts of them. */
async function tryRoom(name: string, mutate: readonly string[]): Promise<void> {
	const before = tried.length;
	const start = Date.now();
	process.env.MUTANTS_ROOM = name;
	await new Stryker({
		configFile: "test/mutants/stryker.json",
		mutate: [...mutate],
	}).runMutationTest();
	const { words, percent } = scoreOf(tried.slice(before));
	console.log(`${name}: ${words}, ${Math.round((Date.now() - start) / 1_000)} s`);
	if (percent < (rooms[name]?.leastScore ?? LEAST_SCORE)) process.exitCode = 1;
}

function scoreOf(some: readonly Mutant[]) {
	const noticed = some.filter(isNoticed).length;
	const counted = noticed + some.filter(isSurvivor).length;
	const percent = counted === 0 ? 100 : Math.floor((1_000 * noticed) / counted) / 10;
	return { words: `${noticed} of ${counted} noticed, ${percent} %`, percent };
}

/** Red is red, also when the tests did not come to begin or to an end. */
function isNoticed({ status }: Mutant): boolean {
	return status === "Killed" || status === "Timeout" || status === "RuntimeError";
}

function isSurvivor({ status }: Mutant): boolean {
	return status === "Survived" || status === "NoCoverage";
}

/**
 * Compares what survived with what may.
 *
 * @param whole the files of which every place was tried: what is named of these has to be there.
 */
async function judge(whole: readonly string[]): Promise<void> {
	const found = new Map<string, Set<string>>();
	let isWell = true;
	// What only makes the code slower survives, or takes too long, as the machine goes.
	for (const mutant of tried.filter((one) => isSurvivor(one) || one.status === "Timeout")) {
		const file = relative(projectRoot, mutant.fileName);
		const name = nameOf(mutant, await readFile(mutant.fileName, "utf8"));
		found.set(file, (found.get(file) ?? new Set()).add(name));
		if (survivors[file]?.[name] !== undefined || !isSurvivor(mutant)) continue;
		isWell = false;
		console.log(`not noticed: ${file}:${mutant.location.start.line} ${name}`);
	}
	for (const [file, names] of Object.entries(survivors)) {
		if (!whole.includes(file)) continue;
		for (const name of Object.keys(names)) {
			if (found.get(file)?.has(name)) continue;
			isWell = false;
			console.log(`noticed, or gone, but named in survivors.json: ${file} ${name}`);
		}
	}
	if (!isWell) process.exitCode = 1;
}

/** A mutant's name outlives lines that come and go above it. */
function nameOf({ location: { start, end }, replacement = "" }: Mutant, source: string): string {
	const lines = source.split("\n");
	const before = (lines[start.line - 1] ?? "").slice(0, start.column - 1);
	const after = (lines[end.line - 1] ?? "").slice(end.column - 1);
	const changed = `${before}«${replacement}»${after}`;
	return changed.replace(/\s+/g, " ").trim().slice(0, 160);
}

/** The lines of the code that a commit does not have. */
async function changedLines(base: string) {
	const options = [
		"diff",
		"--unified=0",
		"--no-color",
		"--diff-filter=d",
		base,
		"--",
		"lib",
		"functions",
	];
	const { stdout } = await execa("git", options, { cwd: projectRoot });
	let file = "";
	return stdout.split("\n").flatMap((line) => {
		if (line.startsWith("+++ b/")) file = line.slice("+++ b/".length);
		const [, from, count = "1"] = /^@@ \S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? [];
		if (from === undefined || count === "0") return [];
		return [{ file, from: Number(from), to: Number(from) + Number(count) - 1 }];
	});
}

/** CI has no time for all of a large change; what was tried is judged all the same. */
function endAfter(seconds: number): void {
	setTimeout(async () => {
		console.log(`${seconds} s are over, not all was tried: ${scoreOf(tried).words}`);
		await judge([]);
		// Stryker's own processes end when this one does.
		await rm(join(projectRoot, ".stryker-tmp"), {
			...{ recursive: true, force: true, maxRetries: 5 },
		}).catch(() => undefined);
		process.exit();
	}, seconds * 1_000).unref();
}
