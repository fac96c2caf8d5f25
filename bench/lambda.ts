import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { startRuntimeApi } from "./runtime-api.ts";

const runtime = createRequire(import.meta.url).resolve("aws-lambda-ric");

const lambda = {
	TZ: ":UTC",
	AWS_LAMBDA_FUNCTION_NAME: "function",
	AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
	AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "512",
	AWS_LAMBDA_LOG_GROUP_NAME: "/aws/lambda/function",
	AWS_LAMBDA_LOG_STREAM_NAME: "local",
	_HANDLER: "index.handler",
};

/** What one start took, in milliseconds. */
export interface Start {
	readonly init: number;
	readonly invoke: number;
	/** HTTP's status; 200 for a batch of which everything was stored. */
	readonly status: number;
}

/**
 * Runs a function once in a process of its own, with Lambda's runtime client and environment.
 *
 * @param onInit is given the process when it asks for its event.
 */
export async function startFunction(
	bundle: string,
	environment: Record<string, string | undefined>,
	event: object,
	onInit: (child: ChildProcess) => Promise<void>,
): Promise<Start> {
	const cwd = fileURLToPath(new URL(bundle, import.meta.url));
	const api = await startRuntimeApi(JSON.stringify(event), () => onInit(child));
	const env = {
		...lambda,
		...environment,
		AWS_LAMBDA_RUNTIME_API: api.address,
		LAMBDA_TASK_ROOT: cwd,
	};
	const begin = performance.now();
	const child = spawn(process.execPath, [runtime, "index.handler"], { cwd, env, stdio: "pipe" });
	const exited = once(child, "exit").then(() => Promise.reject(new Error(`${bundle} ended`)));
	child.stdout.resume();
	child.stderr.pipe(process.stderr);
	const result = await Promise.race([api.result, exited]);
	child.kill("SIGKILL");
	await exited.catch(() => undefined);
	await api.stop();
	const { statusCode = 200, batchItemFailures = [] } = JSON.parse(result);
	if (batchItemFailures.length > 0) throw new Error(`${bundle}: ${result}`);
	const { asked, got, gave } = api.times;
	return { init: asked - begin, invoke: gave - got, status: statusCode };
}
