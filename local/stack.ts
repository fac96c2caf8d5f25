import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import getPort from "get-port";
import type { SeenRequest } from "../console/stage.ts";
import type { Patience } from "../lib/storage/patience.ts";
import { type Definitions, projectRoot, readDefinitions } from "./definitions.ts";
import { emulatorSettings, environmentWithoutAws } from "./environment.ts";
import { startEventSource } from "./event-source.ts";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import { type Functions, invocationUrl, startFunctions } from "./functions.ts";
import { startGateway } from "./gateway.ts";
import { lockDirectory } from "./lock.ts";
import { type FakePlatform, startFakePlatform } from "./platform.ts";
import { assertPortIsFree } from "./port.ts";
import { type QueueEmulator, startQueueEmulator } from "./queue-emulator.ts";
import { type Engine, startTableEmulator, type TableEmulator } from "./table-emulator.ts";

/** Everything of the product, running on this machine. */
export interface Stack {
	readonly callbackUrl: string;
	readonly queueUrl: string;
	readonly deadLetterQueueUrl: string;
	/** How long a message that was not stored waits for its next try. */
	readonly patience: Patience;
	readonly tableName: string;
	readonly table: TableEmulator;
	readonly queue: QueueEmulator;
	readonly logFile: string;
	/** Where the log of this run begins in the file, in bytes. */
	readonly logStart: number;
	/** Has every message that was sent, whether the callback URL was there or not. */
	readonly platform: FakePlatform;
	/** Takes the callback URL away, or brings it back. */
	setUrl(isThere: boolean): void;
	isUrlThere(): boolean;
	/** Tells requests as the API sees them. @returns how to stop. */
	followRequests(onRequest: (request: SeenRequest) => void): () => void;
	/** What of `serverless.yml` is running. */
	readonly definitions: Definitions;
	/** What stands between the functions and the emulators, if the stack was started with faults. */
	readonly faults: { readonly queue: FaultProxy; readonly table: FaultProxy } | undefined;
	/** Kills the functions in the middle of whatever they do, and starts them again. */
	crash(): Promise<void>;
	/** For SDK clients that should talk to this stack. */
	readonly environment: Record<string, string>;
	stop(): Promise<void>;
}

/**
 * Starts API, functions, queue, dead-letter queue, table and event source, all as `serverless.yml`
 * says; the functions run from the bundles that are deployed (`npm run build` makes them).
 */
