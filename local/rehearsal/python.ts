import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { projectRoot } from "../definitions.ts";

/** Only the rehearsal needs Python; what it installs is here, and nowhere else. */
const rehearsalDirectory = join(projectRoot, ".rehearsal");

/** What the engine wrote last. */
export const engineLog = join(rehearsalDirectory, "engine.log");

/** The engine and all that it needs, each with the hashes of its files. */
const requirements = fileURLToPath(new URL("requirements.txt", import.meta.url));

const OLDEST = [3, 10] as const;

/** A Python in which the engine is installed, or what this machine lacks for it, in words. */
export type Python =
	| { readonly python: string; readonly lacks?: never }
	| { readonly python?: never; readonly lacks: string };

/**
 * Installs the engine into a virtual environment of its own, when it is not there already.
 *
 * @throws Error when what is installed is not what is wanted, or cannot be had.
 */
export async function readyPython(): Promise<Python> {
	const lacks = await lackOf();
	if (lacks !== undefined) return { lacks };
	const wanted = createHash("sha256")
		.update(await readFile(requirements))
		.digest("hex");
	const environment = join(rehearsalDirectory, "venv");
	const mark = join(environment, "installed");
	const python = join(environment, "bin", "python");
	if ((await readFile(mark, "utf8").catch(() => "")) === wanted) return { python };
	await rm(environment, { recursive: true, force: true });
	await mkdir(rehearsalDirectory, { recursive: true });
	const made = await execa("python3", ["-m", "venv", environment], { reject: false, all: true });
	if (made.failed) return { lacks: `python3 makes no virtual environment: ${made.all}` };
	const installed = await execa(python, [...PIP, requirements], {
		reject: false,
		all: true,
		env: { PIP_DISABLE_PIP_VERSION_CHECK: "1" },
	});
	if (installed.failed) throw new Error(`pip does not install the engine: ${installed.all}`);
	await writeFile(mark, wanted);
	return { python };
}

const PIP = "-m pip install --quiet --require-hashes --only-binary=:all: -r".split(" ");

async function lackOf(): Promise<string | undefined> {
	const oldest = OLDEST.join(".");
	const ask = (code: string) => execa("python3", ["-c", code], { reject: false });
	const version = await ask("import sys; print(*sys.version_info[:2])");
	if (version.failed) return `python3 is missing; ${oldest} or newer is needed`;
	const [major = 0, minor = 0] = version.stdout.split(" ").map(Number);
	if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
		return `python3 is ${major}.${minor}; ${oldest} or newer is needed`;
	}
	if ((await ask("import venv, ensurepip")).failed) {
		return "python3 has no venv and ensurepip; Debian has them in python3-venv";
	}
	return undefined;
}
