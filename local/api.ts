import { createWriteStream } from "node:fs";
import { execa } from "execa";
import { projectRoot, serverlessCommand } from "./definitions.ts";
import { portIsOpen } from "./port.ts";

/** The running HTTP API of `serverless.yml`, and its functions. */
export interface Api {
	stop(): Promise<void>;
	/** Ends it at once, in the middle of whatever it does. */
	kill(): Promise<void>;
}

/**
 * Starts serverless-offline in a process of its own, with worker threads for the functions.
 *
 * @param environment what the functions may know of the world besides `serverless.yml`.
 */
export async function startApi(options: {
	readonly port: number;
	readonly lambdaPort: number;
	readonly environment: Record<string, string | undefined>;
	readonly logFile: string;
}): Promise<Api> {
	const { port, lambdaPort } = options;
	const log = createWriteStream(options.logFile, { flags: "a" });
	const child = execa(
		process.execPath,
		[
			...[serverlessCommand, "offline", "start", "--stage", "local", "--noSponsor"],
			...["--host", "127.0.0.1"],
			...["--httpPort", String(port), "--lambdaPort", String(lambdaPort)],
		],
		{
			cwd: projectRoot,
			env: options.environment,
			extendEnv: false,
			reject: false,
			forceKillAfterDelay: 2_000,
			stdin: "ignore",
		},
	);
	child.stdout.pipe(log);
	child.stderr.pipe(log);
	await Promise.race([
		Promise.all([portIsOpen(port), portIsOpen(lambdaPort)]),
		child.then(({ stderr, stdout }) => {
			throw new Error(`the API did not start: ${stderr || stdout}`);
		}),
	]);
	return {
		async stop() {
			child.kill("SIGTERM");
			await child;
			log.end();
		},
		async kill() {
			child.kill("SIGKILL");
			await child;
			log.end();
		},
	};
}
