import deployPolicy from "../docs/deploy-policy.json" with { type: "json" };
import { accountChecks, askCaller } from "../lib/check/account.ts";
import { type Check, type Finding, findAll, yes, yesUnless } from "../lib/check/finding.ts";
import { findStack, pathChecks, stageChecks } from "../lib/check/stage.ts";
import { printable } from "../lib/message/printable.ts";
import { readState } from "../local/state.ts";
import { alarmsOf, minutesOf } from "../resources/alarms.ts";
import { readSettings } from "../resources/parameters.ts";
import { readSecrets } from "../resources/secrets.ts";
import { askSecret } from "./ask.ts";
import { runCommand, wrongUse } from "./command.ts";
import { words } from "./language.ts";
import { enterStage, stageOptions } from "./stage.ts";

const SERVICE = "miaohui-receiver";
/** Quiet hours have an alarm of their own, and nobody can tell from here whether it was wanted. */
const USUAL = { silenceMinutes: 30, quietHours: undefined };
const MARKS = { yes: "✓", no: "✗", unknown: "?" } as const;

await runCommand({
	name: "check",
	usage: words.checkCommand.usage + words.stage.usage,
	options: {
		param: { type: "string", multiple: true, default: [] },
		url: { type: "string" },
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
				console.log(printable(json ? JSON.stringify(finding) : firstLine(finding)));
				if (!json && finding.toDo) console.log(printable(`    ${finding.toDo}`));
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
		const where = `${caller.arn} in ${caller.region}`;
		await show([{ title: "The credentials are good", look: async () => yes(where) }]);
		if (deployed === undefined) {
			const { settings, problems } = readParameters(values.param, prefix);
			const right = { title: "The parameters are right", look: async () => problems };
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
		]);
	},
});

function firstLine({ title, result, detail }: Finding): string {
	return `${MARKS[result]} ${title}: ${detail}`;
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
	const { CHECK_TOKEN, CALLBACK_TOKENS = "" } = process.env;
	const [first] = CALLBACK_TOKENS.split(",").map((one) => one.trim());
	return CHECK_TOKEN || first || (await askSecret(words.checkCommand.askToken(callbackUrl)));
}

function readParameters(given: readonly string[], prefix: string) {
	const { settings, problems } = readSettings(given, process.env, prefix);
	const secrets = readSecrets(given, process.env, "a token");
	const wrong = [...problems, ...secrets.problems];
	const toDo = "see the table of parameters in README.md";
	return { settings, problems: yesUnless(wrong, "as they are given here", toDo) };
}

function expectedAlarms(stage: string) {
	const texts = words.alarms({ ...minutesOf(USUAL), stage });
	return alarmsOf(SERVICE, stage, USUAL).map((alarm) => ({
		title: alarm.title,
		toDo: texts[alarm.title].toDo,
		...("isSilent" in alarm && alarm.isSilent && { isSilent: alarm.isSilent }),
	}));
}
