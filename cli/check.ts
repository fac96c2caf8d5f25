import deployPolicy from "../docs/deploy-policy.json" with { type: "json" };
import { askCaller } from "../lib/archive/caller.ts";
import { accountChecks } from "../lib/check/account.ts";
import { type Check, findAll, no, told, unknown, yes, yesUnless } from "../lib/check/finding.ts";
import { findStack, pathChecks, stageChecks } from "../lib/check/stage.ts";
import { printable } from "../lib/message/printable.ts";
import type { AlarmTitle, Words } from "../lib/words/en.ts";
import { languages } from "../lib/words/languages.ts";
import { readState } from "../local/state.ts";
import { alarmsOf, minutesOf } from "../resources/alarms.ts";
import { readSettings } from "../resources/parameters.ts";
import { tellRobot } from "../resources/robot.ts";
import { listedSecrets, readSecrets, robotUrl } from "../resources/secrets.ts";
import { askSecret } from "./ask.ts";
import { runCommand, wrongUse } from "./command.ts";
import { words } from "./language.ts";
import { enterStage, stageOptions } from "./stage.ts";

const SERVICE = "miaohui-receiver";
/** Quiet hours have an alarm that tells nobody, and nobody can tell from here whether it was wanted. */
const SETTINGS = { silenceMinutes: 30, quietHours: undefined, history: {} };
/** Nor whether the stage was to compare itself with the history; but if it does, this one counts. */
const IF_THERE: AlarmTitle = "missed";
const MARKS = { yes: "✓", no: "✗", unknown: "?" } as const;

await runCommand({
	name: "check",
	usage: words.checkCommand.usage + words.stage.usage,
	options: {
		param: { type: "string", multiple: true, default: [] },
		url: { type: "string" },
		tell: { type: "boolean", default: false },
		json: { type: "boolean", default: false },
		...stageOptions,
	},
	async run(values) {
		const { stage, json, url } = values;
		if (url !== undefined && !URL.canParse(url)) throw wrongUse(words.checkCommand.wantsUrl);
		const names = await enterStage(values);
		const show = async (checks: readonly Check[]): Promise<void> => {
			for await (const finding of findAll(checks)) {
				if (finding.result === "no") process.exitCode = 1;
				// Programs read one language.
				const { title, result, detail, toDo } = told(finding, json ? languages.en : words);
				const line = json
					? JSON.stringify({ title, result, detail, toDo })
					: `${MARKS[result]} ${title}${words.checks.colon}${detail}`;
				console.log(printable(line));
				if (!json && toDo) console.log(printable(`    ${toDo}`));
			}
		};
		if (stage === "local") {
			const callbackUrl = url ?? (await readState())?.callbackUrl ?? "";
			await show(pathChecks(callbackUrl, names, process.env.CHECK_TOKEN ?? "local"));
			return;
		}
		loadEnvironment(stage);
		const caller = await askCaller();
		const prefix = `${SERVICE}-${stage}`;
		const deployed = await findStack(prefix);
		const where = `${caller.arn} (${caller.region})`;
		await show([
			{ title: ({ checks }) => checks.titles.credentials, look: async () => yes(() => where) },
		]);
		if (deployed === undefined) {
			const { settings, problems } = readParameters(values.param, prefix);
			const right: Check = {
				title: ({ checks }) => checks.titles.parameters,
				look: async () => problems,
			};
			const taken = { ...names, tableName: settings.tableName };
			await show([right, ...accountChecks(stage, taken, caller, settings, deployPolicy.Statement)]);
			return;
		}
		const there = { ...names, tableName: deployed.tableName || names.tableName };
		const callbackUrl = url ?? deployed.callbackUrl;
		const token = await tokenFor(callbackUrl);
		await show([
			...stageChecks(prefix, deployed, there, expectedAlarms(stage)),
			...pathChecks(callbackUrl, there, token),
			...(values.tell ? [robotCheck(stage, values.param)] : []),
		]);
	},
});

/** Sends the robot a message from here, because EventBridge does not read what it answers. */
function robotCheck(stage: string, given: readonly string[]): Check {
	return {
		title: ({ checks }) => checks.titles.robot,
		async look() {
			const url = robotUrl(given, process.env);
			if (url === "") {
				return unknown(
					({ checks }) => checks.noRobot,
					({ checks }) => checks.giveRobot,
				);
			}
			const text = words.robot.test(stage);
			const time = new Date().toISOString();
			const why = await tellRobot(url, { text, alarm: "test", state: "TEST", time });
			return why === undefined
				? yes(() => text)
				: no(
						() => why,
						({ checks }) => checks.seeRobot,
					);
		},
	};
}

/** As Serverless does for a deployment: the file of the stage, or the one of all. */
function loadEnvironment(stage: string): void {
	for (const file of [`.env.${stage}`, ".env"]) {
		try {
			process.loadEnvFile(file);
			return;
		} catch (error) {
			if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
		}
	}
}

async function tokenFor(callbackUrl: string): Promise<string | undefined> {
	const { CHECK_TOKEN, CALLBACK_TOKENS } = process.env;
	const [first] = listedSecrets(CALLBACK_TOKENS);
	return CHECK_TOKEN || first || (await askSecret(words.checkCommand.askToken(callbackUrl)));
}

function readParameters(given: readonly string[], prefix: string) {
	const { settings, problems } = readSettings(given, process.env, prefix);
	const secrets = readSecrets(given, process.env, "a token");
	const wrong = [...problems, ...secrets.problems];
	const answer = yesUnless(
		wrong.map((one) => () => one),
		({ checks }) => checks.asGiven,
		({ checks }) => checks.seeParameters,
	);
	return { settings, problems: answer };
}

function expectedAlarms(stage: string) {
	const facts = { ...minutesOf(SETTINGS), stage };
	return alarmsOf(SERVICE, stage, SETTINGS).map((alarm) => ({
		title: alarm.title,
		isOptional: alarm.title === IF_THERE,
		toDo: ({ alarms }: Words) => alarms(facts)[alarm.title].toDo,
		...("isSilent" in alarm && alarm.isSilent && { isSilent: alarm.isSilent }),
	}));
}
