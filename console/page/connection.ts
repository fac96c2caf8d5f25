import type { RowKey } from "../../lib/storage/row.ts";
import type { CorrectionSummary, Exchange, MessageDetail, Update } from "../protocol.ts";

const RETRY_MS = 1_000;

/**
 * Listens to the server, and comes back by itself when it was away.
 *
 * @returns how to stop.
 */
export function listen(onUpdate: (update: Update) => void, onGone: () => void): () => void {
	let source: EventSource | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const open = (): void => {
		source = new EventSource("api/updates");
		source.onmessage = ({ data }) => onUpdate(JSON.parse(data));
		source.onerror = () => {
			// Browsers wait ever longer, or give up; a stack that starts again is to be seen at once.
			source?.close();
			onGone();
			timer = setTimeout(open, RETRY_MS);
		};
	};
	open();
	return () => {
		source?.close();
		clearTimeout(timer);
	};
}

/** @returns undefined when there is no such message; throws when the table does not answer. */
export async function fetchMessage(key: RowKey): Promise<MessageDetail | undefined> {
	return fetchJson(`api/message?${queryOf(key)}`);
}

/** Takes a second for the first message. */
export async function fetchCorrections(key: RowKey): Promise<CorrectionSummary[] | undefined> {
	return fetchJson(`api/corrections?${queryOf(key)}`);
}

/** Sends a sample to the callback URL. */
export async function sendSample(sample: string): Promise<Exchange[]> {
	const response = await post("api/send", { sample });
	return response.json();
}

/** Asks the server to do something. */
export async function post(path: string, body: object = {}): Promise<Response> {
	const response = await fetch(path, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(body),
	});
	if (!response.ok) throw new Error(await response.text());
	return response;
}

async function fetchJson<Answer>(path: string): Promise<Answer | undefined> {
	const response = await fetch(path);
	if (response.status === 404) return undefined;
	if (!response.ok) throw new Error(await response.text());
	return response.json();
}

function queryOf({ pk, sk }: RowKey): string {
	return new URLSearchParams({ pk, sk }).toString();
}
