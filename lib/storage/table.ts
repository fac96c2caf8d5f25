import {
	ConditionalCheckFailedException,
	DynamoDBClient,
	GetItemCommand,
	PutItemCommand,
	QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { openDirectory } from "./directory.ts";
import type { Entry, Item, Items, Part } from "./record.ts";
import { DIGEST_LENGTH, isOfMessage, messageIdOf, storingPlace } from "./row.ts";

/** What a put has found: a duplicate leaves the table as it was. */
export type Outcome = "stored" | "revision" | "duplicate";

/**
 * Writes a message once.
 *
 * @returns whether it was new, or other content of a message that came before, or there already.
 * @throws whatever DynamoDB answers otherwise.
 */
export type Put = (items: Items) => Promise<Outcome>;

/** @param budgetMs how long a message's way into the table may take, all attempts together. */
export function openTable(tableName: string, budgetMs: number): Put {
	const client = new DynamoDBClient({
		maxAttempts: 3,
		requestHandler: {
			connectionTimeout: 500,
			requestTimeout: budgetMs / 2,
			throwOnRequestTimeout: true,
		},
	});
	const putIf = async (
		item: Item | Part | Entry,
		condition: string,
		values: Record<string, unknown> | undefined,
		abortSignal: AbortSignal,
	): Promise<boolean> => {
		const command = new PutItemCommand({
			TableName: tableName,
			Item: marshall(item, { removeUndefinedValues: true }),
			ConditionExpression: condition,
			...(values && { ExpressionAttributeValues: marshall(values) }),
		});
		try {
			await client.send(command, { abortSignal });
			return true;
		} catch (error) {
			if (error instanceof ConditionalCheckFailedException) return false;
			throw error;
		}
	};
	/** What is there already, such as a part from a try that did not come to the row, may expire too early. */
	const putLasting = (item: Part | Entry, signal: AbortSignal): Promise<boolean> =>
		item.expiresAt === undefined
			? putIf(item, `${IS_NEW} OR attribute_exists(expiresAt)`, undefined, signal)
			: putIf(item, `${IS_NEW} OR expiresAt < :at`, { ":at": item.expiresAt }, signal);
	const enter = openDirectory(async ({ pk, sk, expiresAt }, abortSignal) => {
		const command = new GetItemCommand({ TableName: tableName, Key: marshall({ pk, sk }) });
		const { Item } = await client.send(command, { abortSignal });
		if (Item?.expiresAt === undefined) return Item !== undefined;
		return expiresAt !== undefined && Number(Item.expiresAt.N) >= expiresAt;
	}, putLasting);
	/**
	 * Whether another row of the same message arrived before this one: their sort keys differ in the
	 * digest only. Of two that are written at the same moment one counts at most; to count them exactly
	 * would cost a second write a message. What the history tells is no revision of what was pushed.
	 */
	const hasEarlier = async (row: Item, abortSignal: AbortSignal): Promise<boolean> => {
		if (!isOfMessage(row) || messageIdOf(row) === undefined || row.origin) return false;
		const { pk, sk, botId, receivedAt } = row;
		const command = new QueryCommand({
			TableName: tableName,
			KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
			ExpressionAttributeValues: marshall({ ":pk": pk, ":prefix": sk.slice(0, -DIGEST_LENGTH) }),
			ProjectionExpression: "sk, receivedAt, botId, origin",
			ConsistentRead: true,
			// Of the first ten of however many a sender makes one is earlier.
			Limit: 10,
		});
		const { Items = [] } = await client.send(command, { abortSignal });
		return Items.map((item) => unmarshall(item)).some(
			(other) =>
				// Several bots may share a chat (docs/platform.md "Duplicates"): each has its own message.
				other.botId === botId &&
				other.origin === undefined &&
				(other.receivedAt < receivedAt || (other.receivedAt === receivedAt && other.sk < sk)),
		);
	};
	return async ({ row, parts, entries }) => {
		const signal = AbortSignal.timeout(budgetMs);
		await Promise.all([
			...parts.map((part) => putLasting(part, signal)),
			...entries.map((entry) => enter(entry, signal)),
		]);
		const item = { ...row, ...storingPlace(row, Date.now()) };
		if (!(await putIf(item, IS_NEW, undefined, signal))) return "duplicate";
		// The row is written: what only serves a metric must not make the message come back.
		return (await hasEarlier(row, signal).catch(() => false)) ? "revision" : "stored";
	};
}

const IS_NEW = "attribute_not_exists(pk)";
