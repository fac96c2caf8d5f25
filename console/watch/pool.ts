import { setTimeout as wait } from "node:timers/promises";
import type { CallbackItem, MessageItem } from "../../lib/archive/item.ts";
import { groupOf, withText } from "../../lib/archive/revisions.ts";
import { isOfMessage, type RowKey } from "../../lib/storage/row.ts";
import type { Facets, Journey, MessageList, MessageSummary } from "../protocol.ts";
import type { StageReader } from "../stage.ts";
import { placesOfId, readBack, type Stretch } from "./area.ts";
import { isAway, RETRY_MS } from "./backlog.ts";
import { openCatalog } from "./catalog.ts";
import { type Filter, passes } from "./filter.ts";
import { summaryOf } from "./summary.ts";

/** What is known of the messages of an area: the newest, and as many older ones as were asked for. */
export interface Pool {
	get(id: string): MessageSummary | undefined;
	/** A message that is new or has changed, if it is of this area. */
	put(message: MessageSummary): void;
	/** What was put since this was asked last. */
	news(): MessageSummary[];
	list(filter: Filter, limit: number, before?: string): MessageList;
	/** Those of some messages that pass a filter. */
	passing(messages: readonly MessageSummary[], filter: Filter): MessageSummary[];
	facets(): Facets;
	/** What a chat is called: its room, or its contact. */
	chatName(chatId: string): string | undefined;
	/**
	 * Reads on until so many messages pass a filter after a place in the order, and not for ever: then
	 * somebody has to ask again.
	 */
	readOn(filter: Filter, limit: number, before?: string, onRead?: () => void): Promise<void>;
	stop(): Promise<void>;
}

/** What a pool needs from around it. */
export interface Surroundings {
	readonly reader: StageReader;
	waysTo(row: RowKey): readonly Journey[];
	/** Reads all of a message of which another revision was met. */
	show(key: RowKey): void;
	onCallback(row: CallbackItem): void;
	onChange(): void;
}

/** A usual one has some 2 KB; the catalog bounds what all have together. */
const MOST_KNOWN = 20_000;
/** How many rows are read each time that somebody asks. */
const MOST_READ = 2_000;
/** What is typed may be an id. To look it up reads a part of an index, so what is none is not. */
const MAYBE_ID = /^[\w:@.#-]{6,200}$/;

/** Opens the pool of an area; nothing is read before it is asked for. */
export function openPool(area: Filter, around: Surroundings, mostKnown = MOST_KNOWN): Pool {
	const { reader, waysTo, show, onCallback, onChange } = around;
	const catalog = openCatalog(mostKnown);
	/** Of what changed only the ids: until it is told, it may change again. */
	const changed = new Set<string>();
	const lookedUp = new Set<string>();
	let stretches: AsyncGenerator<Stretch> | undefined;
	let mark: string | undefined;
	let backTo = new Date().toISOString();
	let reading: Promise<number> | undefined;
	let isDone = false;
	let isPartial = false;
	let isStopping = false;

	const absorb = async (rows: readonly (MessageItem | CallbackItem)[]): Promise<void> => {
		for (const row of rows) {
			if (!isOfMessage(row)) {
				onCallback(row);
				continue;
			}
			const known = catalog.get(groupOf(row));
			if (known && known.sk !== row.sk && known.revisions === 1) show(row);
			if (known) continue;
			const one = { row, text: await withText(reader, row).text() };
			const [, ...withdrawn] = catalog.put(summaryOf({ fullest: one, revisions: [one] }, waysTo));
			for (const { id } of withdrawn) changed.add(id);
		}
	};
	/** @returns how many rows were read. */
	const readStretch = async (): Promise<number> => {
		while (!isStopping) {
			try {
				stretches ??= readBack(reader, area, mark);
				const { value, done } = await stretches.next();
				if (!done) {
					await absorb(value.rows);
					({ mark, backTo } = value);
				}
				isDone = done === true || value.isLast;
				return done ? 0 : value.rows.length;
			} catch (error) {
				stretches = undefined;
				isPartial = !isAway(error);
				isDone = isPartial;
				if (isDone) return 0;
				await wait(RETRY_MS);
			}
		}
		return 0;
	};
	const readNext = (): Promise<number> => {
		reading ??= readStretch().finally(() => {
			reading = undefined;
			onChange();
		});
		return reading;
	};
	/** An id is found wherever it lies, without reading all that is newer. */
	const lookUp = async ({ search }: Filter): Promise<void> => {
		const id = search.trim();
		if (!MAYBE_ID.test(id) || lookedUp.has(id)) return;
		lookedUp.add(id);
		const found = placesOfId(id).map(async (place) => {
			const range = { from: "0", to: "~", newestFirst: true, pageSize: 100 };
			for await (const rows of reader.rowsOf({ ...place, ...range })) return absorb(rows);
		});
		await Promise.all(found).catch(() => lookedUp.delete(id));
	};
	const isFull = (): boolean => catalog.known >= mostKnown;
	const canRead = (): boolean => !isDone && !isFull() && !isStopping;
	return {
		get: catalog.get,
		put(message) {
			if (!passes(message, "", area)) return;
			const known = catalog.get(message.id);
			if (known && isSame(known, message)) return;
			// Of two that read the same message the slower may have seen less of it.
			if (known && known.revisions > message.revisions) return;
			for (const { id } of catalog.put(message)) changed.add(id);
		},
		news() {
			const news = [...changed].flatMap((id) => catalog.get(id) ?? []);
			changed.clear();
			return news;
		},
		list(filter, limit, before) {
			const { known, forgottenTo = "" } = catalog;
			const oldest = forgottenTo > backTo ? forgottenTo : backTo;
			return {
				...catalog.page(filter, limit, before),
				...{ known, isPartial, isReading: reading !== undefined },
				...((!isDone || forgottenTo !== "") && { backTo: oldest, isFull: isFull() }),
			};
		},
		passing: catalog.passing,
		facets: catalog.facets,
		chatName: catalog.chatName,
		async readOn(filter, limit, before, onRead) {
			const looking = lookUp(filter);
			const isShort = () => catalog.page(filter, limit, before).messages.length < limit;
			for (let stretch = 0, read = 0; canRead() && read < MOST_READ && isShort(); stretch++) {
				if (stretch >= MOST_STRETCHES) break;
				read += await readNext();
				onRead?.();
			}
			await looking;
			onRead?.();
		},
		async stop() {
			isStopping = true;
			await reading;
		},
	};
}

function isSame({ recalled: _, ...known }: MessageSummary, message: MessageSummary): boolean {
	return JSON.stringify(known) === JSON.stringify(message);
}

/** Bounds one look, even when few rows of the area turn up. */
const MOST_STRETCHES = 40;
