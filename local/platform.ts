import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { readMessage } from "../lib/message/shape.ts";
import { listenOn } from "./port.ts";

/** What goes wrong with a call of the history. */
export type HistoryFault =
	/** The answer comes after a second. */
	| "slow"
	/** HTTP 500. */
	| "error"
	/** The connection is reset. */
	| "reset"
	/** A code that is not 0, with words that repeat the token. */
	| "refusal"
	/** JSON of no known shape. */
	| "odd"
	/** The page that came before, again. */
	| "repeated"
	/** A cursor that was given out before. */
	| "back"
	/** The records of the page in another order. */
	| "shuffled";

/** Stands for the platform, which has every message whether its callback came through or not. */
export interface FakePlatform {
	/** Below it is its message history, in both dialects. */
	readonly historyBase: string;
	/** Keeps the message of a callback, as the platform has it before it calls; nothing of another body. */
	remember(body: string): void;
	/** By bot and message. */
	readonly messages: ReadonlyMap<string, HistoryRecord>;
	/** What goes wrong with each call from now on; without an argument all goes well. */
	fail(choose?: () => HistoryFault | undefined): void;
	/** How many calls went wrong. */
	readonly failed: number;
	stop(): Promise<void>;
}

/** A message as the history tells it. */
export interface HistoryRecord {
	readonly messageId: string;
	readonly botId: string | undefined;
	/** Milliseconds since 1970. */
	readonly time: number;
	/** What the platform's own pages print. */
	readonly printed: Readonly<Record<string, unknown>>;
}

const SHANGHAI_MS = 8 * 3_600_000;

/** Starts it on any free port; every token is let in. */
export async function startFakePlatform(): Promise<FakePlatform> {
	const messages = new Map<string, HistoryRecord>();
	let choose: () => HistoryFault | undefined = () => undefined;
	let failed = 0;
	const server = createServer(async (incoming, outgoing) => {
		try {
			const asked = await readAsked(incoming);
			const fault = choose();
			if (fault !== undefined) failed++;
			await answer(asked, fault, outgoing);
		} catch {
			outgoing.destroy();
		}
	});
	const stop = await listenOn(server, 0);
	const { port } = server.address() as AddressInfo;
	return {
		historyBase: `http://127.0.0.1:${port}/stream-api/`,
		messages,
		remember(body) {
			const record = recordOf(body);
			if (record) messages.set(JSON.stringify([record.botId, record.messageId]), record);
		},
		fail(choice = () => undefined) {
			choose = choice;
		},
		get failed() {
			return failed;
		},
		stop,
	};

	async function answer(
		asked: Asked,
		fault: HistoryFault | undefined,
		outgoing: ServerResponse,
	): Promise<void> {
		if (fault === "slow") await setTimeout(1_000);
		if (fault === "reset") {
			outgoing.socket?.resetAndDestroy();
			return;
		}
		if (fault === "error") {
			outgoing.writeHead(500).end("<h1>Internal Server Error</h1>");
			return;
		}
		const body = JSON.stringify(
			fault === "odd" ? { code: 0, data: { list: [] } } : contentOf(asked, fault),
		);
		outgoing.writeHead(200, { "content-type": "application/json" }).end(body);
	}

	function contentOf(asked: Asked, fault: HistoryFault | undefined): object {
		const { isResold, fields } = asked;
		if (fault === "refusal") {
			return { code: 40_014, message: `invalid token ${fields.get("token")}` };
		}
		const size = Number(fields.get("pageSize") ?? 100);
		const cursor = Number(fields.get("seq") ?? 0);
		const at = fault === "repeated" ? Math.max(0, cursor - size) : cursor;
		const wanted = fields.get("imBotId");
		const all = recordsOf(fields.get("snapshotDay")).filter(
			({ printed }) => !wanted || printed.botWxid === wanted,
		);
		const page = all.slice(at, at + size);
		if (fault === "shuffled") page.reverse();
		const end = Math.min(all.length, at + size);
		const seq = String(fault === "back" && cursor > 0 ? cursor - size : end);
		return isResold ? resold(page, seq) : { code: 0, data: page.map(published), seq };
	}

	/** Of a day of Asia/Shanghai, in the order in which they came to be known. */
	function recordsOf(day: string | null): HistoryRecord[] {
		return [...messages.values()].filter(
			({ time }) => new Date(time + SHANGHAI_MS).toISOString().slice(0, 10) === day,
		);
	}
}

interface Asked {
	readonly isResold: boolean;
	readonly fields: URLSearchParams;
}

async function readAsked(incoming: IncomingMessage): Promise<Asked> {
	if (incoming.method === "POST") {
		return { isResold: true, fields: new URLSearchParams(JSON.parse(await text(incoming))) };
	}
	const { searchParams } = new URL(incoming.url ?? "", "http://platform");
	return { isResold: false, fields: searchParams };
}

/** What the history prints of a callback; the rest only the callback has (docs/platform.md "Back-fill"). */
const PRINTED = [
	...["botId", "messageId", "chatId", "avatar", "roomTopic", "roomId", "contactName", "contactId"],
	...["payload", "type", "contactType", "coworker", "botWeixin", "isSelf"],
];

function recordOf(body: string): HistoryRecord | undefined {
	try {
		const reading = readMessage(body);
		const { messageId, botId, time } = reading;
		if (messageId === undefined || time === undefined) return undefined;
		const { data } = JSON.parse(body);
		const fields: Record<string, unknown> = { ...data, ...reading };
		const printed = Object.fromEntries(PRINTED.map((name) => [name, fields[name]]));
		return { messageId, botId, time, printed: { ...printed, botWxid: data.botWxid } };
	} catch {
		return undefined;
	}
}

function published({ printed, time }: HistoryRecord): object {
	return { ...printed, botWxid: undefined, timestamp: String(time) };
}

function resold(page: readonly HistoryRecord[], seq: string): object {
	const messages = page.map(({ printed, time }) => {
		const { payload, contactId, roomId, botWxid, ...rest } = printed;
		const kind = rest.type === 7 ? "TextPayload" : "RawPayload";
		const Payload = { [kind]: kind === "TextPayload" ? payload : JSON.stringify(payload) };
		const ids = { imContactId: contactId, imRoomId: roomId, imBotId: botWxid };
		return { ...rest, ...ids, Payload, timestamp: time };
	});
	return { Code: 0, Data: { messages, seq }, Msg: "success", RequestId: "local" };
}
