import { DynamoDBClient, GetItemCommand, paginateQuery } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { readRow, STORING_SHARDS } from "miaohui-receiver/message";
import { take } from "./handler.ts";

const { MESSAGES: TableName } = process.env;
const client = new DynamoDBClient({});

/**
 * Takes again what was stored in a time, because the stream forgets after 24 hours, and a message of
 * the dead-letter queue names only the time of its records.
 *
 * @param time ISO 8601, as in `{"since": "2026-01-31T08:00", "until": "2026-01-31T09:00"}`.
 */
export async function handler(time: { since: string; until?: string }): Promise<{ rows: number }> {
	let rows = 0;
	for (const shard of STORING_SHARDS) {
		const pages = paginateQuery(
			{ client },
			{
				...{ TableName, IndexName: "byStored" },
				KeyConditionExpression: "#shard = :shard AND storedAt BETWEEN :since AND :until",
				ExpressionAttributeNames: { "#shard": "shard" },
				ExpressionAttributeValues: marshall({
					":shard": shard,
					":since": time.since,
					":until": time.until ?? "9",
				}),
			},
		);
		for await (const { Items = [] } of pages) {
			for (const item of Items) {
				const { pk, sk } = unmarshall(item);
				const { Item } = await client.send(
					new GetItemCommand({ TableName, Key: marshall({ pk, sk }) }),
				);
				if (Item === undefined) continue;
				await take(readRow(unmarshall(Item)));
				rows++;
			}
		}
	}
	return { rows };
}
