import {
	type AttributeValue,
	BatchGetItemCommand,
	DynamoDBClient,
	paginateScan,
	QueryCommand,
	type QueryCommandInput,
	UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import type { Part } from "../storage/record.ts";
import {
	callbackKey,
	chatKey,
	directoryKey,
	isOfMessage,
	keyOf,
	MESSAGE_KINDS,
	messageIdOf,
	type Party,
	type RowKey,
	SHARDS,
	storingShard,
	type VerdictAttributes,
} from "../storage/row.ts";
import { callLimits } from "./call-limits.ts";
import { type CallbackItem, itemOf, type MessageItem } from "./item.ts";
import { inPages, merge } from "./merge.ts";

/** What a table has to be asked by. */
export const indexNames = ["review", "byStored"] as const;

/** What rows have in common. */
export interface Place {
	/** How they are found; without it the key is that of their partition. */
	readonly by?: Party | "message" | "review";
	readonly key: string;
	/**
	 * A message is looked for in what was stored from then on; ISO 8601 in ms. Without it a share of the
	 * whole table's keys is read.
	 */
	readonly storedSince?: string;
}

/** Where the rows lie that an id names, by what it is the id of. */
export const places = {
	chat: (id: string): Place => ({ key: chatKey(id) }),
	contact: (id: string): Place => ({ by: "contact", key: keyOf(id) }),
	room: (id: string): Place => ({ by: "room", key: keyOf(id) }),
	message: (id: string, storedSince = ""): Place => ({
		...{ by: "message", key: keyOf(id) },
		storedSince,
	}),
} as const;

/** Everywhere where messages that want a look are. */
export const reviewPlaces: readonly Place[] = SHARDS.map((key) => ({ by: "review", key }));

/** Rows that share a key, in the order of their sort keys. */
export interface Range extends Place {
	/** Bounds of the sort key, both included. */
	readonly from: string;
	readonly to: string;
	readonly newestFirst?: boolean;
	/** How many rows one call reads, where that can be said; else as many as its answer holds. */
	readonly pageSize?: number;
}

/** What the index of storing tells of a row without reading it. */
export interface StoredKey extends RowKey {
	/** ISO 8601 in ms. */
	readonly storedAt: string;
	readonly receivedAt: string;
	readonly botId?: string;
	/** Of what no callback brought. */
	readonly origin?: string;
}

/** A part of the order of storing. */
export interface StoredRange {
	/** Bounds of `storedAt`, ISO 8601 in ms, both included. */
	readonly from: string;
	readonly to: string;
	readonly newestFirst?: boolean;
	/** How many keys the first call reads of a shard; each one that follows reads twice as many. */
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
	/**
	 * The rows that are there, in the order of the keys. A key of the order of storing has its row until
	 * that is deleted.
	 */
	rowsAt(keys: readonly RowKey[]): Promise<(MessageItem | CallbackItem)[]>;
	/** The parts that are there, in no order. A row has all of its parts until they are deleted. */
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
	const client = new DynamoDBClient(callLimits);
	const rowsIn = (items: readonly Item[]): (MessageItem | CallbackItem)[] =>
		items.flatMap((item) => rowOf(item, onOdd)).filter(isLive);
	const messageRows = (items: readonly Item[]): MessageItem[] => rowsIn(items).filter(isOfMessage);
	return {
		rowsOf(range) {
			if (range.by === undefined) return partition(range);
			if (range.by === "message") return rowsOfMessage(range);
			return range.by === "review" ? rowsToReview(range) : rowsOfParty(range.by, range);
		},
		async *allRows() {
			const [chat, apart] = MESSAGE_KINDS;
			const kinds = marshall({ ":chat": chat, ":apart": apart });
			const pages = scan("begins_with(pk, :chat) OR begins_with(pk, :apart)", kinds);
			for await (const items of pages) yield messageRows(items);
		},
		async *callbackRows(path) {
			const pages =
				path === undefined ? scan("attribute_exists(encoding)") : itemsOf(callbackKey(path));
			for await (const items of pages) {
				yield rowsIn(items).flatMap((row) => (isOfMessage(row) ? [] : [row]));
			}
		},
		async *storedKeys(shard, { from, to, newestFirst = false, pageSize = 50 }) {
			if (isEmpty({ from, to })) return;
			const asked = {
				IndexName: "byStored",
				KeyConditionExpression: "#shard = :shard AND storedAt BETWEEN :from AND :to",
				ExpressionAttributeNames: { "#shard": "shard" },
				ExpressionAttributeValues: marshall({ ":shard": shard, ":from": from, ":to": to }),
				ScanIndexForward: !newestFirst,
			};
			for await (const items of query(asked, pageSize)) yield items.map(storedKeyOf);
		},
		async rowsAt(keys) {
			return inOrderOf(keys, rowsIn(await getAll(keys.map(keyItem))));
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

	/** @param first how many the first page has; each one that follows has twice as many, up to what 1 MB holds. */
	async function* query(input: Partial<QueryCommandInput>, first?: number): AsyncGenerator<Item[]> {
		let asked: QueryCommandInput = { TableName: tableName, Limit: first, ...input };
		do {
			const { Items = [], LastEvaluatedKey } = await client.send(new QueryCommand(asked));
			yield Items;
			// DynamoDB refuses a limit that is no 32-bit integer.
			const Limit = asked.Limit && Math.min(asked.Limit * 2, MOST_OF_PAGE);
			asked = { ...asked, Limit, ExclusiveStartKey: LastEvaluatedKey };
		} while (asked.ExclusiveStartKey);
	}

	function itemsOf(pk: string): AsyncGenerator<Item[]> {
		return query({
			KeyConditionExpression: "pk = :pk",
			ExpressionAttributeValues: marshall({ ":pk": pk }),
		});
	}

	async function* scan(FilterExpression: string, values?: Item): AsyncGenerator<Item[]> {
		const input = { TableName: tableName, FilterExpression, ExpressionAttributeValues: values };
		for await (const { Items = [] } of paginateScan({ client }, input)) yield Items;
	}

	/** @param name of the attribute whose value they share. */
	async function* sharing(name: "pk" | "review", range: Range): AsyncGenerator<Item[]> {
		const { key, from, to, newestFirst = false, pageSize } = range;
		if (isEmpty(range)) return;
		const asked = {
			...(name === "review" && { IndexName: name }),
			KeyConditionExpression: `${name} = :key AND sk BETWEEN :from AND :to`,
			ExpressionAttributeValues: marshall({ ":key": key, ":from": from, ":to": to }),
			ScanIndexForward: !newestFirst,
		};
		yield* query(asked, pageSize);
	}

	async function* partition(range: Range): AsyncGenerator<MessageItem[]> {
		for await (const items of sharing("pk", range)) yield messageRows(items);
	}

	async function* rowsToReview(range: Range): AsyncGenerator<MessageItem[]> {
		for await (const items of sharing("review", range)) {
			yield await messagesAt(items.map(keyOfItem));
		}
	}

	/** Looks through the one shard of the order of storing that has all rows of a message. */
	async function* rowsOfMessage({
		key,
		storedSince,
		from,
		to,
		newestFirst = false,
	}: Range): AsyncGenerator<MessageItem[]> {
		const found: RowKey[] = [];
		const asked = {
			IndexName: "byStored",
			KeyConditionExpression: "#shard = :shard AND storedAt >= :since",
			FilterExpression: "contains(sk, :id)",
			ExpressionAttributeNames: { "#shard": "shard" },
			ExpressionAttributeValues: marshall({
				":shard": storingShard(key),
				":since": storedSince || "0",
				":id": `#${key}#`,
			}),
			ProjectionExpression: "pk, sk",
		};
		for await (const items of query(asked)) {
			const keys = items.map(keyOfItem).filter((row) => messageIdOf(row) === key);
			found.push(...keys.filter(({ sk }) => from <= sk && sk <= to));
		}
		const ordered = found.sort((a, b) => (isBefore(a, b) ? -1 : 1));
		if (newestFirst) ordered.reverse();
		for (let at = 0; at < ordered.length; at += MOST_KEYS) {
			yield await messagesAt(ordered.slice(at, at + MOST_KEYS));
		}
	}

	/** A contact's, or a room's, out of each partition that the directory names. */
	async function* rowsOfParty(party: Party, range: Range): AsyncGenerator<MessageItem[]> {
		const { key, newestFirst = false } = range;
		const partitions: string[] = [];
		for await (const items of itemsOf(directoryKey(party, key))) {
			for (const item of items) partitions.push(keyOfItem(item).sk);
		}
		const pageSize = Math.max(FEWEST_OF_ONE, Math.ceil(FIRST_PAGES / partitions.length));
		const theirs = async function* (pk: string): AsyncGenerator<MessageItem[]> {
			for await (const rows of partition({ ...range, key: pk, pageSize })) {
				yield rows.filter((row) => row[`${party}Id`] === key);
			}
		};
		const ordered = merge(partitions.map(theirs), (a, b) =>
			newestFirst ? isBefore(b, a) : isBefore(a, b),
		);
		yield* inPages(ordered, MOST_KEYS);
	}

	async function messagesAt(keys: readonly RowKey[]): Promise<MessageItem[]> {
		return inOrderOf(keys, messageRows(await getAll(keys.map(keyItem))));
	}

	async function getAll(keys: Item[]): Promise<Item[]> {
		const found: Item[] = [];
		let wanted = keys;
		while (wanted.length > 0) {
			const asked = wanted.slice(0, MOST_KEYS);
			// A replica may lack what an index, or its row, has just named; to a follower it would be gone.
			const { Responses, UnprocessedKeys } = await client.send(
				new BatchGetItemCommand({
					RequestItems: { [tableName]: { Keys: asked, ConsistentRead: true } },
				}),
			);
			for (const item of Responses?.[tableName] ?? []) found.push(item);
			wanted = [...(UnprocessedKeys?.[tableName]?.Keys ?? []), ...wanted.slice(MOST_KEYS)];
		}
		return found;
	}
}

/** An answer of 1 MB holds no more of the smallest keys. */
const MOST_OF_PAGE = 10_000;

/** BatchGetItem takes 100 keys and returns the rest of a 16 MB answer as unprocessed. */
const MOST_KEYS = 100;

/** Rows that a look-up by contact or room begins with, and what of them a single chat is read for. */
const FIRST_PAGES = 100;
const FEWEST_OF_ONE = 5;

/** DynamoDB refuses bounds that stand the wrong way round. */
function isEmpty({ from, to }: Pick<StoredRange, "from" | "to">): boolean {
	return from > to;
}

function isBefore(a: RowKey, b: RowKey): boolean {
	return a.sk === b.sk ? a.pk < b.pk : a.sk < b.sk;
}

type Item = { [attribute: string]: AttributeValue };

function keyOfItem({ pk, sk }: Item): RowKey {
	return { pk: pk?.S ?? "", sk: sk?.S ?? "" };
}

function keyItem({ pk, sk }: RowKey): Item {
	return marshall({ pk, sk });
}

function storedKeyOf(item: Item): StoredKey {
	const { storedAt, receivedAt, botId, origin } = item;
	const times = { storedAt: storedAt?.S ?? "", receivedAt: receivedAt?.S ?? "" };
	return {
		...keyOfItem(item),
		...times,
		...(botId?.S !== undefined && { botId: botId.S }),
		...(origin?.S !== undefined && { origin: origin.S }),
	};
}

function inOrderOf<Row extends RowKey>(keys: readonly RowKey[], rows: readonly Row[]): Row[] {
	const byKey = new Map(rows.map((row) => [idOf(row), row]));
	return keys.flatMap((key) => byKey.get(idOf(key)) ?? []);
}

/** Names a row in one word. */
export function idOf({ pk, sk }: RowKey): string {
	return JSON.stringify([pk, sk]);
}

/** DynamoDB may take days to delete what has expired. */
function isLive({ expiresAt }: MessageItem | CallbackItem): boolean {
	return expiresAt === undefined || expiresAt * 1_000 > Date.now();
}

function rowOf(item: Item, onOdd: (key: RowKey) => void): (MessageItem | CallbackItem)[] {
	try {
		const row = itemOf(unmarshall(item));
		if (row !== undefined) return [row];
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
