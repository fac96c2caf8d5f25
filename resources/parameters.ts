import { receiveProblems } from "../lib/config.ts";
import { dialects, readBase } from "../lib/history/access.ts";
import type { Words } from "../lib/words/en.ts";
import { isLanguage, type Language, languageCodes, languages } from "../lib/words/languages.ts";
import { localeLanguage } from "../lib/words/locale.ts";
import { lengthOf, type QuietHours, readQuietHours } from "./quiet-hours.ts";

/** What a value has to be, in the words of a language, and whether one is it. */
type Check = readonly [say: Say, isRight: (text: string) => boolean];
type Say = (must: Words["parameters"]) => string;

/** What `--param name=value` may say. */
interface Parameter {
	readonly fallback: string;
	/** A variable of the environment that says it where the parameter does not. */
	readonly environment?: string;
	/** Under which name the functions read it at their start; they check it, too. */
	readonly variable?: string;
	readonly mustBe?: Check;
}

/** Every parameter but the secrets, which `secrets.ts` reads where they are hashed and nowhere else. */
export const parameters = {
	onUnrecognized: {
		fallback: "keep",
		environment: "ON_UNRECOGNIZED",
		variable: "ON_UNRECOGNIZED",
	},
	retentionDays: { fallback: "forever", variable: "RETENTION_DAYS" },
	alarmEmail: {
		fallback: "",
		mustBe: [(must) => must.email, (text) => text === "" || /^[^\s@]+@[^\s@]+$/.test(text)],
	},
	// What AWS and a robot show: alarms, dashboard.
	language: { fallback: "en", mustBe: oneOf(...languageCodes) },
	silenceMinutes: { fallback: "30", mustBe: wholeNumber(1, 1_400) },
	quietHours: {
		fallback: "",
		mustBe: [(must) => must.hours, (text) => text === "" || quietHoursOf(text) !== undefined],
	},
	logLevel: {
		fallback: "WARN",
		environment: "LOG_LEVEL",
		mustBe: oneOf("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "SILENT", "CRITICAL"),
	},
	tableName: {
		fallback: "",
		// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
		mustBe: [
			(must) => must.tableName,
			(text) => text === "" || /^[A-Za-z0-9._-]{3,255}$/.test(text),
		],
	},
	tableDeletionProtection: { fallback: "true", mustBe: oneOf("true", "false") },
	// A new account may run 10 functions at once; 5 stores of 10 messages in 0.056 s are 890 rows a second.
	storeConcurrency: { fallback: "5", mustBe: wholeNumber(2, 1_000) },
	receiveConcurrency: {
		fallback: "shared",
		mustBe: [
			(must) => must.numberOr("1", "10000", "shared"),
			(text) => text === "shared" || isWholeNumber(text, 1, 10_000),
		],
	},
	// The busiest customer on record has 2,775 messages a day; 100 a second are 8.6 million.
	// An account has 10,000, and may get more.
	throttleRate: { fallback: "100", mustBe: wholeNumber(1, 50_000) },
	throttleBurst: { fallback: "500", mustBe: wholeNumber(1, 5_000) },
	domain: {
		fallback: "",
		mustBe: [(must) => must.host, (text) => text === "" || isHost(text)],
	},
	certificateArn: {
		fallback: "",
		mustBe: [
			(must) => must.certificate,
			(text) => text === "" || /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/\S+$/.test(text),
		],
	},
	defaultEndpoint: { fallback: "open", mustBe: oneOf("open", "closed") },
	rollbackMinutes: { fallback: "5", mustBe: wholeNumber(0, 180) },
	historyBase: {
		fallback: "",
		mustBe: [
			(must) => must.historyBase,
			(text) => text === "" || (text.startsWith("https://") && readBase(text) !== undefined),
		],
	},
	historyDialect: { fallback: dialects[0], mustBe: oneOf(...dialects) },
	historyToken: {
		fallback: "",
		mustBe: [
			(must) => must.ssmParameter,
			(text) => text === "" || /^\/[A-Za-z0-9._/-]{1,1000}$/.test(text),
		],
	},
	historySchedule: {
		fallback: "1 hour",
		mustBe: [
			(must) => must.howOften,
			(text) => /^(1 hour|([2-9]|1\d|2[0-4]) hours|([5-9]|[1-9]\d{1,2}) minutes)$/.test(text),
		],
	},
	historyHours: { fallback: "6", mustBe: wholeNumber(1, 72) },
	historyCalls: { fallback: "300", mustBe: wholeNumber(1, 500) },
} as const satisfies Readonly<Record<string, Parameter>>;

/** The parameters that are secrets. */
export const secretParameters = ["tokens", "keys", "alarmRobot"] as const;

/** What a stage is deployed with. */
export interface Settings {
	readonly onUnrecognized: string;
	readonly retentionDays: string;
	readonly alarmEmail: string;
	readonly language: Language;
	readonly silenceMinutes: number;
	readonly quietHours: QuietHours | undefined;
	readonly logLevel: string;
	/** The table's name, and whether the stack makes that table; otherwise it is there already. */
	readonly tableName: string;
	readonly makesTable: boolean;
	readonly tableDeletionProtection: boolean;
	readonly storeConcurrency: number;
	readonly receiveConcurrency: number | undefined;
	readonly throttleRate: number;
	readonly throttleBurst: number;
	readonly domain: { readonly name: string; readonly certificateArn: string } | undefined;
	readonly defaultEndpointIsClosed: boolean;
	/** For how long a deployment is watched; not at all when 0. */
	readonly rollbackMinutes: number;
	/** How the stage compares itself with the platform's history, if it does. */
	readonly history: HistorySettings | undefined;
}

/** What the comparison with the platform's history is deployed with. */
export interface HistorySettings {
	readonly base: string;
	readonly dialect: string;
	/** Name of the SSM parameter that holds the token. */
	readonly token: string;
	readonly schedule: string;
	readonly hours: string;
	readonly calls: string;
}

/**
 * @param given the words after each `--param`, such as `retentionDays=90`.
 * @param prefix of the names of all that the stack makes.
 * @returns the settings, with the fallback for what is wrong, and every problem in words for a person.
 */
export function readSettings(
	given: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
	prefix: string,
): { readonly settings: Settings; readonly problems: readonly string[] } {
	const texts = givenTexts(given);
	const said = languages[localeLanguage(environment)].parameters;
	const problems = [...texts.keys()]
		.filter((name) => !isParameter(name) && !isSecret(name))
		.map((name) => said.unknown(name, knownNames().join(", ")));
	const text = (name: Name): string => {
		const { fallback, environment: variable }: Parameter = parameters[name];
		return texts.get(name) ?? ((variable && environment[variable]) || fallback);
	};
	const checked = new Map<Name, string>();
	for (const name of names()) {
		const { fallback, mustBe }: Parameter = parameters[name];
		const isWrong = mustBe !== undefined && !mustBe[1](text(name));
		if (isWrong) problems.push(said.isWrong(name, text(name), mustBe[0](said)));
		checked.set(name, isWrong ? fallback : text(name));
	}
	const value = (name: Name): string => checked.get(name) ?? "";
	problems.push(...startProblems(value, said));

	const domain = value("domain");
	const certificateArn = value("certificateArn");
	if ((domain === "") !== (certificateArn === "")) {
		problems.push(said.needEachOther("domain", "certificateArn"));
	}
	const defaultEndpointIsClosed = value("defaultEndpoint") === "closed";
	if (defaultEndpointIsClosed && domain === "") {
		problems.push(said.closedNeedsDomain);
	}
	const quietHours = quietHoursOf(value("quietHours"));
	const silenceMinutes = Number(value("silenceMinutes"));
	if (quietHours !== undefined && lengthOf(quietHours) + silenceMinutes > 1_400) {
		problems.push(said.noTimeLeft);
	}
	const language = value("language");
	const [base, token] = [value("historyBase"), value("historyToken")];
	if ((base === "") !== (token === ""))
		problems.push(said.needEachOther("historyBase", "historyToken"));
	const tableName = value("tableName");
	const receiveConcurrency = value("receiveConcurrency");
	return {
		problems,
		settings: {
			onUnrecognized: value("onUnrecognized"),
			retentionDays: value("retentionDays"),
			alarmEmail: value("alarmEmail"),
			language: isLanguage(language) ? language : "en",
			silenceMinutes,
			quietHours,
			logLevel: value("logLevel"),
			tableName: tableName === "" ? `${prefix}-messages` : tableName,
			makesTable: tableName === "",
			tableDeletionProtection: value("tableDeletionProtection") === "true",
			storeConcurrency: Number(value("storeConcurrency")),
			receiveConcurrency: receiveConcurrency === "shared" ? undefined : Number(receiveConcurrency),
			throttleRate: Number(value("throttleRate")),
			throttleBurst: Number(value("throttleBurst")),
			domain: domain === "" ? undefined : { name: domain, certificateArn },
			defaultEndpointIsClosed,
			rollbackMinutes: Number(value("rollbackMinutes")),
			history:
				base === "" || token === ""
					? undefined
					: {
							...{ base, token, dialect: value("historyDialect") },
							schedule: value("historySchedule"),
							hours: value("historyHours"),
							calls: value("historyCalls"),
						},
		},
	};
}

/** The values of `name=value` words; of a name that is given twice the last one counts. */
export function givenTexts(given: readonly string[]): ReadonlyMap<string, string> {
	return new Map(
		given.map((one): [string, string] => {
			const at = one.indexOf("=");
			return at === -1 ? [one, ""] : [one.slice(0, at), one.slice(at + 1)];
		}),
	);
}

type Name = keyof typeof parameters;

function names(): Name[] {
	return Object.keys(parameters).filter(isParameter);
}

function knownNames(): string[] {
	return [...secretParameters, ...names()];
}

function isParameter(name: string): name is Name {
	return Object.hasOwn(parameters, name);
}

function isSecret(name: string): boolean {
	return secretParameters.some((one) => one === name);
}

/** What the functions themselves would say at their start, in the parameters' names. */
function startProblems(value: (name: Name) => string, said: Words["parameters"]): string[] {
	const environment: Record<string, string> = {
		// What the template sets, and Lambda; secrets.ts sees to the digests.
		...{ QUEUE_URL: "-", DEAD_LETTER_QUEUE_URL: "-", TABLE_NAME: "-" },
		...{ AWS_REGION: "-", AWS_ACCESS_KEY_ID: "-", AWS_SECRET_ACCESS_KEY: "-" },
		CALLBACK_TOKEN_DIGESTS: "*",
	};
	const variables = new Map<string, Name>();
	for (const name of names()) {
		const { variable }: Parameter = parameters[name];
		if (variable === undefined) continue;
		environment[variable] = value(name);
		variables.set(variable, name);
	}
	return receiveProblems(environment).map(({ variable, says }) => {
		const name = variables.get(variable);
		if (name === "onUnrecognized") return said.isWrong(name, value(name), said.keepOrRefuse);
		if (name === "retentionDays") return said.isWrong(name, value(name), said.daysOrForever);
		return `${variable} ${says}`;
	});
}

function quietHoursOf(text: string): QuietHours | undefined {
	return readQuietHours(text, new Date().getUTCFullYear());
}

/** RFC 1035: labels of 63 at most, 253 with their dots. */
function isHost(text: string): boolean {
	const isSpelled = /^([a-z0-9]+(-+[a-z0-9]+)*\.)+[a-z]+$/.test(text);
	return isSpelled && text.length <= 253 && text.split(".").every((label) => label.length <= 63);
}

function oneOf(...words: readonly string[]): Check {
	return [(must) => must.oneOf(words), (text) => words.includes(text)];
}

function wholeNumber(least: number, most: number): Check {
	return [(must) => must.wholeNumber(least, most), (text) => isWholeNumber(text, least, most)];
}

function isWholeNumber(text: string, least: number, most: number): boolean {
	return /^\d{1,5}$/.test(text) && Number(text) >= least && Number(text) <= most;
}
