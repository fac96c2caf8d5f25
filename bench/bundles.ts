import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { buildBundles } from "../build/bundles.ts";
import { buildValidators } from "../build/validators.ts";
import { correctedSchema } from "../lib/schema/corrected-schema.ts";

await buildValidators();
await buildBundles();

const generated = new URL("usual/generated/", import.meta.url);
await mkdir(generated, { recursive: true });
await writeFile(
	new URL("message.schema.json", generated),
	JSON.stringify(correctedSchema(), null, "\t"),
);
const usual: BuildOptions = {
	absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
	outdir: "dist",
	outExtension: { ".js": ".cjs" },
	bundle: true,
	platform: "node",
	target: "node24",
	format: "cjs",
	mainFields: ["module", "main"],
	minify: true,
	keepNames: true,
	logLevel: "warning",
};
await build({
	...usual,
	entryPoints: [
		...["empty", "parse", "floor", "middy", "parser", "hono", "fastify"],
		...["floor-store", "batch"],
	].map((name) => ({ in: `usual/${name}.ts`, out: `${name}/index` })),
});
await build({
	...usual,
	entryPoints: [{ in: "../functions/receive.ts", out: "sdk/index" }],
	plugins: [
		{
			name: "the SDK's client",
			setup({ onResolve }) {
				onResolve({ filter: /\/queue\.ts$/ }, () => ({
					path: fileURLToPath(new URL("usual/sdk-queue.ts", import.meta.url)),
				}));
				// Loaded when the queue does not take a message.
				onResolve({ filter: /^\./ }, ({ kind, path }) =>
					kind === "dynamic-import" ? { path, external: true } : undefined,
				);
			},
		},
	],
});
