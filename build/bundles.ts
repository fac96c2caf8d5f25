import { rm, writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * What a function loads only when it needs it stays a file of its own beside the bundle, so that a
 * cold start does not pay for it. esbuild splits ES modules only, and these are CommonJS.
 */
const chunks: Plugin = {
	name: "chunks",
	setup({ onResolve }) {
		onResolve({ filter: /^\./ }, ({ kind, path }) =>
			kind === "dynamic-import" ? { path: `./${chunkName(path)}.cjs`, external: true } : undefined,
		);
	},
};

function chunkName(path: string): string {
	return basename(path).replace(/\.[jt]s$/, "");
}

/**
 * Bundles each function into a folder of its own under `dist/`: the very files that are packaged and
 * that the local stack runs.
 */
export async function buildBundles(): Promise<void> {
	await rm(new URL("../dist", import.meta.url), { recursive: true, force: true });
	await build({
		absWorkingDir: root,
		entryPoints: {
			"receive/index": "functions/receive.ts",
			"receive/table": "lib/storage/table.ts",
			"receive/explained": "lib/schema/generated/explained.js",
			"store/index": "functions/store.ts",
			"compare/index": "functions/compare.ts",
			"compare/explained": "lib/schema/generated/explained.js",
		},
		outdir: "dist",
		outExtension: { ".js": ".cjs" },
		bundle: true,
		plugins: [chunks],
		platform: "node",
		target: "node24",
		// As ESM, an `import` of node:http evaluates all that it exports, undici too: 15 ms more at start.
		format: "cjs",
		mainFields: ["module", "main"],
		// An `import()` evaluates a built-in module whole as well; as `require` it does not.
		supported: { "dynamic-import": false },
		minify: true,
		logLevel: "warning",
	});
	for (const key of ["receive", "store"])
		await writeFile(new URL(`../dist/${key}/index.mjs`, import.meta.url), ENTRY);
}

/**
 * Lambda takes this file before `index.cjs`, and waits for a module as it does for no CommonJS: the first
 * event comes when the function is ready.
 */
const ENTRY = `import { createRequire } from "node:module";
export const { handler, ready } = createRequire(import.meta.url)("./index.cjs");
await ready;
`;
