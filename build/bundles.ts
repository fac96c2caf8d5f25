import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Bundles each function into a folder of its own under `dist/`: the very files that are packaged and
 * that the local stack runs.
 */
export async function buildBundles(): Promise<void> {
	await rm(new URL("../dist", import.meta.url), {
		recursive: true,
		force: true,
	});
	const shared = { absWorkingDir: root, outdir: "dist", minify: true, target: "node24" } as const;
	await build({
		...shared,
		entryPoints: {
			"receive/index": "functions/receive.ts",
			"store/index": "functions/store.ts",
		},
		outExtension: { ".js": ".cjs" },
		bundle: true,
		external: [`./${EXPLAINED}`],
		platform: "node",
		// As ESM, an `import` of node:http evaluates all that it exports, undici too: 15 ms more at start.
		format: "cjs",
		mainFields: ["module", "main"],
		keepNames: true,
		logLevel: "warning",
	});
	await build({
		...shared,
		entryPoints: { "receive/schema/generated/explained": `lib/${EXPLAINED}` },
		outExtension: { ".js": ".mjs" },
	});
}

/** Loaded by receive only when a message is unrecognized, so it stays a file of its own. */
const EXPLAINED = "schema/generated/explained.mjs";
