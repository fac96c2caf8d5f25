import { defineConfig } from "vitest/config";
import { chromiumPath } from "./build/chromium.ts";
import { hasJava } from "./local/table-emulator.ts";

const withJava = hasJava();
if (!withJava) {
	console.warn(
		"Java is missing: the stack is tested on dynalite only, not on Amazon's DynamoDB Local",
	);
}

const withChromium = chromiumPath() !== undefined;
if (!withChromium) {
	console.warn("Chromium is missing: the console is not tested in a browser");
}

/** What these show does not depend on the table. */
const ON_ONE_ENGINE = ["secrets", "gateway"].map((name) => `test/stack/${name}.test.ts`);

const stack = (engine: string, exclude: readonly string[] = []) => ({
	test: {
		name: engine,
		include: ["test/stack/**/*.test.ts"],
		exclude: [...exclude],
		env: { DYNAMODB: engine },
		setupFiles: "test/seed.ts",
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});

export default defineConfig({
	test: {
		// Most of the time is spent waiting for emulators, not computing.
		maxWorkers: 2,
		// The functions and the event source tell of the failures that tests make.
		silent: "passed-only",
		projects: [
			{ test: { name: "unit", include: ["test/unit/**/*.test.ts"], setupFiles: "test/seed.ts" } },
			{ test: { name: "package", include: ["test/package/**/*.test.ts"], testTimeout: 30_000 } },
			stack("dynalite"),
			...(withJava ? [stack("amazon", ON_ONE_ENGINE)] : []),
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
