import { BatchGetItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from "aws-lambda";
import { readRow, readStreamRecord, type Stored } from "miaohui-receiver/message";

const { MESSAGES = "", TAKEN } = process.env;
const client = new DynamoDBClient({});

/** Takes the stream's records in their order; from the first one that fails on they come again. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
	for (const record of Records) {
		try {
			await take(readStreamRecord(record));
		} catch (error) {
			console.error(error);
			return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? "" }] };
		}
	}
	return { batchItemFailures: [] };
}

/** Your work stands here. A record may come twice: this makes each revision one item all the same. */
export async function take(stored: Stored): Promise<void> {
	if (stored.kind === "incomplete") return take(await withParts(stored));
	if (stored.kind !== "message") return;
	const { pk, sk, botId, messageId = sk, sentAt } = stored.row;
	const Item = marshall({ message: JSON.stringify([pk, botId, messageId]), revision: sk, sentAt });
	await client.send(new PutItemCommand({ TableName: TAKEN, Item }));
}

/** The few texts that one item cannot hold. */
async function withParts({ row, partKeys }: Stored & { kind: "incomplete" }): Promise<Stored> {
	const RequestItems = { [MESSAGES]: { Keys: partKeys.map((key) => marshall(key)) } };
	const { Responses } = await client.send(new BatchGetItemCommand({ RequestItems }));
	const parts = Responses?.[MESSAGES]?.map((part) => unmarshall(part));
	const whole = readRow(row, parts);
	if (whole.kind === "incomplete") throw new Error("a part of its text is not there");
	return whole;
}
