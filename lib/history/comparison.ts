import pMap from "p-map";
import pRetry from "p-retry";
import { isSecretShaped, sealedOf } from "../intake/secret.ts";
import { isUntimed, type MessageRow } from "../storage/row.ts";
import type { Words } from "../words/en.ts";
import { HistoryFailure } from "./failure.ts";
import { type HistoryMessage, historyMessage } from "./message.ts";
import { type Page, pagesOf } from "./paging.ts";
import type { IsThere } from "./presence.ts";
import type { Asked } from "./source.ts";
import { daysOf, type Window } from "./window.ts";

/** What was found of one bot in one hour. */
export interface Hour {
	/** The bot's id; empty when the history does not name one. */
	readonly bot: string;
	/** When it began, ISO 8601 in ms; empty for messages that tell no usable time. */
	readonly hour: string;
	/** How many messages the platform has. */
	platform: number;
	/** How many of them are in the table. */
	there: number;
	missing: number;
	/** How many of these were put on the queue. */
	filled: number;
}

/** What a comparison came to. */
export interface Comparison {
	/** By hour, then by bot. */
	readonly hours: readonly Hour[];
	readonly missing: number;
	readonly filled: number;
	/** Records without an id, or that are no messages at all: nobody can tell whether they are there. */
	readonly unusable: number;
	/** What could not be read: of these days nothing more is known than what came before. */
	readonly failures: readonly DayFailure[];
}

/** Why a day was not read to its end. */
export interface DayFailure {
	readonly day: string;
	/** Where to go on: the cursor of the first page that was not handled, if it was not the first. */
	readonly seq: string | undefined;
	readonly reason: string;
	/** The reason in a language; no part of what a program reads. */
	readonly say: (words: Words) => string;
}

const AT_ONCE = 8;

/** For queue and table, beside what their clients try by themselves. */
const PATIENCE = { retries: 5, minTimeout: 200, randomize: true };

/**
 * Compares the platform's history with the table, and puts on the queue what is missing.
 *
 * A message that is there in any row of its bot's is there: the history never has the bytes of a
 * callback, so what it tells is no revision of them. A message that is on its way just now may look as
 * if it were missing; then it has a row of the history beside its own, which wins.
 *
 * @param options.from where to go on after a failure.
 * @param options.isDry whether nothing is to be filled.
 * @param options.now when what is filled came, ms since 1970.
 * @throws whatever queue or table answer in the end: what was filled until then stays.
 */
export async function compare(options: {
	readonly ask: (asked: Asked) => Promise<Page>;
	readonly isThere: IsThere;
	/** Puts a message on the queue, so that it takes the way of all others. */
	readonly send: (message: HistoryMessage) => Promise<void>;
	readonly window: Window;
	/** Only this bot's; digits are what the platform itself can look for, `botId` is looked for here. */
	readonly bot?: string | undefined;
	readonly from?: { readonly day: string; readonly seq?: string } | undefined;
	/** The token that the history is asked with; it is taken out of what is kept. */
	readonly token: string;
	readonly isDry?: boolean;
	readonly now?: () => number;
	readonly onPage?: (day: string, records: number) => void;
}): Promise<Comparison> {
	const {
		ask,
		isThere,
		send,
		window,
		bot,
		from,
		token,
		isDry = false,
		now = Date.now,
		onPage,
	} = options;
	const secrets = isSecretShaped(token) ? [sealedOf(token)] : [];
	const imBotId = bot !== undefined && /^\d+$/.test(bot) ? bot : undefined;
	const ours = imBotId === undefined ? bot : undefined;
	const hours = new Map<string, Hour>();
	const seen = new Set<string>();
	const failures: DayFailure[] = [];
	let unusable = 0;

	const handle = async (record: string | undefined): Promise<void> => {
		const receivedAt = new Date(now()).toISOString();
		const message = record && (await historyMessage(record, secrets, receivedAt));
		if (!message) {
			unusable++;
			return;
		}
		const { row } = message;
		if (!isUntimed(row) && (row.sentAt < window.since || row.sentAt > window.until)) return;
		if (ours !== undefined && row.botId !== undefined && row.botId !== ours) return;
		const name = JSON.stringify([row.botId, row.messageId]);
		if (seen.has(name)) return;
		seen.add(name);
		const hour = hourOf(hours, row);
		hour.platform++;
		if (await pRetry(() => isThere(row), PATIENCE)) {
			hour.there++;
			return;
		}
		hour.missing++;
		if (isDry) return;
		await pRetry(() => send(message), PATIENCE);
		hour.filled++;
	};

	for (const day of daysOf(window)) {
		if (from !== undefined && day < from.day) continue;
		let seq = day === from?.day ? from.seq : undefined;
		try {
			for await (const page of pagesOf((at) => ask({ day, imBotId, seq: at }), seq)) {
				await pMap(page.records, handle, { concurrency: AT_ONCE });
				onPage?.(day, page.records.length);
				seq = page.next;
			}
		} catch (error) {
			if (!(error instanceof HistoryFailure)) throw error;
			failures.push({ day, seq, reason: error.message, say: error.say });
		}
	}
	const found = [...hours.values()].sort((a, b) =>
		`${a.hour} ${a.bot}` < `${b.hour} ${b.bot}` ? -1 : 1,
	);
	return {
		hours: found,
		missing: found.reduce((sum, { missing }) => sum + missing, 0),
		filled: found.reduce((sum, { filled }) => sum + filled, 0),
		unusable,
		failures,
	};
}

function hourOf(hours: Map<string, Hour>, row: MessageRow): Hour {
	const start = isUntimed(row) ? "" : `${row.sentAt.slice(0, "2026-01-31T08".length)}:00:00.000Z`;
	const bot = row.botId ?? "";
	const key = JSON.stringify([start, bot]);
	const hour = hours.get(key) ?? {
		...{ bot, hour: start },
		...{ platform: 0, there: 0, missing: 0, filled: 0 },
	};
	hours.set(key, hour);
	return hour;
}
