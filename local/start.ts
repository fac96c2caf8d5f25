import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { startStack } from "./stack.ts";
import { clearState, localDirectory, writeState } from "./state.ts";

const { values } = parseArgs({
	options: { fresh: { type: "boolean", default: false } },
});
const port = Number(process.env.PORT ?? "3000");
const engine = process.env.DYNAMODB ?? "dynalite";

async function start(): Promise<void> {
	if (!Number.isInteger(port) || port < 1 || port > 65_535) {
		throw new Error(`PORT is "${process.env.PORT}", but must be a number from 1 to 65535`);
	}
	if (engine !== "dynalite" && engine !== "amazon") {
		throw new Error(`DYNAMODB is "${engine}", but must be "dynalite" or "amazon"`);
	}
	if (values.fresh) await rm(localDirectory, { recursive: true, force: true });
	const stack = await startStack({ port, engine, directory: localDirectory });
	await writeState({
		tableName: stack.tableName,
		environment: stack.environment,
	});
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
		process.once(signal, () => void stop(stack));
	}
	console.log(welcome(stack.callbackUrl, stack.logFile));
}

async function stop(stack: { stop(): Promise<void> }): Promise<void> {
	console.log("\nstopping …");
	await clearState();
	await stack.stop();
	process.exit();
}

function welcome(callbackUrl: string, logFile: string): string {
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
