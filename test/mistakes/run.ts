import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { runCommand, wrongUse } from "../../cli/command.ts";
import { projectRoot } from "../../local/definitions.ts";
import { type Mistake, mistakes } from "./mistakes.ts";
import { withMistake } from "./place.ts";

const USAGE = `npm run mistakes -- [--only WORDS]

Makes each mistake of test/mistakes/mistakes.ts in a copy of this tree, and demands that the tests which
it names turn red.
  --only WORDS  those whose file, test or harm has these words
Ends with 1 when a mistake is not noticed.
`;

await runCommand({
	name: "mistakes",
	usage: USAGE,
	options: { only: { type: "string", default: "" } },
	async run({ only }) {
		const chosen = mistakes.filter((one) => `${one.file} ${one.test} ${one.harm}`.includes(only));
		if (chosen.length === 0) throw wrongUse(`no mistake has the words "${only}"`);
		const copy = await copyTree();
		try {
			// What is red anyway shows nothing.
			const files = new Set(chosen.map(({ test: [file] }) => file));
			const { failed, words } = await runTests(copy, [...files]);
			if (failed > 0) throw new Error(`without any mistake ${failed} tests fail: ${words}`);
			let unnoticed = 0;
			for (const mistake of chosen) {
				const start = Date.now();
				const noticed = await isNoticed(copy, mistake);
				if (!noticed) unnoticed++;
				const took = `${Math.round((Date.now() - start) / 1_000)} s`;
				console.log(
					`${noticed ? "red" : "NOT NOTICED"}  ${took}  ${mistake.file}: ${mistake.harm}`,
				);
			}
			console.log(`${chosen.length - unnoticed} of ${chosen.length} mistakes turn their tests red`);
			if (unnoticed > 0) process.exitCode = 1;
		} finally {
			await rm(copy, { recursive: true, force: true });
		}
	},
});

/** The files that git knows, or would take, and what is made of them. */
async function copyTree(): Promise<string> {
	const copy = await mkdtemp(join(tmpdir(), "mistakes-"));
	const { stdout } = await execa(
		"git",
		["ls-files", "--cached", "--others", "--exclude-standard"],
		{
			cwd: projectRoot,
		},
	);
	for (const file of [...stdout.split("\n"), "dist", "lib/schema/generated"]) {
		await cp(join(projectRoot, file), join(copy, file), { recursive: true, force: true });
	}
	await symlink(join(projectRoot, "node_modules"), join(copy, "node_modules"));
	return copy;
}

async function isNoticed(
	copy: string,
	{ test: [file, name], ...mistake }: Mistake,
): Promise<boolean> {
	const path = join(copy, mistake.file);
	const right = await readFile(path, "utf8");
	// These run the bundles.
	const isBuilt = /^(lib|functions)\//.test(mistake.file) && /^test\/(stack|package)/.test(file);
	const build = () => isBuilt && execa("node", ["build/index.ts"], { cwd: copy });
	await writeFile(path, withMistake(right, mistake));
	try {
		await build();
		return (await runTests(copy, [file], name)).failed > 0;
	} finally {
		await writeFile(path, right);
		await build();
	}
}

/** @returns how many tests failed, rather than files that could not be read; and of what the first. */
async function runTests(cwd: string, files: readonly string[], name?: string) {
	const out = join(cwd, "result.json");
	const options = [
		"--reporter=json",
		`--outputFile=${out}`,
		"--bail=1",
		...(name ? ["-t", name] : []),
	];
	await execa("vitest", ["run", ...files, ...options], { cwd, reject: false, preferLocal: true });
	const { numFailedTests, testResults } = JSON.parse(await readFile(out, "utf8"));
	const all: { readonly failureMessages?: readonly string[] }[] = testResults.flatMap(
		(one: { assertionResults: object[] }) => one.assertionResults,
	);
	return {
		failed: Number(numFailedTests),
		words: all.flatMap((one) => one.failureMessages ?? [])[0],
	};
}
