import type { SQSBatchResponse, SQSEvent } from "aws-lambda";
import { openCall } from "./signed-call.ts";

const { AWS_ENDPOINT_URL_DYNAMODB = "", TABLE_NAME } = process.env;
const put = openCall(
	"dynamodb",
	"DynamoDB_20120810.PutItem",
	"1.0",
	new URL(AWS_ENDPOINT_URL_DYNAMODB),
);

/** The least that writes a batch: a put a message, signed by hand, all at once. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
	await Promise.all(
		Records.map(({ messageId, body }) =>
			put({ TableName: TABLE_NAME, Item: { pk: { S: messageId }, sk: { S: body } } }),
		),
	);
	return { batchItemFailures: [] };
}
