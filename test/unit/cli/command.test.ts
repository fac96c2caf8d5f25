import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { projectRoot } from "../../../local/definitions.ts";

const command = [`${projectRoot}/cli/schema.ts`];

test("an output that takes nothing, as a full disk, is told, and no success", () => {
	// To be read only: each write fails.
	const file = openSync(command[0] ?? "", "r");
	onTestFinished(() => closeSync(file));
	const { status, stderr } = spawnSync(process.execPath, command, {
		...{ stdio: ["ignore", file, "pipe"], encoding: "utf8" },
	});
	expect(stderr).toMatch(/^schema: .*EBADF/);
	expect(status).toBe(1);
});

test("a reader that wants no more, such as head, ends a command without a word", async () => {
	const child = execa(process.execPath, command, { buffer: false, reject: false });
	child.stdout.destroy();
	const { exitCode } = await child;
	expect(exitCode).toBe(0);
});
