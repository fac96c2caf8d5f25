import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import getPort from "get-port";
import { type Console, startConsole } from "../console/server.ts";
import { type Stack, startStack } from "./stack.ts";
import { stageOf } from "./stage.ts";
import { clearState, localDirectory, writeState } from "./state.ts";

const { values } = parseArgs({
	options: { fresh: { type: "boolean", default: false } },
});
const port = Number(process.env.PORT ?? "3000");
const LAST_PORT = 65_535;
const engine = process.env.DYNAMODB ?? "dynalite";
/** The console lives from the line that the functions write of each message. */
const logLevel = process.env.LOG_LEVEL ?? "INFO";

async function start(): Promise<void> {
	if (!Number.isInteger(port) || port < 1 || port > LAST_PORT) {
		throw new Error(`PORT is "${process.env.PORT}", but must be a number from 1 to ${LAST_PORT}`);
	}
	if (engine !== "dynalite" && engine !== "amazon") {
		throw new Error(`DYNAMODB is "${engine}", but must be "dynalite" or "amazon"`);
	}
	if (values.fresh) await rm(localDirectory, { recursive: true, force: true });
	const stack = await startStack({
		port,
		engine,
		directory: localDirectory,
		settings: { LOG_LEVEL: logLevel },
	});
	await writeState({
		tableName: stack.tableName,
		environment: stack.environment,
	});
	const page = await openConsole(stack);
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		process.once(signal, () => void stop(page, stack));
	}
	console.log(welcome(stack.callbackUrl, page.url, stack.logFile));
}

async function openConsole(stack: Stack): Promise<Console> {
	Object.assign(process.env, stack.environment);
	const stage = stageOf(stack, {
		tokens: listed(process.env.CALLBACK_TOKENS),
		keys: listed(process.env.CALLBACK_KEYS),
		isLogged: /^(INFO|DEBUG|TRACE)$/i.test(logLevel),
	});
	return startConsole(
		stage,
		await getPort({ host: "127.0.0.1", port: Math.min(port + 1, LAST_PORT) }),
	);
}

function listed(words = ""): string[] {
	return words
		.split(",")
		.map((word) => word.trim())
		.filter((word) => word !== "");
}

async function stop(page: Console, stack: Stack): Promise<void> {
	console.log("\nstopping …");
	await clearState();
	await page.stop();
	await stack.stop();
	process.exit();
}

function welcome(callbackUrl: string, consoleUrl: string, logFile: string): string {
	const body = JSON.stringify({
		data: {
			...{ messageId: "m-1", chatId: "c-1", type: 7, timestamp: Date.now() },
			...{
				mentionSelf: false,
				payload: { text: "你好" },
				token: process.env.CALLBACK_TOKENS ? "one of CALLBACK_TOKENS" : "any",
			},
		},
	});
	return `
Callback URL  ${callbackUrl}
Console       ${consoleUrl}  (see it working)
Tokens        ${process.env.CALLBACK_TOKENS ? "those of CALLBACK_TOKENS" : "every token is accepted"}
Try           curl -d '${body}' ${callbackUrl}
Look          npm run --silent messages -- --chat c-1
Log           ${logFile}
Ctrl-C ends it; the data stay in ${localDirectory} (npm start -- --fresh empties it).
`;
}

start().catch((error: Error) => {
	console.error(`npm start: ${error.message}`);
	process.exit(1);
});