export async function startStack(options: {
	readonly port: number;
	readonly engine: Engine;
	/** Holds the log, and the data, which outlive the process. */
	readonly directory: string;
	/** Whether what was in it is to go; nothing does when the stack cannot start. */
	readonly isFresh?: boolean;
	/** Whether the functions reach queue and table through proxies that can fail. */
	readonly withFaults?: boolean;
	/** How long a message that was not stored waits for its next try. */
	readonly patience?: Patience;
	/** Settings of `serverless.yml` that come from the environment. */
	readonly settings?: Record<string, string>;
}): Promise<Stack> {
	const { port, engine, directory, patience = { first: 1, longest: 10 } } = options;
	const stops = [await lockDirectory(directory)];
	const stop = async (): Promise<void> => {
		for (const stopOne of stops.splice(0).reverse()) await stopOne();
	};
	try {
		await assertPortIsFree(port);
		if (options.isFresh) await empty(directory);
		const [definitions, queue, table, lambdaPort] = await Promise.all([
			readDefinitions(),
			startQueueEmulator(join(directory, "queue")),
			startTableEmulator(engine, join(directory, engine)),
			getPort({ host: "127.0.0.1" }),
		]);
		stops.push(queue.stop, table.stop);
		const deadLetterQueueUrl = await queue.create(definitions.deadLetterQueue);
		const queueUrl = await queue.create(definitions.queue, definitions.deadLetterQueue);
		await table.create(definitions.table);
		const faults = options.withFaults
			? {
					queue: await startFaultProxy(queue.endpoint),
					table: await startFaultProxy(table.endpoint),
				}
			: undefined;
		if (faults) stops.push(faults.queue.stop, faults.table.stop);
		const throughFaults = (url: string): string =>
			url.replace(queue.endpoint, faults?.queue.endpoint ?? queue.endpoint);
		const platform = await startFakePlatform();
		stops.push(platform.stop);
		const environment = {
			...emulatorSettings({ queueEndpoint: queue.endpoint, tableEndpoint: table.endpoint }),
			HISTORY_BASE: platform.historyBase,
			HISTORY_TOKEN: "local",
		};
		const logFile = join(directory, "functions.log");
		const logStart = (await stat(logFile).catch(() => undefined))?.size ?? 0;
		const launch = (): Promise<Functions> =>
			startFunctions({
				directory: projectRoot,
				lambdaPort,
				logFile,
				onEnd: ({ message }) => console.error(message),
				environment: {
					...environmentWithoutAws(),
					...environment,
					AWS_ENDPOINT_URL_DYNAMODB: faults?.table.endpoint ?? table.endpoint,
					LOCAL_QUEUE_URL: throughFaults(queueUrl),
					LOCAL_DEAD_LETTER_QUEUE_URL: throughFaults(deadLetterQueueUrl),
					// Nobody here waits for half an hour.
					LOCAL_RETRY_SECONDS: `${patience.first}-${patience.longest}`,
					// What is in a file `.env` is for stages that are deployed.
					CALLBACK_TOKENS: process.env.CALLBACK_TOKENS ?? "",
					CALLBACK_KEYS: process.env.CALLBACK_KEYS ?? "",
					// Lambda sets it; Powertools counts cold starts by it.
					AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
					...options.settings,
				},
			});
		let functions = await launch();
		stops.push(() => functions.stop());
		const { receive, store } = definitions;
		const followers = new Set<(request: SeenRequest) => void>([
			({ method, url, status, body }) => {
				const isMessage = method === "POST" && url.split("?")[0]?.endsWith("/message");
				if (isMessage && status !== 401 && body) platform.remember(Buffer.from(body).toString());
			},
		]);
		let isThere = true;
		const gateway = await startGateway({
			port,
			onRequest: (request) => {
				for (const follower of followers) follower(request);
			},
			isAway: () => !isThere,
			functionUrl: invocationUrl(lambdaPort, receive.functionName),
		});
		stops.push(gateway.stop);
		const eventSource = startEventSource({
			client: queue.client,
			queueUrl,
			batchSize: store.batchSize,
			maximumConcurrency: store.maximumConcurrency,
			functionUrl: invocationUrl(lambdaPort, store.functionName),
			onError: (error) => console.error(`event source: ${error.message}`),
		});
		stops.push(eventSource.stop);
		return {
			callbackUrl: `http://127.0.0.1:${port}/message`,
			queueUrl,
			deadLetterQueueUrl,
			patience,
			tableName: definitions.table.TableName ?? "",
			table,
			queue,
			logFile,
			logStart,
			definitions,
			followRequests(onRequest) {
				followers.add(onRequest);
				return () => followers.delete(onRequest);
			},
			platform,
			setUrl(isThereNow) {
				isThere = isThereNow;
			},
			isUrlThere: () => isThere,
			faults,
			async crash() {
				await functions.kill();
				functions = await launch();
			},
			environment,
			stop,
		};
	} catch (error) {
		await stop();
		throw error;
	}
}

/**
 * Does something with a stack of its own, on any free port and with data that go afterwards. SDK
 * clients of this process are set up for it.
 */
export async function withStack<Result>(
	options: Omit<Parameters<typeof startStack>[0], "port" | "directory">,
	use: (stack: Stack) => Promise<Result>,
): Promise<Result> {
	const directory = await mkdtemp(join(tmpdir(), "stack-"));
	try {
		const port = await getPort({ host: "127.0.0.1" });
		const stack = await startStack({ ...options, port, directory });
		Object.assign(process.env, stack.environment);
		return await use(stack).finally(stack.stop);
	} finally {
		await rm(directory, { recursive: true, force: true });
	}
}

/** What the stack keeps in its directory; a person may have chosen one that holds more. */
const KEPT = ["queue", "dynalite", "amazon", "functions.log", "stack.json"];

async function empty(directory: string): Promise<void> {
	for (const name of KEPT) await rm(join(directory, name), { recursive: true, force: true });
}
