import type { CallbackItem } from "../../lib/archive/item.ts";
import { groupOf, withText } from "../../lib/archive/revisions.ts";
import { messageAt } from "../../lib/archive/selection.ts";
import { callbackKey, isOfMessage, type RowKey } from "../../lib/storage/row.ts";
import type {
	CallbackDetail,
	CallbackSummary,
	Journey,
	MessageDetail,
	Update,
} from "../protocol.ts";
import type { StageReader, StoredMessage } from "../stage.ts";
import { areaOf } from "./area.ts";
import { openBacklog } from "./backlog.ts";
import { given } from "./fields.ts";
import { everything, type Filter } from "./filter.ts";
import { openPool, type Pool } from "./pool.ts";
import { summaryOf, unreadable } from "./summary.ts";

/** What is known of what the table holds. */
export interface Known {
	/** The newest of the table. */
	readonly table: Pool;
	/** When that has been read. */
	readonly begun: Promise<void>;
	/** All that are in use or were a moment ago. */
	pools(): Iterable<Pool>;
	/** Where the messages are that a filter may let through. */
	poolOf(filter: Filter): Pool;
	/** The same, and it is kept up to date until it is let go. */
	hold(filter: Filter): { readonly pool: Pool; readonly letGo: () => void };
	/** A row has come, or come again. */
	came(key: RowKey): void;
	/** Whether there are rows that have come and are not shown. */
	readonly isBehind: boolean;
	/** Other callbacks, newest first. */
	callbacks(): CallbackSummary[];
	open(key: RowKey): Promise<MessageDetail | undefined>;
	openCallback(key: RowKey): Promise<CallbackDetail | undefined>;
	stop(): Promise<void>;
}

/** How many of the newest rows are read at first. */
const FIRST = 500;
const MOST_CALLBACKS = 300;
/** Of areas that nobody looks at any more. */
const MOST_IDLE = 3;
/** With so many rows to be read, what is known is not all that the table has. */
const BEHIND = 20;
/** How the partition keys of other callbacks begin. */
const CALLBACK = callbackKey("");

/**
 * @param waysTo tells each way to a row, in this run.
 * @param onChange is told which parts of an update have changed.
 */
export function openKnown(
	reader: StageReader,
	waysTo: (row: RowKey) => readonly Journey[],
	onChange: (...parts: readonly (keyof Update)[]) => void,
): Known {
	const callbacks = new Map<string, CallbackSummary>();
	const backlog = openBacklog(() => onChange("list"));
	const onCallback = ({ pk, sk, receivedAt, method, path, query }: CallbackItem): void => {
		callbacks.set(pk + sk, { pk, sk, receivedAt, method, path, query });
		for (const { pk: old, sk: id } of newestFirst().slice(MOST_CALLBACKS))
			callbacks.delete(old + id);
		onChange("callbacks");
	};
	const newestFirst = (): CallbackSummary[] =>
		[...callbacks.values()].sort((a, b) => (a.receivedAt < b.receivedAt ? 1 : -1));
	const show = (key: RowKey): void => {
		const put = (message: ReturnType<typeof unreadable>): void => {
			for (const pool of pools.values()) pool.put(message);
			onChange("list", "facets");
		};
		const read = async (): Promise<void> => {
			const message = await messageOf(reader, key, true);
			// Of a message that was known before, another revision may tell another time.
			const whole = message && isElsewhere(message) ? await messageOf(reader, key) : message;
			if (whole) put(summaryOf(whole, waysTo));
		};
		backlog.add(key, read, () => put(unreadable(key, new Date().toISOString())));
	};
	const isElsewhere = ({ fullest, revisions }: StoredMessage): boolean =>
		[...pools.values()].some((pool) => {
			const known = pool.get(groupOf(fullest.row));
			return known !== undefined && !revisions.some(({ row }) => row.sk === known.sk);
		});
	const around = {
		...{ reader, waysTo, show, onCallback },
		onChange: () => onChange("list", "facets"),
	};
	const table = openPool(everything, around);
	const pools = new Map([[JSON.stringify(everything), table]]);
	const held = new Map<Pool, number>([[table, 1]]);
	const poolOf = (filter: Filter): Pool => {
		const area = areaOf(filter);
		const id = JSON.stringify(area);
		const pool = pools.get(id) ?? openPool(area, around);
		pools.delete(id);
		pools.set(id, pool);
		const idle = [...pools].filter(([, one]) => one !== pool && !held.get(one));
		for (const [old] of idle.slice(0, -MOST_IDLE)) pools.delete(old);
		return pool;
	};
	const hold = (pool: Pool, by: 1 | -1): void => {
		held.set(pool, (held.get(pool) ?? 0) + by);
		if (held.get(pool) === 0) held.delete(pool);
	};
	const begun = table.readOn(everything, FIRST);
	return {
		table,
		begun,
		pools: () => pools.values(),
		poolOf,
		hold(filter) {
			const pool = poolOf(filter);
			hold(pool, 1);
			return { pool, letGo: () => hold(pool, -1) };
		},
		came(key) {
			if (!key.pk.startsWith(CALLBACK)) show(key);
			else
				backlog.add(key, async () => {
					for (const row of await reader.rowsAt([key])) if (!isOfMessage(row)) onCallback(row);
				});
		},
		get isBehind() {
			return backlog.size > BEHIND;
		},
		callbacks: newestFirst,
		async open(key) {
			const message = await messageOf(reader, key);
			return (
				message && {
					summary: summaryOf(message, waysTo),
					revisions: message.revisions.map(({ row, text }) => {
						const { message: _, messageGzip: __, ...attributes } = row;
						return { attributes, ...given("text", text), journeys: waysTo(row) };
					}),
				}
			);
		},
		async openCallback({ pk, sk }) {
			const [row] = await reader.rowsAt([{ pk, sk }]);
			if (row === undefined || isOfMessage(row)) return undefined;
			const text = await withText(reader, row).text();
			const { receivedAt, method, path, query, encoding } = row;
			const body = text === undefined ? undefined : { text, encoding };
			return { pk, sk, receivedAt, method, path, query, ...given("body", body) };
		},
		async stop() {
			await Promise.all([backlog.stop(), ...[...pools.values()].map((pool) => pool.stop())]);
			await begun;
		},
	};
}

async function messageOf(
	reader: Pick<StageReader, "rowsOf" | "parts">,
	key: RowKey,
	isQuick?: boolean,
): Promise<StoredMessage | undefined> {
	const message = await messageAt(reader, key, isQuick);
	if (message === undefined) return undefined;
	const revisions = await Promise.all(
		message.revisions.map(async ({ row, text }) => ({ row, text: await text() })),
	);
	const fullest = revisions[message.revisions.indexOf(message.fullest)];
	return fullest && { fullest, revisions };
}
