import assert from "node:assert/strict";
import { CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import pMap from "p-map";
import pWaitFor from "p-wait-for";
import { countQueue } from "../../../lib/archive/queue-counts.ts";
import { readRequest } from "../../../lib/intake/request.ts";
import { ANYONE } from "../../../lib/intake/secret.ts";
import { packEnvelope } from "../../../lib/storage/envelope.ts";
import { expected, sampleBody, sampleNames } from "../../../samples/samples.ts";
import { keepLedgerOf } from "../../ledger.ts";
import type { Off } from "../../ledger-off.ts";
import { triesInLog } from "../../outage.ts";
import { startFakePlatform } from "../../platform.ts";
import type { Step } from "../rehearsal.ts";
import type { RehearsedStage } from "../stage.ts";
import {
	areAcknowledged,
	areOneRowEach,
	DEADLINE,
	deliver,
	post,
	printedRows,
	succeeded,
	textMessage,
} from "./traffic.ts";

export const samples: Step = {
	title: "all samples",
	async run(stage) {
		const wanted = new Map<unknown, string>();
		const taken: string[] = [];
		for (const name of sampleNames) {
			const { conformance = "" } = expected[`${name}.json`] ?? {};
			const isUnreadable = conformance === "unreadable";
			// Some have no token; with a key in the path everything is kept, even what cannot be read.
			const path = isUnreadable ? "message" : `${stage.key}/message`;
			assert.equal(await post(stage, sampleBody(name), path), isUnreadable ? 400 : 200, name);
			if (isUnreadable) continue;
			taken.push(sampleBody(name));
			wanted.set(sampleBody(name).replaceAll(stage.token, ""), conformance);
		}
		await areOneRowEach(stage, taken);
		const rows = await printedRows(stage, ["--revisions"]);
		const odd = rows.filter(({ message, conformance }) => wanted.get(message) !== conformance);
		assert.deepEqual([odd, rows.length], [[], wanted.size]);
		return {
			shown: `${sampleNames.length} sent; ${rows.length} different texts are rows to the letter, with the right verdict`,
		};
	},
};

export const repetitions: Step = {
	title: "retries, revisions, two bots",
	async run(stage) {
		const messageId = "repetitions";
		const first = textMessage({ messageId });
		const second = textMessage({ messageId, payload: { text: "with more of it" } });
		const ofOtherBot = textMessage({ messageId, botId: "other", chatId: "other" });
		const sent = [...Array<string>(TIMES).fill(first), second, ofOtherBot];
		// Twenty cold starts at once may be too many for this machine.
		areAcknowledged(await Promise.all(sent.map((body) => deliver(stage, body))));
		await areOneRowEach(stage, sent);
		const messages = await printedRows(stage, ["--message", messageId]);
		const revisions = messages.map((message) => Number(message.revisions)).sort();
		assert.deepEqual(revisions, [1, 2]);
		return {
			shown: `the same text ${TIMES} times at once is one row, another text of the message its revision, the other bot's copy a message of its own`,
		};
	},
};

const TIMES = 20;

const missedIds = Array.from({ length: 20 }, (_, n) => `outage-${n}`);
const missed = missedIds.map((messageId) => textMessage({ messageId }));

export const outage: Step = {
	title: "an outage of the table",
	async run(stage) {
		await stage.setTable(false);
		try {
			areAcknowledged(await pMap(missed, (body) => post(stage, body), { concurrency: 5 }));
			await pWaitFor(async () => {
				const tried = triesInLog(await storeLog(stage));
				return missedIds.every((id) => tried.has(id));
			}, DEADLINE);
		} finally {
			await stage.setTable(true);
		}
		return {
			shown: `${missed.length} callbacks were acknowledged while DynamoDB answered 500, and each was tried in vain`,
		};
	},
};

/** Some steps later, because a message waits for half a minute, or for a minute, before its next try. */
export const healing: Step = {
	title: "its end",
	async run(stage) {
		await areOneRowEach(stage, missed);
		return { shown: "each of them has become one row by itself" };
	},
};

async function storeLog({ stage }: RehearsedStage): Promise<string> {
	const logGroupName = `/aws/lambda/miaohui-receiver-${stage}-store`;
	const client = new CloudWatchLogsClient({});
	const lines: string[] = [];
	for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName })) {
		lines.push(...events.map(({ message = "" }) => message));
	}
	return lines.join("\n");
}

export const deadLetters: Step = {
	title: "dead letters",
	async run(stage) {
		const queue = new SQSClient({ useQueueUrlAsEndpoint: false });
		const poison = { QueueUrl: stage.queueUrl, MessageBody: "no envelope" };
		await queue.send(new SendMessageCommand(poison));
		// As if an older version could not store it.
		const body = textMessage({ messageId: "set-aside" });
		const { body: MessageBody } = packEnvelope(await envelopeOf(body));
		const QueueUrl = stage.deadLetterQueueUrl;
		await queue.send(new SendMessageCommand({ QueueUrl, MessageBody }));
		const areThere = (count: number) =>
			pWaitFor(async () => (await countQueue(queue, QueueUrl)).all === count, DEADLINE);
		await areThere(2);
		const shown = await stage.command("dead-letters");
		succeeded(shown);
		assert.match(shown.all, /not an envelope/);
		assert.match(shown.all, /message set-aside/);
		const redriven = await stage.command("redrive");
		succeeded(redriven);
		assert.match(redriven.all, /2 moved back/);
		await areOneRowEach(stage, [body]);
		await areThere(1);
		return {
			shown:
				"a poisoned message is set aside with its reason; redriven, what can be stored is a row, and the poisoned one is back",
		};
	},
};

async function envelopeOf(body: string) {
	const request = { method: "POST", path: "/message", query: "", timeEpoch: Date.now(), body };
	const { envelope } = await readRequest(
		{ ...request, isBase64Encoded: false },
		{ credentials: ANYONE, keys: [], onUnrecognized: "keep" },
	);
	if (envelope === undefined) throw new Error("receive would refuse it");
	return envelope;
}

export const ledger: Step = {
	title: "the ledger",
	async run(stage) {
		const platform = await startFakePlatform();
		const off: Off = {
			...{ platform, withFaults: true },
			backfill: (options) =>
				stage.command("backfill", ["--base", platform.historyBase, ...options], {
					env: { HISTORY_TOKEN: stage.token },
				}),
		};
		try {
			const ledger = await keepLedgerOf(stage, { messages: 2_000, seed: 1, off });
			const { differences, ...found } = ledger;
			assert.deepEqual(differences, []);
			return {
				shown: `${found.sent} sent, ${found.acknowledged} acknowledged, ${found.refused} refused by the contract, ${found.rows} rows; the URL off for ${found.unsent}, ${found.filled} filled from the history, 0 differences; ${Math.round(found.perSecond)} a second`,
			};
		} finally {
			await platform.stop();
		}
	},
};
