import { createServer, type Server } from "node:http";
import { createRequire } from "node:module";
import { text as textOf } from "node:stream/consumers";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { languages } from "../../lib/words/languages.ts";
import { alarmResources } from "../../resources/alarms.ts";
import { readSettings } from "../../resources/parameters.ts";
import { readRobot, tellRobot } from "../../resources/robot.ts";
import { robotResources } from "../../resources/robot-rules.ts";
import { readSecrets } from "../../resources/secrets.ts";
import { deliveriesOf } from "./eventbridge.ts";
import type { Resource } from "./packaged.ts";

const KEY = "0a1b2c3d-4e5f-6789-abcd-ef0123456789";
const ROBOTS = {
	wecom: `https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=${KEY}`,
	feishu: `https://open.feishu.cn/open-apis/bot/v2/hook/${KEY}`,
	dingtalk: `https://oapi.dingtalk.com/robot/send?access_token=${KEY}`,
	json: `https://hooks.example.com/in?key=${KEY}`,
} as const;
type Kind = keyof typeof ROBOTS;
const kinds = Object.keys(ROBOTS).filter((name): name is Kind => name in ROBOTS);
const STAGE = "miaohui-receiver-prod";

/** What the three robots and an address that takes JSON answer: 200 always, their verdict in the body. */
function answerOf(url: URL, body: unknown): object {
	const { msgtype, text, msg_type, content, state } = Object(body);
	switch (url.pathname) {
		case "/cgi-bin/webhook/send":
			// So long that what is told of it ends within the key.
			if (url.searchParams.get("key") !== KEY)
				return { errcode: 93000, errmsg: `${"-".repeat(460)}no ${url.search}` };
			if (msgtype !== "text") return { errcode: 40008, errmsg: "invalid message type" };
			return Buffer.byteLength(text.content) > 2_048
				? { errcode: 40058, errmsg: "content exceed max length" }
				: { errcode: 0, errmsg: "ok" };
		case `/open-apis/bot/v2/hook/${KEY}`:
			return msg_type === "text" && typeof content.text === "string"
				? { code: 0, msg: "success" }
				: { code: 9499, msg: "Bad Request" };
		case "/robot/send":
			if (url.searchParams.get("access_token") !== KEY) return { errcode: 300005 };
			// The keyword that docs/operations.md says to set.
			return msgtype === "text" && text.content.includes("miaohui-receiver")
				? { errcode: 0, errmsg: "ok" }
				: { errcode: 310000, errmsg: "关键词不匹配" };
		case "/in":
			return url.searchParams.get("key") === KEY && state !== undefined ? {} : { error: "no" };
		default:
			return { code: 19001, msg: "param invalid: incoming webhook access token invalid" };
	}
}

let server: Server;
let received: { readonly url: URL; readonly body: unknown; readonly answer: object }[];
const { fetch: realFetch } = globalThis;
beforeAll(async () => {
	server = createServer(async (request, response) => {
		const url = new URL(request.url ?? "", "http://robots");
		const body: unknown = JSON.parse(await textOf(request));
		const answer = answerOf(url, body);
		received.push({ url, body, answer });
		response.end(JSON.stringify(answer));
	}).listen(0, "127.0.0.1");
	await new Promise((resolve) => server.once("listening", resolve));
	// The robots' hosts are far away; all else of a request goes over the wire.
	vi.stubGlobal("fetch", (url: string, init: RequestInit) => realFetch(here(url), init));
});
beforeEach(() => {
	received = [];
});
afterAll(() => {
	vi.unstubAllGlobals();
	server.close();
});

function here(text: string): URL {
	const url = new URL(text);
	const address = server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	return new URL(`http://127.0.0.1:${port}${url.pathname}${url.search}`);
}

