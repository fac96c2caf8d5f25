import { createHash } from "node:crypto";
import { languages } from "../lib/words/languages.ts";

/** The group robots that are known by their hosts; `json` is any other address that takes JSON. */
export type RobotKind = "wecom" | "feishu" | "dingtalk" | "json";

/** What may be known of a robot where its URL may not. */
export interface Robot {
	readonly kind: RobotKind;
	/** Differs when the URL does, so that a deployment sees the change; 32 bits lead nobody to a key. */
	readonly mark: string;
}

/** What a message says, for robots that have fields of their own for it. */
export interface RobotMessage {
	readonly text: string;
	readonly alarm: string;
	readonly state: "ALARM" | "OK" | "TEST";
	readonly time: string;
}

interface Protocol {
	readonly hosts: readonly string[];
	/** Where every robot of the kind listens, with the name of the key that tells them apart; else the whole URL is the key. */
	readonly keyed?: { readonly endpoint: string; readonly key: string };
	readonly body: (message: RobotMessage) => object;
	/** Whether an answer's body means that the message was taken; the status does not. */
	readonly isTaken: (answer: Readonly<Record<string, unknown>>) => boolean;
}

/**
 * https://developer.work.weixin.qq.com/document/path/91770,
 * https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot,
 * https://open.dingtalk.com/document/robots/custom-robot-access
 */
const PROTOCOLS: Readonly<Record<RobotKind, Protocol>> = {
	wecom: {
		hosts: ["qyapi.weixin.qq.com"],
		keyed: { endpoint: "https://qyapi.weixin.qq.com/cgi-bin/webhook/send", key: "key" },
		body: ({ text: content }) => ({ msgtype: "text", text: { content } }),
		isTaken: ({ errcode }) => errcode === 0,
	},
	feishu: {
		hosts: ["open.feishu.cn", "open.larksuite.com"],
		body: ({ text }) => ({ msg_type: "text", content: { text } }),
		isTaken: ({ code }) => code === 0,
	},
	dingtalk: {
		hosts: ["oapi.dingtalk.com"],
		keyed: { endpoint: "https://oapi.dingtalk.com/robot/send", key: "access_token" },
		body: ({ text: content }) => ({ msgtype: "text", text: { content } }),
		isTaken: ({ errcode }) => errcode === 0,
	},
	json: { hosts: [], body: (message) => message, isTaken: () => true },
};

/** The characters that an API destination takes; `*` is a placeholder there. */
const ENDPOINT = /^https:\/\/[\w.~!'();/?:=+$,&%-]{1,2000}$/;

/**
 * Reads a robot's URL.
 *
 * @returns what may be known of it, and the secret part; undefined when it is none.
 */
export function readRobot(
	text: string,
): { readonly robot: Robot; readonly secret: string } | undefined {
	if (!ENDPOINT.test(text)) return undefined;
	const url = URL.parse(text);
	if (url === null) return undefined;
	const kind = kindOf(url.hostname);
	const { keyed } = PROTOCOLS[kind];
	const secret = keyed === undefined ? text : url.searchParams.get(keyed.key);
	if (!secret) return undefined;
	const mark = createHash("sha256").update(text).digest("hex").slice(0, 8);
	return { robot: { kind, mark }, secret };
}

function kindOf(host: string): RobotKind {
	if (PROTOCOLS.wecom.hosts.includes(host)) return "wecom";
	if (PROTOCOLS.feishu.hosts.includes(host)) return "feishu";
	return PROTOCOLS.dingtalk.hosts.includes(host) ? "dingtalk" : "json";
}

/** Where a kind of robots listens, and which part of the query is the key; undefined when the URL is. */
export function keyedEndpoint(kind: RobotKind): Protocol["keyed"] {
	return PROTOCOLS[kind].keyed;
}

/** The JSON that a robot takes. */
export function robotBody(kind: RobotKind, message: RobotMessage): string {
	return JSON.stringify(PROTOCOLS[kind].body(message));
}

const LONGEST_SAID = 500;

/**
 * Sends one message to a robot from here, and reads its answer: robots say in the body of a 200 that
 * they did not take a message, where EventBridge does not look.
 *
 * @param url of the robot, as {@link readRobot} takes it.
 * @returns why it was not taken, without the URL; undefined when it was.
 */
export async function tellRobot(url: string, message: RobotMessage): Promise<string | undefined> {
	const read = readRobot(url);
	if (read === undefined) return languages.en.parameters.badRobot;
	const { kind } = read.robot;
	try {
		const answer = await fetch(url, {
			method: "POST",
			headers: { "content-type": "application/json; charset=utf-8" },
			body: robotBody(kind, message),
			redirect: "error",
			// What EventBridge gives an API destination.
			signal: AbortSignal.timeout(5_000),
		});
		const said = await answer.text();
		return answer.ok && PROTOCOLS[kind].isTaken(objectOf(said))
			? undefined
			: `${answer.status} ${said.replaceAll(read.secret, "*").slice(0, LONGEST_SAID)}`;
	} catch (error) {
		return error instanceof Error ? error.name : "it does not answer";
	}
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
	try {
		return Object(JSON.parse(text));
	} catch {
		return {};
	}
}
