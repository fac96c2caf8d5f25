import { randomUUID } from "node:crypto";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import pWaitFor, { TimeoutError } from "p-wait-for";
import { PROBE } from "../intake/probe.ts";
import { refusals } from "../intake/reply.ts";
import { callbackRow } from "../storage/row.ts";
import { type Answer, no, yes, yesUnless } from "./finding.ts";

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
			"the stage does not take this token",
			"deploy with it: CALLBACK_TOKENS=new,old npm run deploy",
		);
	}
	if (status !== 200 || errcode !== 0) {
		return no(`HTTP ${status}, ${errcode}: ${errmsg}`, FAILING);
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
			`acknowledged after ${answered} ms, but no row after ${ROW_MS / 1_000} s`,
			"nothing is lost: it waits in the queue or lies among the dead letters. See the alarms waiting, store-errors and failed-items",
		);
	}
	return yes(
		`acknowledged after ${answered} ms, a row after ${Date.now() - begin} ms; see it with --callback ${PROBE}`,
	);
}

const FAILING = "see the alarm failing in docs/operations.md, and the log of receive";

/**
 * Asks the stage to take what it must refuse: a probe with a token that nobody has, and a message of
 * which nothing could be kept. Nothing of it becomes a message, should it be let in.
 */
export async function knock(callbackUrl: string): Promise<Answer> {
	const [stranger, empty] = await Promise.all([
		post(callbackUrl, { token: randomUUID() }),
		send(callbackUrl, ""),
	]);
	const wrong: string[] = [];
	const told = ({ status, errcode }: Told): string => `HTTP ${status}, ${errcode}`;
	const isAs = (answer: Told, { status, errcode }: Told): boolean =>
		answer.status === status && answer.errcode === errcode;
	if (stranger.status === 200) wrong.push("everyone is let in, whatever the token");
	else if (!isAs(stranger, refusals.token)) wrong.push(`to a wrong token ${told(stranger)}`);
	if (!isAs(empty, refusals.empty)) wrong.push(`to an empty message ${told(empty)}`);
	return yesUnless(
		wrong,
		`${callbackUrl} answers ${told(stranger)} to a wrong token`,
		stranger.status === 200 ? "deploy with CALLBACK_TOKENS" : FAILING,
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
