import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readDefinitions } from "../local/definitions.ts";
import { startQueueEmulator } from "../local/queue-emulator.ts";
import { textMessage } from "../test/callbacks.ts";
import { eventOf } from "./event.ts";
import { measureRounds, printMachine, printResults } from "./rounds.ts";
import { startRuntimeApi } from "./runtime-api.ts";
import { environmentOf, FLOOR, TOKEN, ways } from "./ways.ts";

// From the start of a process to its first acknowledged callback: Lambda's own runtime client and
// environment, and a real send to the local queue.

const { values } = parseArgs({ options: { runs: { type: "string", default: "15" } } });
const runtime = createRequire(import.meta.url).resolve("aws-lambda-ric");

const directory = await mkdtemp(join(tmpdir(), "cold-"));
const queue = await startQueueEmulator(directory);
const environment = {
	...environmentOf({
		endpoint: queue.endpoint,
		url: await queue.create((await readDefinitions()).queue),
	}),
	TZ: ":UTC",
	AWS_LAMBDA_FUNCTION_NAME: "receive",
	AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
	AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
	AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/receive",
	AWS_LAMBDA_LOG_STREAM_NAME: "local",
	_HANDLER: "index.handler",
};

let started = 0;

/** @returns milliseconds. */
async function start(bundle: string): Promise<number> {
	const cwd = fileURLToPath(new URL(bundle, import.meta.url));
	const body = textMessage({ messageId: `cold-${started++}`, token: TOKEN });
	const api = await startRuntimeApi(JSON.stringify(eventOf(body)));
	const env = { ...environment, AWS_LAMBDA_RUNTIME_API: api.address, LAMBDA_TASK_ROOT: cwd };
	const begin = performance.now();
	const child = spawn(process.execPath, [runtime, "index.handler"], { cwd, env, stdio: "pipe" });
	const exited = once(child, "exit").then(() => Promise.reject(new Error(`${bundle} ended`)));
	child.stdout.resume();
	child.stderr.resume();
	const { statusCode } = JSON.parse(await Promise.race([api.result, exited]));
	const took = performance.now() - begin;
	child.kill("SIGKILL");
	await exited.catch(() => undefined);
	await api.stop();
	if (statusCode !== 200) throw new Error(`${bundle} answered ${statusCode}`);
	return took;
}

const columns = Object.entries({ "empty handler": "dist/empty/", ...ways }).map(
	([name, bundle]) => ({
		name,
		measure: () => start(bundle),
	}),
);
printMachine();
const title = `Cold start to the first acknowledged callback, ${values.runs} rounds`;
printResults(title, "ms", FLOOR, await measureRounds(columns, Number(values.runs), FLOOR));
await queue.stop();
await rm(directory, { recursive: true, force: true });
