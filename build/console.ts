import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const page = new URL("../console/page/", import.meta.url);
const target = new URL("../dist/console/", import.meta.url);

/** Bundles the page of the local console into `dist/console/`, which no function is packaged with. */
export async function buildConsole(): Promise<void> {
	await build({
		absWorkingDir: fileURLToPath(page),
		entryPoints: [
			{ in: "main.tsx", out: "page" },
			{ in: "page.css", out: "page" },
		],
		outdir: fileURLToPath(target),
		bundle: true,
		platform: "browser",
		target: "es2024",
		format: "esm",
		minify: true,
		logLevel: "warning",
	});
	await copyFile(new URL("index.html", page), new URL("index.html", target));
}
