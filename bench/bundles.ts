import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildBundles } from "../build/bundles.ts";
import { correctedSchema } from "../build/corrected-schema.ts";
import { buildValidators } from "../build/validators.ts";

await buildValidators();
await buildBundles();

const generated = new URL("usual/generated/", import.meta.url);
await mkdir(generated, { recursive: true });
await writeFile(
	new URL("message.schema.json", generated),
	JSON.stringify(correctedSchema(), null, "\t"),
);
await build({
	absWorkingDir: fileURLToPath(new URL(".", import.meta.url)),
	entryPoints: ["empty", "parse", "floor", "middy", "parser", "hono", "fastify"].map((name) => ({
		in: `usual/${name}.ts`,
		out: `${name}/index`,
	})),
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
});
