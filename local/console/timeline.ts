import { setTimeout } from "node:timers/promises";
import type { CallbackItem, Reader } from "../../lib/archive/reader.ts";
import { groupOf, type Message } from "../../lib/archive/revisions.ts";
import { messageAt } from "../../lib/archive/selection.ts";
import { cut, previewOf } from "../../lib/message/preview.ts";
import { chatOf, type RowKey } from "../../lib/storage/row.ts";
import { given } from "./fields.ts";
import type { Journeys } from "./journeys.ts";
import type { CallbackSummary, MessageDetail, MessageSummary } from "./protocol.ts";

/** The newest messages of the table, as summaries. */
export interface Timeline {
	/** Reads what lies in the table; to be called once. */
	readTable(): Promise<void>;
	/** A row was written or came again: it is read as soon as the table answers. */
	touch(key: RowKey): void;
	/** Requests to another path came. */
	touchCallbacks(path: string): void;
	/** Newest last. */
	messages(): MessageSummary[];
	callbacks(): CallbackSummary[];
	/** @returns everything about a message, from any of its rows. */
	open(key: RowKey): Promise<MessageDetail | undefined>;
	stop(): Promise<void>;
}

/** How many messages of earlier runs are shown. */
const MOST_EARLIER = 200;
/** How many messages are kept at all; older ones are still in the table. */
const MOST_MESSAGES = 500;
const MOST_CALLBACKS = 50;
/** When more rows than this wait to be read, the oldest of them are not: newer ones push them out. */
const MOST_TOUCHED = 300;
const RETRY_MS = 500;
const LONGEST_NAME = 100;

/**
 * @param onMessage gets each summary that is new or has changed.
 * @param onCallbacks is told when there are other callbacks.
 */
export function openTimeline(
	reader: Reader,
	journeys: Pick<Journeys, "to">,
	onMessage: (message: MessageSummary) => void,
	onCallbacks: () => void,
): Timeline {
	const messages = new Map<string, MessageSummary>();
	const callbacks = new Map<string, CallbackSummary>();
	const touched = new Map<string, () => Promise<void>>();
	let isStopping = false;
	let working: Promise<void> = Promise.resolve();

	const show = async (key: RowKey): Promise<void> => {
		const message = await messageAt(reader, key);
		if (message === undefined) return;
		const summary = await summaryOf(message, journeys);
		messages.delete(summary.id);
		messages.set(summary.id, summary);
		for (const id of messages.keys()) {
			if (messages.size <= MOST_MESSAGES) break;
			messages.delete(id);
		}
		onMessage(summary);
	};
	const showCallbacks = async (path: string | undefined): Promise<void> => {
		const rows: CallbackItem[] = [];
		for await (const page of reader.callbackRows(path)) {
			if (isStopping) return;
			rows.push(...page);
			rows.sort((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1)).splice(MOST_CALLBACKS);
		}
		for (const row of rows.reverse()) {
			const { pk, sk, receivedAt, method, path, query } = row;
			callbacks.set(pk + sk, { id: pk + sk, receivedAt, method, path, query });
		}
		for (const id of callbacks.keys()) {
			if (callbacks.size <= MOST_CALLBACKS) break;
			callbacks.delete(id);
		}
		if (rows.length > 0) onCallbacks();
	};
	const work = async (): Promise<void> => {
		for (const [id, read] of touched) {
			touched.delete(id);
			while (!isStopping) {
				try {
					await read();
					break;
				} catch {
					// The table is away; what is to be read is still there when it is back.
					await setTimeout(RETRY_MS);
				}
			}
		}
	};
	const touch = (id: string, read: () => Promise<void>): void => {
		const isIdle = touched.size === 0;
		touched.delete(id);
		touched.set(id, read);
		for (const oldest of touched.keys()) {
			if (touched.size <= MOST_TOUCHED) break;
			touched.delete(oldest);
		}
		if (isIdle) working = working.then(work);
	};
	return {
		async readTable() {
			const keys = await newestKeys(reader, MOST_EARLIER, () => isStopping);
			for (const key of keys) {
				if (isStopping) return;
				await show(key);
			}
			await showCallbacks(undefined);
		},
		touch: (key) => touch(key.pk + key.sk, () => show(key)),
		touchCallbacks: (path) => touch(`callback ${path}`, () => showCallbacks(path)),
		messages: () => [...messages.values()],
		callbacks: () => [...callbacks.values()].reverse(),
		async open(key) {
			const message = await messageAt(reader, key);
			if (message === undefined) return undefined;
			const revisions = message.revisions.map(async ({ row, text }) => {
				const { message: _, messageGzip: __, ...attributes } = row;
				return { attributes, ...given("text", await text()), journeys: journeys.to(row) };
			});
			return {
				summary: await summaryOf(message, journeys),
				revisions: await Promise.all(revisions),
			};
		},
		async stop() {
			isStopping = true;
			await working;
		},
	};
}

/** Keys of one row of each of the newest messages, oldest first; never more in memory than needed. */
async function newestKeys(
	reader: Reader,
	most: number,
	isStopping: () => boolean,
): Promise<RowKey[]> {
	let newest: (RowKey & { readonly group: string; readonly receivedAt: string })[] = [];
	const keepNewest = (): void => {
		newest.sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
		newest = [...new Map(newest.map((key) => [key.group, key])).values()].slice(-most);
	};
	for await (const page of reader.allRows()) {
		if (isStopping()) return [];
		for (const row of page) {
			const { pk, sk, receivedAt } = row;
			newest.push({ pk, sk, receivedAt, group: groupOf(row) });
		}
		keepNewest();
	}
	return newest;
}

async function summaryOf(
	{ fullest, revisions }: Message,
	journeys: Pick<Journeys, "to">,
): Promise<MessageSummary> {
	const { row } = fullest;
	const reading = await fullest.reading();
	const ways = revisions.flatMap((revision) => journeys.to(revision.row));
	const newest = revisions.at(-1) ?? fullest;
	return {
		id: groupOf(row),
		pk: row.pk,
		sk: row.sk,
		chatId: chatOf(row) ?? row.pk,
		sentAt: row.sentAt,
		arrivedAt: newest.row.receivedAt,
		...given("type", row.type),
		conformance: row.conformance,
		...given("bot", cut(reading?.botWeixin ?? row.botId, LONGEST_NAME)),
		isSelf: row.isSelf ?? false,
		...given("contactId", row.contactId),
		...given("contact", cut(reading?.contactName, LONGEST_NAME)),
		...given("roomId", row.roomId),
		...given("room", cut(reading?.roomTopic, LONGEST_NAME)),
		revisions: revisions.length,
		duplicates: ways.filter(({ outcome }) => outcome === "duplicate").length,
		...given("journey", journeys.to(newest.row)[0]),
		preview: reading === undefined ? { kind: "incomplete" } : previewOf(reading),
	};
}
