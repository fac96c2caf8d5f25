import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { DeleteItemCommand, DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import {
	GetFunctionConfigurationCommand,
	InvokeCommand,
	LambdaClient,
} from "@aws-sdk/client-lambda";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import pWaitFor from "p-wait-for";
import { readTable } from "../../../lib/archive/reader.ts";
import type { Step } from "../rehearsal.ts";
import type { RehearsedStage } from "../stage.ts";
import { areOneRowEach, DEADLINE, post, succeeded, textMessage } from "./traffic.ts";

export const consumer: Step = {
	title: "a consumer of the stream",
	async run(stage) {
		// It does not shrink, so one item cannot hold it.
		const long = textMessage({ payload: { text: randomBytes(500_000).toString("base64") } });
		assert.equal(await post(stage, long), 200);
		await areOneRowEach(stage, [long]);
		succeeded(await stage.command("consumer"));
		const wanted = await stored(stage);
		let found: Taken[] = [];
		await pWaitFor(async () => {
			found = await taken(stage);
			return found.length >= wanted.length;
		}, DEADLINE).catch(() => undefined);
		assert.ok(isDeepStrictEqual(found, wanted), `${found.length} of ${wanted.length} taken`);
		await forget(stage, wanted.slice(0, 3));
		await invoke(stage, "replay", { since: "2000" });
		assert.ok(isDeepStrictEqual(await taken(stage), wanted), "and once by a replay");
		const { batchItemFailures } = await invoke(stage, "take", { Records: [incomplete] });
		assert.deepEqual(batchItemFailures, [{ itemIdentifier: "7" }]);
		const messages = new Set(wanted.map(({ message }) => message)).size;
		return {
			shown: `npm run consumer; each of the ${messages} messages of this rehearsal is taken once, their ${wanted.length} revisions told apart; a replay brings back what the consumer has lost, and nothing twice; a record that fails is named`,
			notShown:
				"records that come again, and the consumer's dead-letter queue: the engine takes an answer that names failures for a success",
		};
	},
};

/** A revision, as the consumer keeps it. */
interface Taken {
	readonly message: string;
	readonly revision: string;
}

async function stored({ tableName }: RehearsedStage): Promise<Taken[]> {
	const revisions: Taken[] = [];
	for await (const page of readTable(tableName).allRows()) {
		for (const { pk, sk, botId, messageId = sk } of page) {
			revisions.push({ message: JSON.stringify([pk, botId, messageId]), revision: sk });
		}
	}
	return sorted(revisions);
}

async function tableOf(stage: RehearsedStage): Promise<string | undefined> {
	const FunctionName = functionName(stage, "take");
	const { Environment } = await new LambdaClient({}).send(
		new GetFunctionConfigurationCommand({ FunctionName }),
	);
	return Environment?.Variables?.TAKEN;
}

async function forget(stage: RehearsedStage, revisions: readonly Taken[]): Promise<void> {
	const TableName = await tableOf(stage);
	for (const one of revisions) {
		const Key = marshall(one);
		await new DynamoDBClient({}).send(new DeleteItemCommand({ TableName, Key }));
	}
}

async function taken(stage: RehearsedStage): Promise<Taken[]> {
	const revisions: Taken[] = [];
	const TableName = await tableOf(stage);
	for await (const { Items = [] } of paginateScan(
		{ client: new DynamoDBClient({}) },
		{ TableName },
	)) {
		for (const item of Items) {
			const { message, revision } = unmarshall(item);
			revisions.push({ message, revision });
		}
	}
	return sorted(revisions);
}

function sorted(revisions: readonly Taken[]): Taken[] {
	const keyOf = ({ message, revision }: Taken): string => `${message} ${revision}`;
	return revisions.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** @returns the answer of one of the consumer's functions. */
async function invoke(
	stage: RehearsedStage,
	name: "take" | "replay",
	event: object,
): Promise<Readonly<Record<string, unknown>>> {
	const { Payload, FunctionError } = await new LambdaClient({}).send(
		new InvokeCommand({
			FunctionName: functionName(stage, name),
			Payload: JSON.stringify(event),
		}),
	);
	const answer = Payload?.transformToString() ?? "{}";
	assert.equal(FunctionError, undefined, answer);
	return JSON.parse(answer);
}

function functionName({ stage }: RehearsedStage, name: string): string {
	return `miaohui-consumer-${stage}-${name}`;
}

/** A record of a row whose text lies in another row, which is not there. */
const incomplete = {
	eventName: "INSERT",
	dynamodb: {
		SequenceNumber: "7",
		NewImage: {
			pk: { S: "chat#incomplete" },
			sk: { S: `untimed##${"x".repeat(43)}` },
			sentAt: { S: "2026-01-01T00:00:00.000Z" },
			receivedAt: { S: "2026-01-01T00:00:00.000Z" },
			conformance: { S: "documented" },
			messageParts: { N: "1" },
		},
	},
};