function template(url: string, language: "en" | "zh", ...given: string[]) {
	const { settings, problems } = readSettings(given, {}, STAGE);
	expect(problems).toEqual([]);
	const { robot } = readSecrets([`alarmRobot=${url}`], {}, "none: nobody");
	const words = languages[language];
	const of = (made: Readonly<Record<string, object>>): Record<string, Resource> =>
		Object.fromEntries(Object.entries(made).map(([id, one]) => [id, Object(one)]));
	return {
		alarms: of(alarmResources("miaohui-receiver", "prod", settings, words)),
		resources: of(robotResources("miaohui-receiver", "prod", { ...settings, robot }, words)),
	};
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html */
function eventOf(alarm: Resource["Properties"], value: string, previous: string): object {
	return {
		version: "0",
		id: "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
		"detail-type": "CloudWatch Alarm State Change",
		source: "aws.cloudwatch",
		time: "2026-11-24T03:04:05Z",
		detail: {
			alarmName: alarm.AlarmName,
			// Not documented for composite alarms.
			configuration: alarm.AlarmRule ? {} : { description: alarm.AlarmDescription },
			previousState: { timestamp: "2026-11-24T02:00:00.000+0000", value: previous },
			state: { reason: 'It says "so"', timestamp: "2026-11-24T03:04:05.678+0000", value },
		},
	};
}

const values = (secret: string) => ({
	...{ "AWS::Region": "cn-north-1", Consoles: "console.amazonaws.cn", AlarmRobotSecret: secret },
});

/** Sends what an event comes to. @returns the answers. */
async function deliver(
	{ resources }: ReturnType<typeof template>,
	url: string,
	event: object,
): Promise<object[]> {
	const secret = readRobot(url)?.secret ?? "";
	for (const delivery of deliveriesOf(resources, event, values(secret))) {
		await fetch(delivery.url, { method: "POST", body: delivery.body });
	}
	return received.map(({ answer }) => answer);
}

const shown = (body: unknown): string => {
	const { text, content } = Object(body);
	return content?.text ?? text?.content ?? text;
};

describe.each(kinds)("%s", (kind) => {
	const url = ROBOTS[kind];
	const taken = { wecom: { errcode: 0 }, dingtalk: { errcode: 0 }, feishu: { code: 0 }, json: {} };

	test.each(["en", "zh"] as const)("takes each alarm and its end, in %s", async (language) => {
		const all = template(url, language);
		const { robot } = languages[language];
		for (const { Properties } of Object.values(all.alarms)) {
			if (Properties.AlarmName === undefined) continue;
			const name = String(Properties.AlarmName);
			for (const [state, previous] of [
				["ALARM", "OK"],
				["OK", "ALARM"],
			] as const) {
				received = [];
				const answers = await deliver(all, url, eventOf(Properties, state, previous));
				const isTold = state === "ALARM" ? Properties.AlarmActions : Properties.OKActions;
				expect(answers, `${name} ${state}`).toEqual(
					isTold ? [expect.objectContaining(taken[kind])] : [],
				);
				for (const { body } of received) {
					const lines = shown(body).split("\n");
					const begins = [robot.alarm(name), robot.since("2026-11-24T03:04:05Z")];
					const ends = [
						robot.over(name),
						robot.fromTo("2026-11-24T02:00:00.000+0000", "2026-11-24T03:04:05Z"),
					];
					expect(lines).toEqual([
						...(state === "ALARM" ? [...begins, Properties.AlarmDescription] : ends),
						robot.dashboard(
							`https://cn-north-1.console.amazonaws.cn/cloudwatch/home?region=cn-north-1#dashboards:name=${STAGE}`,
						),
					]);
				}
			}
		}
	});

	test("is not told that a new alarm is fine, nor of what belongs to others", async () => {
		const all = template(url, "en");
		const failing = all.alarms.FailingAlarm?.Properties ?? {};
		expect(await deliver(all, url, eventOf(failing, "OK", "INSUFFICIENT_DATA"))).toEqual([]);
		const others = { ...failing, AlarmName: "payroll-failing" };
		expect(await deliver(all, url, eventOf(others, "ALARM", "OK"))).toEqual([]);
	});

	test("has its key nowhere in the resources", () => {
		expect(JSON.stringify(template(url, "en").resources)).not.toContain(KEY);
	});

	test("takes a test message, and says why it does not", async () => {
		const message = { text: languages.zh.robot.test("prod"), alarm: "", state: "TEST", time: "" };
		expect(await tellRobot(url, { ...message, state: "TEST" })).toBeUndefined();
		expect(received.map(({ body }) => shown(body))).toEqual([message.text]);
		const wrong = url.replace(KEY, "another-key");
		const why = await tellRobot(wrong, { ...message, state: "TEST" });
		if (kind !== "json") expect(why).toMatch(/^200 \{/);
		expect(String(why)).not.toContain("anoth");
	});

	test("another URL is a change of the template", () => {
		const descriptionOf = (one: string): unknown =>
			template(one, "en").resources.AlarmRobot?.Properties.Description;
		expect(descriptionOf(url)).not.toBe(descriptionOf(url.replace(KEY, "another-key")));
	});
});

test("silence with quiet hours begins, and is not said to end", async () => {
	const all = template(ROBOTS.wecom, "zh", "quietHours=22:00-08:00 Asia/Shanghai");
	const silence = all.alarms.SilenceAlarm?.Properties ?? {};
	expect(await deliver(all, ROBOTS.wecom, eventOf(silence, "ALARM", "OK"))).toHaveLength(1);
	received = [];
	expect(await deliver(all, ROBOTS.wecom, eventOf(silence, "OK", "ALARM"))).toEqual([]);
});

test("without a robot nothing of it is deployed", () => {
	expect(template("", "en").resources).toEqual({});
});

test.each([
	"http://hooks.example.com/in",
	"https://",
	"https://user:word@hooks.example.com/in",
	"https://hooks.example.com/*/in",
	"https://hooks.example.com/“in”",
	"https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
	"https://oapi.dingtalk.com/robot/send?access_token=",
	"hooks.example.com",
])("%s is no robot, and is not repeated", (url) => {
	const { robot, problems } = readSecrets([`alarmRobot=${url}`], {}, "none: nobody");
	expect(robot).toBeUndefined();
	expect(problems).toEqual([expect.stringMatching(/^alarmRobot must be the https address/)]);
	expect(problems.join()).not.toContain(url);
});

describe("the deployment", () => {
	const Deployment: unknown = createRequire(import.meta.url)("../../resources/deployment.cjs");
	const open = (settings: object, param: readonly string[] = []) => {
		if (typeof Deployment !== "function") throw new Error("resources/deployment.cjs is no plugin");
		const warnings: string[] = [];
		const provider: Record<string, unknown> = { stage: "prod" };
		const serverless = {
			service: { provider, custom: { settings: { alarmEmail: "", language: "zh", ...settings } } },
		};
		const log = { warning: (text: string) => warnings.push(text) };
		const { hooks } = Reflect.construct(Deployment, [serverless, { param }, { log }]);
		return { hooks, provider, warnings };
	};

	test("hands the key over when all that is uploaded has been written", () => {
		const { hooks, provider } = open({}, [`alarmRobot=${ROBOTS.wecom}`]);
		expect(JSON.stringify(provider)).not.toContain(KEY);
		hooks["before:aws:deploy:deploy:updateStack"]();
		expect(provider.stackParameters).toEqual([
			{ ParameterKey: "AlarmRobotSecret", ParameterValue: KEY },
		]);
	});

	test("says loudly that nobody is told, and only then", () => {
		for (const [settings, count] of [
			[{}, 1],
			[{ alarmEmail: "owner@example.invalid" }, 0],
			[{ robot: { kind: "wecom", mark: "0" } }, 0],
		] as const) {
			const { hooks, warnings } = open(settings);
			hooks["after:deploy:finalize"]();
			expect(warnings).toEqual(Array(count).fill(languages.zh.nobodyIsTold));
		}
	});
});
