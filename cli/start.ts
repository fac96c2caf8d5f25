import getPort from "get-port";
import { quoted } from "../console/page/curl.ts";
import { type Console, startConsole } from "../console/server.ts";
import { receiveProblems } from "../lib/config.ts";
import { ANYONE, isSecretShaped, SECRET_SHAPE } from "../lib/intake/secret.ts";
import { type Stack, startStack } from "../local/stack.ts";
import { stageOf } from "../local/stage.ts";
import { clearState, localDirectory, writeState } from "../local/state.ts";
import type { Engine } from "../local/table-emulator.ts";
import { runCommand } from "./command.ts";

const USAGE = `npm start -- [--fresh]

Starts the whole path on this machine, from the callback URL to the table, and prints how to try it.

  --fresh          begin anew: what this stack has kept is deleted
  PORT             of the callback URL (default: 3000)
  CALLBACK_TOKENS  accepted tokens, with commas between (default: everyone is let in)
  CALLBACK_KEYS    keys that may stand first in the path
  ON_UNRECOGNIZED  keep or refuse (default: keep)
  DYNAMODB         dynalite, or amazon for Amazon's DynamoDB Local, which needs a JDK (default: dynalite)
  LOCAL_DIR        where the data stay (default: .local)
`;

const LAST_PORT = 65_535;
const GIVEN_BY_THE_STACK = {
	...{ QUEUE_URL: "-", DEAD_LETTER_QUEUE_URL: "-", TABLE_NAME: "-" },
	...{ AWS_REGION: "-", AWS_ACCESS_KEY_ID: "-", AWS_SECRET_ACCESS_KEY: "-" },
	CALLBACK_TOKEN_DIGESTS: ANYONE,
};
/** The console lives from the line that the functions write of each message. */
const logLevel = process.env.LOG_LEVEL ?? "INFO";

await runCommand({
	name: "npm start",
	usage: USAGE,
	options: { fresh: { type: "boolean", default: false } },
	async run({ fresh }) {
		const { port, engine } = settings();
		const stack = await startStack({
			port,
			engine,
			directory: localDirectory,
			isFresh: fresh,
			settings: { LOG_LEVEL: logLevel },
		});
		await writeState({ tableName: stack.tableName, environment: stack.environment });
		const page = await openConsole(stack, port);
		for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
			process.once(signal, () => void stop(page, stack));
		}
		console.log(welcome(stack.callbackUrl, page.url, stack.logFile));
	},
});

/** @throws Error naming every problem of the environment at once, before anything is started. */
function settings(): { readonly port: number; readonly engine: Engine } {
	const { PORT = "3000", DYNAMODB = "dynalite", ON_UNRECOGNIZED } = process.env;
	const problems: string[] = [];
	const port = Number(PORT);
	if (!Number.isInteger(port) || port < 1 || port > LAST_PORT) {
		problems.push(`PORT is "${PORT}", but must be a number from 1 to ${LAST_PORT}`);
	}
	const engine = DYNAMODB === "amazon" ? "amazon" : "dynalite";
	if (DYNAMODB !== engine) {
		problems.push(`DYNAMODB is "${DYNAMODB}", but must be "dynalite" or "amazon"`);
	}
	for (const name of ["CALLBACK_TOKENS", "CALLBACK_KEYS"]) {
		const odd = secretsOf(name).findIndex((secret) => !isSecretShaped(secret));
		if (odd >= 0) problems.push(`number ${odd + 1} of ${name} must have ${SECRET_SHAPE}`);
	}
	// The functions would say these themselves, but to each callback and with HTTP 500.
	problems.push(...receiveProblems({ ...GIVEN_BY_THE_STACK, ON_UNRECOGNIZED }));
	if (problems.length > 0) throw new Error(problems.join("; "));
	return { port, engine };
}

function secretsOf(name: string): string[] {
	const listed = (process.env[name] ?? "").split(",");
	return listed.map((secret) => secret.trim()).filter((secret) => secret !== "");
}

async function openConsole(stack: Stack, port: number): Promise<Console> {
	Object.assign(process.env, stack.environment);
	const stage = stageOf(stack, {
		tokens: secretsOf("CALLBACK_TOKENS"),
		keys: secretsOf("CALLBACK_KEYS"),
		isLogged: /^(INFO|DEBUG|TRACE)$/i.test(logLevel),
	});
	return startConsole(
		stage,
		await getPort({ host: "127.0.0.1", port: Math.min(port + 1, LAST_PORT) }),
	);
}

async function stop(page: Console, stack: Stack): Promise<void> {
	console.log("\nstopping …");
	await clearState();
	await page.stop();
	await stack.stop();
	process.exit();
}

function welcome(callbackUrl: string, consoleUrl: string, logFile: string): string {
	const isOpen = secretsOf("CALLBACK_TOKENS").length === 0;
	const data = {
		...{ messageId: "m-1", chatId: "c-1", contactName: "林小满", type: 7, timestamp: Date.now() },
		...{ mentionSelf: false, payload: { text: "你好" }, token: isOpen ? "any" : "$TOKEN" },
	};
	// A secret is not printed: the shell that has it puts it in.
	const body = JSON.stringify({ data }).replace("$TOKEN", `'"\${CALLBACK_TOKENS%%,*}"'`);
	const { LOCAL_DIR } = process.env;
	const where = LOCAL_DIR === undefined ? "" : `LOCAL_DIR=${quoted(LOCAL_DIR)} `;
	return `
Callback URL  ${callbackUrl}
Console       ${consoleUrl}  (see it working)
Tokens        ${isOpen ? "every token is accepted" : "those of CALLBACK_TOKENS, which the line below wants in its shell, too"}
Try           curl -d '${body}' ${callbackUrl}
Look          ${where}npm run --silent messages -- --chat c-1
Log           ${logFile}
Ctrl-C ends it; the data stay in ${localDirectory} (npm start -- --fresh empties it).
`;
}
