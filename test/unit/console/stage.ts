import { vi } from "vitest";
import type { Pulse, Run, Stage, StageReader } from "../../../console/stage.ts";
import type { CallbackItem, MessageItem } from "../../../lib/archive/item.ts";
import type { Place } from "../../../lib/archive/reader.ts";
import { isOfMessage, storingPlace } from "../../../lib/storage/row.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";

/** A stage whose parts all answer, with so much in its queues. */
export function pulse(queue: number, dead: number): Pulse {
	return {
		...{ isApiUp: true, isTableUp: true },
		...{ queue: { visible: queue, hidden: 0 }, deadLetterQueue: { visible: dead, hidden: 0 } },
	};
}

/** A run that says nothing, in which each test puts what it needs. */
export function runWith(parts: Partial<Run> = {}): Run {
	return {
		...{ callbackUrl: "http://127.0.0.1:1/message", token: "", secrets: [], isOpenToAnyone: true },
		...{ isLogged: true, patience: { first: 1, longest: 10 }, dashboard: [], alarms: {} },
		...{ queueName: "r-messages", deadLetterQueueName: "r-dead-letters" },
		followLog: async () => async () => {},
		followRequests: () => () => {},
		...parts,
	};
}

/** A stage without anything, in which each test puts what it needs. */
export function stageWith(parts: Partial<Stage>): Stage {
	return {
		reader: tableOf([]),
		letters: {
			peek: async () => ({ letters: [], hidden: 0 }),
			redrive: async () => 0,
			redriveOne: async () => {},
		},
		pulseMs: 1_000,
		feel: async () => pulse(0, 0),
		run: runWith(),
		close() {},
		...parts,
	};
}

/** A row of that second, stored in the same. */
export function rowOf(
	second: number,
	fields: Readonly<Record<string, unknown>> = {},
	verdict: Parameters<typeof envelopeOf>[1] = {},
): MessageItem {
	const receivedAt = new Date(1_770_000_000_000 + second * 1_000).toISOString();
	const said = { messageId: `message-${second}`, timestamp: Date.parse(receivedAt), ...fields };
	const { row, text } = envelopeOf(textMessage(said), { receivedAt, ...verdict });
	return { ...row, message: text, ...storingPlace(row, Date.parse(receivedAt)) };
}

/** A table in memory, read in pages; `asked` tells by what. */
export function tableOf(
	rows: readonly (MessageItem | CallbackItem)[],
	asked: string[] = [],
): StageReader {
	const messages = rows.flatMap((row) => (isOfMessage(row) ? [row] : []));
	const isAt = (row: MessageItem, { by, key }: Place): boolean =>
		key ===
		(by === "message"
			? row.messageId
			: by === "contact"
				? row.contactId
				: by === "room"
					? row.roomId
					: by === "review"
						? row.review
						: row.pk);
	async function* paged<Item>(items: Item[], size = 1_000): AsyncGenerator<Item[]> {
		for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
	}
	return {
		rowsOf({ from, to, newestFirst = false, pageSize, ...place }) {
			asked.push(`${place.by ?? "partition"} ${place.key}`);
			const found = messages
				.filter((row) => isAt(row, place) && from <= row.sk && row.sk <= to)
				.toSorted((a, b) => (a.sk < b.sk ? -1 : 1));
			return paged(newestFirst ? found.reverse() : found, pageSize);
		},
		storedKeys(shard, { from, to, newestFirst = false, pageSize }) {
			asked.push(`byStored ${shard}`);
			const found = rows
				.flatMap(({ pk, sk, receivedAt, storedAt = "", shard: own, ...row }) =>
					own === shard && from <= storedAt && storedAt <= to
						? [{ pk, sk, receivedAt, storedAt, ...("botId" in row && { botId: row.botId ?? "" }) }]
						: [],
				)
				.toSorted((a, b) => (a.storedAt < b.storedAt ? -1 : 1));
			return paged(newestFirst ? found.reverse() : found, pageSize);
		},
		rowsAt: async (keys) =>
			keys.flatMap(({ pk, sk }) => rows.find((row) => row.pk === pk && row.sk === sk) ?? []),
		parts: async () => [],
	};
}

/** A busy machine takes its time. */
export const until = <Result>(check: () => Result | Promise<Result>): Promise<Result> =>
	vi.waitFor(check, 10_000);
