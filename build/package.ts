import { copyFile, glob, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { execa } from "execa";

const root = fileURLToPath(new URL("..", import.meta.url));
const target = join(root, "dist/message");
const GENERATED = "schema/generated/message.d.ts";

/** Builds what the package exports: its code without dependencies, as both kinds of module, and types. */
export async function buildPackage(): Promise<void> {
	await rm(target, { recursive: true, force: true });
	await Promise.all([
		writeCode("esm", "package.js"),
		writeCode("cjs", "package.cjs"),
		writeTypes(),
	]);
}

async function writeCode(format: "esm" | "cjs", file: string): Promise<void> {
	await build({
		absWorkingDir: root,
		entryPoints: ["lib/package.ts"],
		outfile: join(target, file),
		format,
		bundle: true,
		platform: "node",
		target: "node20",
		logLevel: "warning",
	});
}

/** A consumer's compiler reads types as of the kind of module that it loads; so they are there twice. */
async function writeTypes(): Promise<void> {
	const directory = await mkdtemp(join(tmpdir(), "types-"));
	await execa("tsc", ["-p", "build/package.tsconfig.json", "--outDir", directory], {
		cwd: root,
		preferLocal: true,
	});
	await mkdir(join(directory, dirname(GENERATED)), { recursive: true });
	await copyFile(join(root, "lib", GENERATED), join(directory, GENERATED));
	for await (const file of glob("**/*.d.ts", { cwd: directory })) {
		const types = await readFile(join(directory, file), "utf8");
		await mkdir(dirname(join(target, file)), { recursive: true });
		for (const [suffix, imported] of [
			[".d.ts", ".js"],
			[".d.cts", ".cjs"],
		] as const) {
			const paths = types.replace(/(?:\.d)?\.ts";$/gm, `${imported}";`);
			await writeFile(join(target, file.replace(/\.d\.ts$/, suffix)), paths);
		}
	}
	await rm(directory, { recursive: true });
}
