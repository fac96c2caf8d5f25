import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdir, realpath, rm } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { failure } from "../lib/words/failure.ts";

/**
 * Takes a directory for this process. The lock is a socket that the process listens on: however it
 * ends, nobody answers there any more, whoever else gets its id.
 *
 * @returns how to let it go.
 * @throws Error in words for a person when another process has it.
 */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
	await mkdir(directory, { recursive: true });
	const path = await socketOf(directory);
	const server = await listen(path).catch(async () => {
		if (await isLocked(directory)) {
			throw failure(({ local }) => local.runsAlready(directory));
		}
		await rm(path, { force: true });
		return listen(path);
	});
	return async () => {
		server.close();
		await once(server, "close");
	};
}

/** Whether a running process has a directory. */
export async function isLocked(directory: string): Promise<boolean> {
	try {
		const socket = connect(await socketOf(directory));
		await once(socket, "connect");
		socket.destroy();
		return true;
	} catch {
		return false;
	}
}

async function listen(path: string): Promise<Server> {
	const server = createServer((socket) => socket.destroy());
	server.listen(path);
	await once(server, "listening");
	return server.unref();
}

/** Not in the directory itself: a socket's path may have some 100 bytes. */
async function socketOf(directory: string): Promise<string> {
	const name = createHash("sha256")
		.update(await realpath(directory))
		.digest("hex")
		.slice(0, 16);
	const base = process.platform === "win32" ? "\\\\.\\pipe" : tmpdir();
	return join(base, `miaohui-receiver-${name}.sock`);
}
