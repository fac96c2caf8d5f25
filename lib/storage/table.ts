import {
	ConditionalCheckFailedException,
	DynamoDBClient,
	GetItemCommand,
	PutItemCommand,
	QueryCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { openConnection } from "./connection.ts";
import { openDirectory } from "./directory.ts";
import type { Entry, Item, Items, Part } from "./record.ts";
import { DIGEST_LENGTH, isOfMessage, messageIdOf, type RowKey, storingPlace } from "./row.ts";

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
export function openTable(tableName: string, budgetMs: number, connection = openConnection()): Put {
	const client = new DynamoDBClient({
		maxAttempts: 3,
		requestHandler: {
			connectionTimeout: 500,
			requestTimeout: budgetMs / 2,
			throwOnRequestTimeout: true,
			...connection.agents,
		},
	});
	// A process that was held up after a request, as those with a share of a CPU are, reads the answer
	// before it hears that the request was sent, and only after both is the connection free for the next.
	client.middlewareStack.add(
		(next) => async (request) => {
			await connection.check();
			return next(request);
		},
		{ step: "finalizeRequest" },
	);
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
	/** Of messages that this process has met, the row that arrived first. */
	const met = new Map<string, Arrived>();
	const meet = (row: Item): string | undefined => {
		// What the history tells is no revision of what was pushed.
		if (!isOfMessage(row) || messageIdOf(row) === undefined || row.origin) return undefined;
		const message = JSON.stringify([row.pk, prefixOf(row), row.botId]);
		const first = met.get(message);
		// Not the row itself, which may have 400 KB.
		const { receivedAt, sk } = row;
		if (!first || isEarlier(row, first)) met.set(message, { receivedAt, sk });
		const [oldest] = met.keys();
		if (met.size > MOST_MET && oldest !== undefined) met.delete(oldest);
		return message;
	};
	/**
	 * Whether another row of the same message arrived before this one: their sort keys differ in the
	 * digest only. A read that need not be consistent costs half, and does not see what was written just
	 * now: of that the process knows itself, unless another one wrote it. To count exactly would cost a
	 * second write a message.
	 */
	const hasEarlier = async (
		row: Item,
		message: string,
		abortSignal: AbortSignal,
	): Promise<boolean> => {
		const first = met.get(message);
		if (first && isEarlier(first, row)) return true;
		const command = new QueryCommand({
			TableName: tableName,
			KeyConditionExpression: "pk = :pk AND begins_with(sk, :prefix)",
			ExpressionAttributeValues: marshall({ ":pk": row.pk, ":prefix": prefixOf(row) }),
			ProjectionExpression: "sk, receivedAt, botId, origin",
			// Of the first ten of however many a sender makes one is earlier.
			Limit: 10,
		});
		const { Items = [] } = await client.send(command, { abortSignal });
		return Items.map((item) => unmarshall(item)).some(
			(other) =>
				// Several bots may share a chat (docs/platform.md "Duplicates"): each has its own message.
				isOfMessage(row) &&
				other.botId === row.botId &&
				other.origin === undefined &&
				isEarlier({ receivedAt: "", sk: "", ...other }, row),
		);
	};
	return async ({ row, parts, entries }) => {
		const signal = AbortSignal.timeout(budgetMs);
		await Promise.all([
			...parts.map((part) => putLasting(part, signal)),
			...entries.map((entry) => enter(entry, signal)),
		]);
		const message = meet(row);
		const item = { ...row, ...storingPlace(row, Date.now()) };
		if (!(await putIf(item, IS_NEW, undefined, signal))) return "duplicate";
		// The row is written: what only serves a metric must not make the message come back.
		const isRevision =
			message !== undefined && (await hasEarlier(row, message, signal).catch(() => false));
		return isRevision ? "revision" : "stored";
	};
}

/** What the sort keys of a message's rows have in common. */
function prefixOf({ sk }: RowKey): string {
	return sk.slice(0, -DIGEST_LENGTH);
}

type Arrived = Pick<Item, "receivedAt" | "sk">;

function isEarlier(a: Arrived, b: Arrived): boolean {
	return a.receivedAt < b.receivedAt || (a.receivedAt === b.receivedAt && a.sk < b.sk);
}

/** More than are written until a read sees them. */
const MOST_MET = 1_000;

const IS_NEW = "attribute_not_exists(pk)";
