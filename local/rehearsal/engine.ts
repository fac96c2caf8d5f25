import { createWriteStream } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import getPort from "get-port";
import { credentials, environmentWithoutAws, region } from "../environment.ts";
import { portIsOpen } from "../port.ts";
import { engineLog } from "./python.ts";

/** A local AWS with a CloudFormation and a Lambda runtime that nobody here wrote. */
export interface Engine {
	readonly port: number;
	/** Under which every SDK client talks to it, and to nothing else. */
	readonly environment: Readonly<Record<string, string>>;
	/** Holds what goes with the engine. */
	readonly directory: string;
	/** Takes DynamoDB away, and brings it back. */
	setTable(isThere: boolean): Promise<void>;
	/** Ends it with every function that it runs. */
	stop(): Promise<void>;
}

const adaptations = fileURLToPath(new URL("adaptations.py", import.meta.url));

/** @param python in which it is installed. */
export async function startEngine(python: string): Promise<Engine> {
	const directory = await mkdtemp(join(tmpdir(), "rehearsal-"));
	const port = await getPort({ host: "127.0.0.1" });
	const outage = join(directory, "table-is-away");
	const nothing = join(directory, "no-settings-of-a-person");
	const environment = {
		AWS_REGION: region,
		AWS_ACCESS_KEY_ID: credentials.accessKeyId,
		AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
		AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
		AWS_CONFIG_FILE: nothing,
		AWS_SHARED_CREDENTIALS_FILE: nothing,
	};
	const child = execa(python, [adaptations], {
		cwd: directory,
		// A group of its own, which it ends when its standard input does.
		detached: true,
		extendEnv: false,
		reject: false,
		env: {
			...environmentWithoutAws(),
			...environment,
			// Functions are to run on this Node.
			PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
			// Roles have the rights of their policies, and no others.
			AUTH: "true",
			BIND_HOST: "127.0.0.1",
			GATEWAY_PORT: String(port),
			TMPDIR: directory,
			TABLE_IS_AWAY: outage,
		},
	});
	const log = createWriteStream(engineLog);
	child.stdout.pipe(log, { end: false });
	child.stderr.pipe(log, { end: false });
	const stop = async (): Promise<void> => {
		child.stdin.end();
		await child;
		log.end();
		await rm(directory, { recursive: true, force: true });
	};
	try {
		await Promise.race([
			portIsOpen(port),
			child.then(({ stderr }) => {
				throw new Error(`the engine did not start: ${stderr}`);
			}),
		]);
	} catch (error) {
		await stop();
		throw error;
	}
	return {
		...{ port, environment, directory, stop },
		setTable: (isThere) => (isThere ? rm(outage, { force: true }) : writeFile(outage, "")),
	};
}
