import getPort from "get-port";
import type { AlarmState } from "../console/protocol.ts";
import { type Console, startConsole } from "../console/server.ts";
import { receiveProblems } from "../lib/config.ts";
import { ANYONE, isSecretShaped } from "../lib/intake/secret.ts";
import { printable } from "../lib/message/printable.ts";
import { quoted } from "../lib/message/quoted.ts";
import { alarmWords } from "../lib/words/alarm.ts";
import type { AlarmFacts } from "../lib/words/en.ts";
import { type Stack, startStack } from "../local/stack.ts";
import { stageOf } from "../local/stage.ts";
import { clearState, localDirectory, writeState } from "../local/state.ts";
import type { Engine } from "../local/table-emulator.ts";
import { listedSecrets } from "../resources/secrets.ts";
import { runCommand, widthOf } from "./command.ts";
import { language, words } from "./language.ts";

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
	usage: words.startCommand.usage,
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
		await writeState(stack);
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
		problems.push(words.startCommand.badPort(PORT, LAST_PORT));
	}
	const engine = DYNAMODB === "amazon" ? "amazon" : "dynalite";
	if (DYNAMODB !== engine) {
		problems.push(words.startCommand.badEngine(DYNAMODB));
	}
	for (const name of ["CALLBACK_TOKENS", "CALLBACK_KEYS"]) {
		const odd = listedSecrets(process.env[name]).findIndex((secret) => !isSecretShaped(secret));
		if (odd >= 0) problems.push(words.parameters.badSecret(odd + 1, name));
	}
	// The functions would say these themselves, but to each callback and with HTTP 500.
	for (const { variable, says } of receiveProblems({ ...GIVEN_BY_THE_STACK, ON_UNRECOGNIZED })) {
		const { isWrong, keepOrRefuse } = words.parameters;
		const isOurs = variable === "ON_UNRECOGNIZED" && ON_UNRECOGNIZED !== undefined;
		problems.push(
			isOurs ? isWrong(variable, ON_UNRECOGNIZED, keepOrRefuse) : `${variable} ${says}`,
		);
	}
	if (problems.length > 0) throw new Error(problems.join("; "));
	return { port, engine };
}

async function openConsole(stack: Stack, port: number): Promise<Console> {
	Object.assign(process.env, stack.environment);
	const stage = stageOf(stack, {
		tokens: listedSecrets(process.env.CALLBACK_TOKENS),
		keys: listedSecrets(process.env.CALLBACK_KEYS),
		isLogged: /^(INFO|DEBUG|TRACE)$/i.test(logLevel),
		onAlarm: tellAlarm,
	});
	return startConsole(
		stage,
		await getPort({ host: "127.0.0.1", port: Math.min(port + 1, LAST_PORT) }),
	);
}

/** What would be an e-mail, or a message in a group. */
function tellAlarm({ title, state, ...alarm }: AlarmState, facts: AlarmFacts): void {
	const { name, description = alarm.description } = alarmWords(title, facts, language);
	const { wouldAlarm, isOver } = words.startCommand;
	console.log(printable(state === "alarm" ? wouldAlarm(name, description) : isOver(name)));
}

async function stop(page: Console, stack: Stack): Promise<void> {
	console.log(`\n${words.startCommand.stopping}`);
	await clearState();
	await page.stop();
	await stack.stop();
	process.exit();
}

function welcome(callbackUrl: string, consoleUrl: string, logFile: string): string {
	const isOpen = listedSecrets(process.env.CALLBACK_TOKENS).length === 0;
	const data = {
		...{ messageId: "m-1", chatId: "c-1", contactName: "林小满", type: 7, timestamp: Date.now() },
		...{ mentionSelf: false, payload: { text: "你好" }, token: isOpen ? "any" : "$TOKEN" },
	};
	// A secret is not printed: the shell that has it puts it in.
	const body = JSON.stringify({ data }).replace("$TOKEN", `'"\${CALLBACK_TOKENS%%,*}"'`);
	const { LOCAL_DIR } = process.env;
	const where = LOCAL_DIR === undefined ? "" : `LOCAL_DIR=${quoted(LOCAL_DIR)} `;
	const { heads, seeIt, anyToken, listedTokens, ends } = words.startCommand;
	const rows = [
		[heads.url, callbackUrl],
		[heads.console, `${consoleUrl}  ${seeIt}`],
		[heads.tokens, isOpen ? anyToken : listedTokens],
		[heads.try, `curl -d '${body}' ${callbackUrl}`],
		[heads.look, `${where}npm run --silent messages -- --chat c-1`],
		[heads.log, logFile],
	];
	const lines = rows.map(
		([head = "", text = ""]) => `${head}${" ".repeat(14 - widthOf(head))}${text}`,
	);
	return `\n${lines.join("\n")}\n${ends(localDirectory)}\n`;
}
