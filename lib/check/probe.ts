import { randomUUID } from "node:crypto";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import pWaitFor, { TimeoutError } from "p-wait-for";
import { PROBE } from "../intake/probe.ts";
import { refusals } from "../intake/reply.ts";
import { callbackRow } from "../storage/row.ts";
import { type Answer, no, type Say, yes, yesUnless } from "./finding.ts";

const ANSWER_MS = 15_000;
const ROW_MS = 30_000;
const POLL_MS = 250;

/**
 * Posts a probe as the platform posts a callback, and waits for its row: the same text, but for the
 * token, under the key that follows from it.
 *
 * @param callbackUrl the URL of messages.
 * @param token an accepted one. Nothing that is returned or thrown says it.
 */
export async function sendProbe(
	callbackUrl: string,
	tableName: string,
	token: string,
): Promise<Answer> {
	const nonce = randomUUID();
	const begin = Date.now();
	const { status, errcode, errmsg } = await post(callbackUrl, { probe: nonce, token });
	const answered = Date.now() - begin;
	if (status === refusals.token.status) {
		return no(
			({ checks }) => checks.tokenRefused,
			({ checks }) => checks.deployWithIt,
		);
	}
	if (status !== 200 || errcode !== 0) {
		return no(() => `HTTP ${status}, ${errcode}: ${errmsg}`, FAILING);
	}
	const text = JSON.stringify({ probe: nonce, token: "" });
	const line = { method: "POST", path: PROBE, query: "", encoding: "utf8" } as const;
	const { pk, sk } = callbackRow(text, line, { receivedAt: "", blanked: 1 });
	const client = new DynamoDBClient({});
	const command = new GetItemCommand({
		TableName: tableName,
		Key: marshall({ pk, sk }),
		ConsistentRead: true,
	});
	const isThere = async (): Promise<boolean> => {
		const { Item } = await client.send(command);
		return Item !== undefined && unmarshall(Item).message === text;
	};
	try {
		await pWaitFor(isThere, { interval: POLL_MS, timeout: ROW_MS });
	} catch (error) {
		if (!(error instanceof TimeoutError)) throw error;
		return no(
			({ checks }) => checks.noRow(answered, ROW_MS / 1_000),
			({ checks }) => checks.notLost,
		);
	}
	const stored = Date.now() - begin;
	return yes(({ checks }) => checks.isRow(answered, stored, PROBE));
}

const FAILING: Say = ({ checks }) => checks.failing;

/**
 * Asks the stage to take what it must refuse: a probe with a token that nobody has, and a message of
 * which nothing could be kept. Nothing of it becomes a message, should it be let in.
 */
export async function knock(callbackUrl: string): Promise<Answer> {
	const [stranger, empty] = await Promise.all([
		post(callbackUrl, { token: randomUUID() }),
		send(callbackUrl, ""),
	]);
	const wrong: Say[] = [];
	const told = ({ status, errcode }: Told): string => `HTTP ${status}, ${errcode}`;
	const isAs = (answer: Told, { status, errcode }: Told): boolean =>
		answer.status === status && answer.errcode === errcode;
	if (stranger.status === 200) wrong.push(({ checks }) => checks.everyone);
	else if (!isAs(stranger, refusals.token)) {
		wrong.push(({ checks }) => checks.toStranger(told(stranger)));
	}
	if (!isAs(empty, refusals.empty)) wrong.push(({ checks }) => checks.toEmpty(told(empty)));
	return yesUnless(
		wrong,
		({ checks }) => checks.refuses(callbackUrl, told(stranger)),
		stranger.status === 200 ? ({ checks }) => checks.deployWithTokens : FAILING,
	);
}

interface Told {
	readonly status: number;
	readonly errcode: number;
}

function post(callbackUrl: string, body: object) {
	return send(new URL(PROBE, callbackUrl).href, JSON.stringify(body));
}

async function send(url: string, body: string) {
	const response = await fetch(url, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body,
		signal: AbortSignal.timeout(ANSWER_MS),
	});
	// What answers may be anything that stands at this host.
	const said: unknown = await response.json().catch(() => undefined);
	const { errcode, errmsg } = { errcode: undefined, errmsg: undefined, ...Object(said) };
	return { status: response.status, errcode: Number(errcode), errmsg: String(errmsg) };
}
