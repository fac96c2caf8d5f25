import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { chromiumPath } from "./build/chromium.ts";
import { hasJava } from "./local/table-emulator.ts";
import { SEED } from "./test/seed.ts";

const withJava = hasJava();
if (!withJava) {
	console.warn(
		"A JDK is missing: the table is tested on dynalite only, not on Amazon's DynamoDB Local",
	);
}

const withChromium = chromiumPath() !== undefined;
if (!withChromium) {
	console.warn("Chromium is missing: the console is not tested in a browser");
}

console.warn(`Everything random is of the seed ${SEED}`);

// A run starts Node some hundred times, mostly with the same code: compiled once, that is a quarter of
// the work less.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
	new URL("node_modules/.cache/node-compile", import.meta.url),
);

const WAITING = { setupFiles: "test/seed.ts", testTimeout: 60_000, hookTimeout: 60_000 };

/** What a table does is tested on each engine, what the stack does with it on one. */
const table = (engine: string, exclude: string[] = []) => ({
	test: {
		name: engine,
		include: ["test/table/**/*.test.ts"],
		exclude,
		env: { DYNAMODB: engine },
		...WAITING,
	},
});

export default defineConfig({
	test: {
		// Most of the time is spent waiting for emulators, not computing.
		maxWorkers: 3,
		// The functions and the event source tell of the failures that tests make.
		silent: "passed-only",
		projects: [
			{
				test: {
					name: "unit",
					include: ["test/unit/**/*.test.ts"],
					setupFiles: "test/seed.ts",
					// A property of thousands of runs takes long on a machine that does other things, too.
					testTimeout: 30_000,
				},
			},
			{
				test: {
					name: "package",
					include: ["test/package/**/*.test.ts"],
					setupFiles: "test/seed.ts",
					testTimeout: 30_000,
				},
			},
			{ test: { name: "stack", include: ["test/stack/**/*.test.ts"], ...WAITING } },
			// The ledger runs on the one that is nearer to AWS.
			table("dynalite", withJava ? ["test/table/ledger.test.ts"] : []),
			...(withJava ? [table("amazon")] : []),
			...(withChromium
				? [
						{
							test: {
								name: "browser",
								include: ["test/browser/**/*.test.ts"],
								testTimeout: 60_000,
								hookTimeout: 60_000,
							},
						},
					]
				: []),
		],
	},
});
