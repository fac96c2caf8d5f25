import { readFile, stat } from "node:fs/promises";
import { execa } from "execa";
import { serverlessCommand } from "./definitions.ts";
import { portIsOpen } from "./port.ts";

/** The running functions of a `serverless.yml`. */
export interface Functions {
	stop(): Promise<void>;
	/** Ends them at once, in the middle of whatever they do. */
	kill(): Promise<void>;
}

/**
 * Starts serverless-offline in a process of its own, with worker threads for the functions, for its
 * Lambda endpoint. Its HTTP API cannot be switched off: it gets any free port, and nobody calls it.
 *
 * @param options.directory where `serverless.yml` is.
 * @param options.environment what the functions may know of the world besides `serverless.yml`.
 * @param options.onEnd is told when they end without being asked to; nothing starts them again.
 */
export async function startFunctions(options: {
	readonly directory: string;
	readonly lambdaPort: number;
	readonly environment: Record<string, string | undefined>;
	readonly logFile: string;
	readonly onEnd?: (error: Error) => void;
}): Promise<Functions> {
	const { directory, lambdaPort, logFile, onEnd } = options;
	const logStart = (await stat(logFile).catch(() => undefined))?.size ?? 0;
	const child = execa(
		process.execPath,
		[
			...["--import", END_WITH_PARENT],
			...[serverlessCommand, "offline", "start", "--stage", "local", "--noSponsor"],
			...["--host", "127.0.0.1"],
			...["--httpPort", "0", "--lambdaPort", String(lambdaPort)],
		],
		{
			cwd: directory,
			env: options.environment,
			extendEnv: false,
			reject: false,
			forceKillAfterDelay: 2_000,
			stdout: { file: logFile, append: true },
			stderr: { file: logFile, append: true },
			// It would keep all of the log in memory, and kill the functions at 100 MB of it.
			buffer: false,
		},
	);
	await Promise.race([
		portIsOpen(lambdaPort),
		child.then(async () => {
			const written = (await readFile(logFile)).subarray(logStart);
			throw new Error(`the functions did not start: ${written}`);
		}),
	]);
	let isAsked = false;
	void child.then(({ shortMessage = "status 0" }) => {
		if (!isAsked) onEnd?.(new Error(`the functions ended by themselves: ${shortMessage}`));
	});
	const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
		isAsked = true;
		child.kill(signal);
		await child;
	};
	return { stop: () => end("SIGTERM"), kill: () => end("SIGKILL") };
}

/** Its standard input ends when this process does, however that ends; workers have none of their own. */
const END_WITH_PARENT = `data:text/javascript,${encodeURIComponent(`
	import { isMainThread } from "node:worker_threads";
	if (isMainThread) process.stdin.once("end", () => process.exit()).resume().unref();
`)}`;

/** @returns where Lambda takes invocations of a function. */
export function invocationUrl(lambdaPort: number, functionName: string): string {
	return `http://127.0.0.1:${lambdaPort}/2015-03-31/functions/${functionName}/invocations`;
}
