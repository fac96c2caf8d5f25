import {
	type AttributeValue,
	BatchGetItemCommand,
	ConditionalCheckFailedException,
	DynamoDBClient,
	PutItemCommand,
	paginateQuery,
	paginateScan,
	QueryCommand,
	UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { isCallbackRow } from "../schema/generated/callback-row.js";
import { isRow } from "../schema/generated/row.js";
import {
	type CallbackRow,
	callbackKey,
	DIGEST_LENGTH,
	type Part,
	type Record,
	type Row,
	type VerdictAttributes,
} from "./record.ts";

/** The indexes of the table and the attribute that each is keyed on; all sort by `sk`. */
export const indexes = {
	byMessage: "messageId",
	byContact: "contactId",
	byRoom: "roomId",
	review: "review",
} as const;

/** Rows that share a key, in the order of their sort keys. */
export interface Range {
	/** An index to look into instead of the chats. */
	readonly index?: keyof typeof indexes;
	readonly key: string;
	/** Bounds of the sort key, both included. */
	readonly from: string;
	readonly to: string;
	readonly newestFirst?: boolean;
}

type Key = Pick<Row, "chatId" | "sk">;

/**
 * Writes a message once.
 *
 * @returns whether it was new, or other content of a message that was there already; a duplicate
 * leaves the table as it was.
 * @throws whatever DynamoDB answers otherwise.
 */
export type Put = (record: Record) => Promise<"stored" | "revision" | "duplicate">;

/** What the commands need. */
export interface Reader {
	/** Whole rows of one key, page by page. */
	rowsOf(range: Range): AsyncGenerator<Row[]>;
	/** Every row of a message, page by page, in no order. */
	allRows(): AsyncGenerator<Row[]>;
	/** Every row of one of the other callbacks, or of all of them; page by page, in no order. */
	callbackRows(path?: string): AsyncGenerator<CallbackRow[]>;
	/** The pieces of a long text. */
	parts(keys: readonly Key[]): Promise<Part[]>;
	/** Replaces a row's verdict, and nothing else of it. */
	updateVerdict(key: Key, verdict: VerdictAttributes): Promise<void>;
}

/** @param budgetMs how long a record's way into the table may take, all attempts together. */
export function openTable(tableName: string, budgetMs: number): Put {
	const client = new DynamoDBClient({
		maxAttempts: 3,
		requestHandler: {
			connectionTimeout: 500,
			requestTimeout: budgetMs / 2,
			throwOnRequestTimeout: true,
		},
	});
	const putOnce = async (
		item: Row | CallbackRow | Part,
		abortSignal: AbortSignal,
	): Promise<boolean> => {
		const command = new PutItemCommand({
			TableName: tableName,
			Item: marshall(item, { removeUndefinedValues: true }),
			ConditionExpression: "attribute_not_exists(chatId)",
		});
		try {
			await client.send(command, { abortSignal });
			return true;
		} catch (error) {
			if (error instanceof ConditionalCheckFailedException) return false;
			throw error;
		}
	};
	/** Other rows of the same chat, time and id: their sort keys differ in the digest only. */
	const hasSiblings = async (
		row: Row | CallbackRow,
		abortSignal: AbortSignal,
	): Promise<boolean> => {
		if (!("messageId" in row)) return false;
		const { chatId, sk } = row;
		const command = new QueryCommand({
			TableName: tableName,
			KeyConditionExpression: "chatId = :chatId AND begins_with(sk, :prefix)",
			ExpressionAttributeValues: marshall({
				":chatId": chatId,
				":prefix": sk.slice(0, -DIGEST_LENGTH),
			}),
			ConsistentRead: true,
			Limit: 2,
			Select: "COUNT",
		});
		const { Count = 0 } = await client.send(command, { abortSignal });
		return Count > 1;
	};
	return async ({ row, parts }) => {
		const signal = AbortSignal.timeout(budgetMs);
		await Promise.all(parts.map((part) => putOnce(part, signal)));
		if (!(await putOnce(row, signal))) return "duplicate";
		// The row is written: what only serves a metric must not make the message come back.
		const isRevision = await hasSiblings(row, signal).catch(() => false);
		return isRevision ? "revision" : "stored";
	};
}

/** Opens a table for the commands, which run with the usual credentials of a person. */
export function readTable(tableName: string): Reader {
	const client = new DynamoDBClient({});
	return {
		async *rowsOf({ index, key, from, to, newestFirst = false }) {
			const pages = paginateQuery(
				{ client },
				{
					TableName: tableName,
					...(index && { IndexName: index }),
					KeyConditionExpression: "#key = :key AND sk BETWEEN :from AND :to",
					ExpressionAttributeNames: {
						"#key": index ? indexes[index] : "chatId",
					},
					ExpressionAttributeValues: marshall({
						":key": key,
						":from": from,
						":to": to,
					}),
					ScanIndexForward: !newestFirst,
				},
			);
			for await (const { Items = [] } of pages) {
				yield index ? await wholeRows(Items) : Items.map(rowOf);
			}
		},
		async *allRows() {
			for await (const { Items = [] } of paginateScan(
				{ client },
				// Parts and other callbacks have none.
				{
					TableName: tableName,
					FilterExpression: "attribute_exists(conformance)",
				},
			)) {
				yield Items.map(rowOf);
			}
		},
		async *callbackRows(path) {
			const pages =
				path === undefined
					? paginateScan(
							{ client },
							{ TableName: tableName, FilterExpression: "attribute_exists(encoding)" },
						)
					: paginateQuery(
							{ client },
							{
								TableName: tableName,
								KeyConditionExpression: "chatId = :key",
								ExpressionAttributeValues: marshall({ ":key": callbackKey(path) }),
							},
						);
			for await (const { Items = [] } of pages) yield Items.map(callbackRowOf);
		},
		async parts(keys) {
			const items = await getAll(keys.map((key) => marshall(key)));
			return items.map(partOf).sort((a, b) => Number(a.sk) - Number(b.sk));
		},
		async updateVerdict({ chatId, sk }, { conformance, violations, review }) {
			const set = ["conformance = :conformance"];
			const remove: string[] = [];
			(violations ? set : remove).push(violations ? "violations = :violations" : "violations");
			(review ? set : remove).push(review ? "review = :review" : "review");
			const values = { ":conformance": conformance, ":violations": violations, ":review": review };
			await client.send(
				new UpdateItemCommand({
					TableName: tableName,
					Key: marshall({ chatId, sk }),
					UpdateExpression: `SET ${set.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`,
					ConditionExpression: "attribute_exists(chatId)",
					ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
				}),
			);
		},
	};

	/** An index holds keys only; the order of the index is kept. */
	async function wholeRows(items: Item[]): Promise<Row[]> {
		const keys = items.map(({ chatId, sk }) => ({
			...(chatId && { chatId }),
			...(sk && { sk }),
		}));
		const rows = new Map((await getAll(keys)).map(rowOf).map((row) => [idOf(row), row]));
		return keys.flatMap((key) => rows.get(idOf(unmarshall(key))) ?? []);
	}

	async function getAll(keys: Item[]): Promise<Item[]> {
		const found: Item[] = [];
		let wanted = keys;
		while (wanted.length > 0) {
			const asked = wanted.slice(0, MOST_KEYS);
			const { Responses, UnprocessedKeys } = await client.send(
				new BatchGetItemCommand({
					RequestItems: { [tableName]: { Keys: asked } },
				}),
			);
			found.push(...(Responses?.[tableName] ?? []));
			wanted = [...(UnprocessedKeys?.[tableName]?.Keys ?? []), ...wanted.slice(MOST_KEYS)];
		}
		return found;
	}
}

/** BatchGetItem takes 100 keys and returns the rest of a 16 MB answer as unprocessed. */
const MOST_KEYS = 100;

type Item = { [attribute: string]: AttributeValue };

function idOf({ chatId, sk }: { chatId?: string; sk?: string }): string {
	return JSON.stringify([chatId, sk]);
}

function rowOf(item: Item): Row {
	const row: unknown = unmarshall(item);
	if (!isRow(row))
		throw new Error(`the table holds a row of another kind: ${idOf(unmarshall(item))}`);
	return row;
}

function callbackRowOf(item: Item): CallbackRow {
	const row: unknown = unmarshall(item);
	if (!isCallbackRow(row)) throw new Error("the table holds a callback of another kind");
	return row;
}

function partOf(item: Item): Part {
	const { chatId, sk, messageGzip } = unmarshall(item);
	return { chatId, sk, messageGzip };
}
