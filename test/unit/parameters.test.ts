import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parameters, readSettings, secretParameters } from "../../resources/parameters.ts";
import { readQuietHours } from "../../resources/quiet-hours.ts";

const read = (...given: string[]) => readSettings(given, {}, "miaohui-receiver-prod");

test("nothing said is the default of everything", () => {
	expect(read()).toEqual({
		problems: [],
		settings: {
			onUnrecognized: "keep",
			retentionDays: "forever",
			alarmEmail: "",
			language: "en",
			silenceMinutes: 30,
			quietHours: undefined,
			logLevel: "WARN",
			tableName: "miaohui-receiver-prod-messages",
			makesTable: true,
			tableDeletionProtection: true,
			storeConcurrency: 5,
			receiveConcurrency: undefined,
			throttleRate: 100,
			throttleBurst: 500,
			domain: undefined,
			defaultEndpointIsClosed: false,
			rollbackMinutes: 5,
			history: undefined,
		},
	});
});

test.each([
	["retentionDays=90d", 'retentionDays is "90d", but must be a number of days or "forever"'],
	["retentionDays=", 'retentionDays is "", but must be a number of days or "forever"'],
	["onUnrecognized=reject", 'onUnrecognized is "reject", but must be "keep" or "refuse"'],
	["silenceMinutes=0", 'silenceMinutes is "0", but must be a whole number from 1 to 1400'],
	["silenceMinutes=1e3", 'silenceMinutes is "1e3", but must be a whole number from 1 to 1400'],
	[
		"logLevel=warn",
		'logLevel is "warn", but must be TRACE, DEBUG, INFO, WARN, ERROR, SILENT or CRITICAL',
	],
	["tableDeletionProtection=no", 'tableDeletionProtection is "no", but must be true or false'],
	["storeConcurrency=1", 'storeConcurrency is "1", but must be a whole number from 2 to 1000'],
	[
		"receiveConcurrency=0",
		'receiveConcurrency is "0", but must be a whole number from 1 to 10000, or "shared"',
	],
	["language=fr", 'language is "fr", but must be en or zh'],
	["alarmEmail=somebody", 'alarmEmail is "somebody", but must be an e-mail address'],
	[
		"quietHours=22-8",
		'quietHours is "22-8", but must be hours and a time zone, such as "22:00-08:00 Asia/Shanghai"',
	],
	[
		"quietHours=22:00-08:00 Asia/Nowhere",
		'quietHours is "22:00-08:00 Asia/Nowhere", but must be hours and a time zone, such as "22:00-08:00 Asia/Shanghai"',
	],
	["tableName=a b", 'tableName is "a b", but must be 3 to 255 letters, digits or . _ -'],
	[
		"domain=https://a.example.com",
		'domain is "https://a.example.com", but must be the name of a host, such as callbacks.example.com',
	],
	...["-a.example.com", "a-.example.com", "a..com", "com", `${"a".repeat(64)}.com`].map(
		(host): [string, string] => [
			`domain=${host}`,
			`domain is "${host}", but must be the name of a host, such as callbacks.example.com`,
		],
	),
	[`domain=${"a".repeat(63)}.a--b.com`, "domain and certificateArn need each other"],
	["domain=a.example.com", "domain and certificateArn need each other"],
	["historyBase=https://h.example.com/x", "historyBase and historyToken need each other"],
	[
		"historyBase=http://127.0.0.1/",
		'historyBase is "http://127.0.0.1/", but must be the address below which message/history is, with https://',
	],
	[
		"historySchedule=1 minute",
		'historySchedule is "1 minute", but must be how often, such as 30 minutes or 2 hours',
	],
	["defaultEndpoint=closed", "defaultEndpoint=closed needs a domain, or nobody could call"],
	[
		"retentiondays=90",
		`retentiondays is no parameter; there are ${[...secretParameters, ...Object.keys(parameters)].join(", ")}`,
	],
])("%s is told before anything is deployed", (given, problem) => {
	expect(read(given).problems).toEqual([problem]);
});

test("in a Chinese locale the problems are told in Chinese", () => {
	const given = ["retentionDays=90d", "silenceMinutes=0", "stages=prod", "language=fr"];
	const { problems } = readSettings(given, { LANG: "zh_CN.UTF-8" }, "");
	expect(problems).toEqual([
		expect.stringMatching(/^没有参数 stages；可用的有 tokens, /),
		'language 是 "fr"，应为 en、zh 之一',
		'silenceMinutes 是 "0"，应为 1 到 1400 的整数',
		'retentionDays 是 "90d"，应为天数，或 "forever"',
	]);
});

test("every problem is told at once, and what is wrong has its default", () => {
	const { settings, problems } = read("silenceMinutes=x", "onUnrecognized=reject", "stages=prod");
	expect(problems.map((problem) => problem.split(" ")[0])).toEqual([
		"stages",
		"silenceMinutes",
		"onUnrecognized",
	]);
	expect(settings.silenceMinutes).toBe(30);
});

test("what is said is what is read; the environment is asked only where nothing is said", () => {
	const environment = { ON_UNRECOGNIZED: "refuse", LOG_LEVEL: "ERROR" };
	const certificateArn = "arn:aws-cn:acm:cn-north-1:123456789012:certificate/a";
	const { settings, problems } = readSettings(
		[
			...["logLevel=INFO", "retentionDays=90", "receiveConcurrency=50", "tableName=restored"],
			...["domain=callbacks.example.com", `certificateArn=${certificateArn}`],
			...["defaultEndpoint=closed", "quietHours=22:00-08:00 Asia/Shanghai"],
		],
		environment,
		"p",
	);
	expect(problems).toEqual([]);
	expect(settings).toMatchObject({
		onUnrecognized: "refuse",
		logLevel: "INFO",
		retentionDays: "90",
		receiveConcurrency: 50,
		tableName: "restored",
		makesTable: false,
		domain: { name: "callbacks.example.com", certificateArn },
		defaultEndpointIsClosed: true,
		quietHours: { from: 14 * 60, to: 0 },
	});
});

describe("quiet hours", () => {
	test.each([
		["22:00-08:00 Asia/Shanghai", { from: 14 * 60, to: 0 }],
		["22:00-08:00 UTC", { from: 22 * 60, to: 8 * 60 }],
		["22:30-07:15 Asia/Kolkata", { from: 17 * 60, to: 105 }],
		// At +1 and at +2 hours: quiet at either.
		["22:00-08:00 Europe/Berlin", { from: 20 * 60, to: 7 * 60 }],
		["00:00-06:00 America/New_York", { from: 4 * 60, to: 11 * 60 }],
	])("%s", (text, minutes) => {
		expect(readQuietHours(text, 2026)).toEqual(minutes);
	});
	test.each(["", "22:00-22:00 UTC", "24:00-08:00 UTC", "22:00-08:60 UTC", "22:00-08:00"])(
		"%j are none",
		(text) => {
			expect(readQuietHours(text, 2026)).toBeUndefined();
		},
	);
});

test("the page names every parameter, and its default", () => {
	const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
	const rows = page.split("\n").flatMap((line) => {
		const [, name, fallback] = /^\| `(\w+)` \| `?([\w, ]+)`? \|/.exec(line) ?? [];
		return name === undefined ? [] : [[name, fallback]];
	});
	const told = Object.entries(parameters).flatMap(([name, { fallback }]) => [
		[name, fallback || "none"],
		...(name === "alarmEmail" ? [["alarmRobot", "none"]] : []),
	]);
	expect(rows.slice(0, told.length + 2)).toEqual([
		["tokens", "none, needed"],
		["keys", "none"],
		...told,
	]);
});
