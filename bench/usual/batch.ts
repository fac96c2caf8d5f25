import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";

const processor = new BatchProcessor(EventType.SQS);
const client = new DynamoDBClient({});

/** The usual way to write a batch: Powertools around the SDK's client, with its defaults. */
export function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
	return processPartialResponse(event, store, processor, { context });
}

async function store({ body }: SQSRecord): Promise<void> {
	const { row, text } = JSON.parse(body);
	const Item = marshall({ ...row, text }, { removeUndefinedValues: true });
	await client.send(
		new PutItemCommand({
			TableName: process.env.TABLE_NAME,
			Item,
			ConditionExpression: "attribute_not_exists(pk)",
		}),
	);
}
