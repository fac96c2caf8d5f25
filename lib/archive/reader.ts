import {
	type AttributeValue,
	BatchGetItemCommand,
	DynamoDBClient,
	paginateQuery,
	paginateScan,
	UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { isCallbackRow } from "../schema/generated/callback-row.js";
import { isMessageRow } from "../schema/generated/message-row.js";
import type { Part, Text } from "../storage/record.ts";
import {
	type CallbackRow,
	callbackKey,
	chatKey,
	keyOf,
	type MessageRow,
	type RowKey,
	SHARDS,
	type VerdictAttributes,
} from "../storage/row.ts";

/** A message's row with its text, or with what tells where that is. */
export type MessageItem = MessageRow & Text;

/** The same of another callback. */
export type CallbackItem = CallbackRow & Text;

/** The indexes of the table and the attribute that each is keyed on; all sort by `sk`. */
const indexes = {
	byMessage: "messageId",
	byContact: "contactId",
	byRoom: "roomId",
	review: "review",
} as const;

/** A key of the table or of one of its indexes. */
export interface Place {
	readonly index?: keyof typeof indexes;
	readonly key: string;
}

/** Where the rows lie that an id names, by what it is the id of. */
export const places = {
	chat: (id: string): Place => ({ key: chatKey(id) }),
	contact: (id: string): Place => ({ index: "byContact", key: keyOf(id) }),
	room: (id: string): Place => ({ index: "byRoom", key: keyOf(id) }),
	message: (id: string): Place => ({ index: "byMessage", key: keyOf(id) }),
} as const;

/** Everywhere where messages that want a look are. */
export const reviewPlaces: readonly Place[] = SHARDS.map((key) => ({ index: "review", key }));

/** Rows that share a key, in the order of their sort keys. */
export interface Range extends Place {
	/** Bounds of the sort key, both included. */
	readonly from: string;
	readonly to: string;
	readonly newestFirst?: boolean;
}

/** What the index of storing tells of a row without reading it. */
export interface StoredKey extends RowKey {
	/** ISO 8601 in ms. */
	readonly storedAt: string;
	readonly receivedAt: string;
	readonly botId?: string;
}

/** A part of the order of storing. */
export interface StoredRange {
	/** Bounds of `storedAt`, ISO 8601 in ms, both included. */
	readonly from: string;
	readonly to: string;
	readonly newestFirst?: boolean;
	/** How many keys one call reads of a shard. */
	readonly pageSize?: number;
}

/** What a person can ask of a table. What has expired is gone, whether DynamoDB has deleted it or not. */
export interface Reader {
	/** Whole rows of one key, page by page. */
	rowsOf(range: Range): AsyncGenerator<MessageItem[]>;
	/** Every row of a message, page by page, in no order. */
	allRows(): AsyncGenerator<MessageItem[]>;
	/** Every row of one of the other callbacks, or of all of them; page by page, in no order. */
	callbackRows(path?: string): AsyncGenerator<CallbackItem[]>;
	/** Keys of one shard, of messages and other callbacks, in the order of their storing. */
	storedKeys(shard: string, range: StoredRange): AsyncGenerator<StoredKey[]>;
	/** Those rows that are there, in the order of the keys. */
	rowsAt(keys: readonly RowKey[]): Promise<(MessageItem | CallbackItem)[]>;
	/** Those pieces of a long text that are there, in no order. */
	parts(keys: readonly RowKey[]): Promise<Part[]>;
	/** Replaces a row's verdict, and nothing else of it. */
	updateVerdict(key: RowKey, verdict: VerdictAttributes): Promise<void>;
}

/**
 * Opens a table for a person with the usual credentials.
 *
 * @param onOdd is told of each row that is none of ours; those beside it are handed out all the same.
 */
export function readTable(tableName: string, onOdd: (key: RowKey) => void = () => {}): Reader {
	const client = new DynamoDBClient({});
	const messageRows = (items: readonly Item[]): MessageItem[] =>
		items.flatMap((item) => rowOf(item, isMessageRow, onOdd)).filter(isLive);
	return {
		async *rowsOf({ index, key, from, to, newestFirst = false }) {
			const pages = paginateQuery(
				{ client },
				{
					TableName: tableName,
					...(index && { IndexName: index }),
					KeyConditionExpression: "#key = :key AND sk BETWEEN :from AND :to",
					ExpressionAttributeNames: {
						"#key": index ? indexes[index] : "pk",
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
				yield index ? await wholeRows(Items) : messageRows(Items);
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
				yield messageRows(Items);
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
								KeyConditionExpression: "pk = :key",
								ExpressionAttributeValues: marshall({ ":key": callbackKey(path) }),
							},
						);
			for await (const { Items = [] } of pages) {
				yield Items.flatMap((item) => rowOf(item, isCallbackRow, onOdd)).filter(isLive);
			}
		},
		async *storedKeys(shard, { from, to, newestFirst = false, pageSize = 1_000 }) {
			const pages = paginateQuery(
				{ client, pageSize },
				{
					TableName: tableName,
					IndexName: "byStored",
					KeyConditionExpression: "#shard = :shard AND storedAt BETWEEN :from AND :to",
					ExpressionAttributeNames: { "#shard": "shard" },
					ExpressionAttributeValues: marshall({ ":shard": shard, ":from": from, ":to": to }),
					ScanIndexForward: !newestFirst,
				},
			);
			for await (const { Items = [] } of pages) yield Items.map(storedKeyOf);
		},
		async rowsAt(keys) {
			return inOrderOf(keys, (await getAll(keys.map(keyItem))).flatMap(anyRow).filter(isLive));
		},
		async parts(keys) {
			return (await getAll(keys.map(keyItem))).flatMap(partOf);
		},
		async updateVerdict({ pk, sk }, { conformance, violations, review }) {
			const set = ["conformance = :conformance"];
			const remove: string[] = [];
			(violations ? set : remove).push(violations ? "violations = :violations" : "violations");
			(review ? set : remove).push(review ? "review = :review" : "review");
			const values = { ":conformance": conformance, ":violations": violations, ":review": review };
			await client.send(
				new UpdateItemCommand({
					TableName: tableName,
					Key: marshall({ pk, sk }),
					UpdateExpression: `SET ${set.join(", ")}${remove.length > 0 ? ` REMOVE ${remove.join(", ")}` : ""}`,
					ConditionExpression: "attribute_exists(pk)",
					ExpressionAttributeValues: marshall(values, { removeUndefinedValues: true }),
				}),
			);
		},
	};

	/** An index holds keys only; the order of the index is kept. */
	async function wholeRows(items: Item[]): Promise<MessageItem[]> {
		const keys = items.map(keyOfItem);
		return inOrderOf(keys, messageRows(await getAll(keys.map(keyItem))));
	}

	function anyRow(item: Item): (MessageItem | CallbackItem)[] {
		return item.encoding ? rowOf(item, isCallbackRow, onOdd) : rowOf(item, isMessageRow, onOdd);
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
			for (const item of Responses?.[tableName] ?? []) found.push(item);
			wanted = [...(UnprocessedKeys?.[tableName]?.Keys ?? []), ...wanted.slice(MOST_KEYS)];
		}
		return found;
	}
}

/** BatchGetItem takes 100 keys and returns the rest of a 16 MB answer as unprocessed. */
const MOST_KEYS = 100;

type Item = { [attribute: string]: AttributeValue };

function keyOfItem({ pk, sk }: Item): RowKey {
	return { pk: pk?.S ?? "", sk: sk?.S ?? "" };
}

function keyItem({ pk, sk }: RowKey): Item {
	return marshall({ pk, sk });
}

function storedKeyOf(item: Item): StoredKey {
	const { storedAt, receivedAt, botId } = item;
	const times = { storedAt: storedAt?.S ?? "", receivedAt: receivedAt?.S ?? "" };
	return { ...keyOfItem(item), ...times, ...(botId?.S !== undefined && { botId: botId.S }) };
}

function inOrderOf<Row extends RowKey>(keys: readonly RowKey[], rows: readonly Row[]): Row[] {
	const byKey = new Map(rows.map((row) => [idOf(row), row]));
	return keys.flatMap((key) => byKey.get(idOf(key)) ?? []);
}

function idOf({ pk, sk }: RowKey): string {
	return JSON.stringify([pk, sk]);
}

/** DynamoDB may take days to delete what has expired. */
function isLive({ expiresAt }: MessageItem | CallbackItem): boolean {
	return expiresAt === undefined || expiresAt * 1_000 > Date.now();
}

function rowOf<Row>(
	item: Item,
	isRow: (row: unknown) => row is Row,
	onOdd: (key: RowKey) => void,
): Row[] {
	try {
		const row: unknown = unmarshall(item);
		if (isRow(row)) return [row];
	} catch {
		// A number that is none of JavaScript's.
	}
	onOdd(keyOfItem(item));
	return [];
}

function partOf(item: Item): Part[] {
	const gzip = item.messageGzip?.B;
	return gzip === undefined ? [] : [{ ...keyOfItem(item), messageGzip: gzip }];
}
