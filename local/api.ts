import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { execa } from "execa";
import pRetry from "p-retry";
import { projectRoot, serverlessCommand } from "./definitions.ts";

/** The running HTTP API of `serverless.yml`, and its functions. */
export interface Api {
	stop(): Promise<void>;
	/** Ends it at once, in the middle of whatever it does. */
	kill(): Promise<void>;
}

/** @throws Error in words for a person when something else listens there. */
export async function assertPortIsFree(port: number): Promise<void> {
	const server = createServer();
	server.listen(port, "127.0.0.1");
	try {
		await once(server, "listening");
	} catch {
		throw new Error(
			`port ${port} is taken by another program; choose another one with PORT=… npm start`,
		);
	}
	server.close();
	await once(server, "close");
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
		pRetry(
			() =>
				Promise.all([fetch(`http://127.0.0.1:${port}`), fetch(`http://127.0.0.1:${lambdaPort}`)]),
			{
				retries: 200,
				minTimeout: 100,
				factor: 1,
			},
		),
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
