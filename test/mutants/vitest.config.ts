import { defineConfig } from "vitest/config";
import { rooms } from "./rooms.ts";

// The tests of one room, in this one process: what is built from the code does not change with it.
const { tests } = rooms[process.env.MUTANTS_ROOM ?? ""] ?? { tests: [] };

export default defineConfig({
	test: {
		include: tests.map((path) => (path.endsWith(".ts") ? path : `${path}/**/*.test.ts`)),
		setupFiles: "test/seed.ts",
		env: { DYNAMODB: "dynalite", TIMES: "0.2" },
		silent: true,
		testTimeout: 30_000,
		hookTimeout: 30_000,
	},
});
