import type { RowKey } from "../../lib/storage/row.ts";
import type {
	CallbackDetail,
	CorrectionSummary,
	Draft,
	Exchange,
	MessageDetail,
	MessageList,
	RequestDetail,
	Update,
} from "../protocol.ts";
import type { Filter } from "../watch/filter.ts";
import { momentOf } from "./time.ts";

const RETRY_MS = 1_000;
/** The server says something each second. */
const SILENCE_MS = 5_000;
const TYPING_MS = 200;

/**
 * Listens to the server, and comes back by itself when it was away.
 *
 * @param hours of the dashboard; none when it is not shown.
 * @returns how to stop.
 */
export function listen(
	filter: Filter,
	hours: number,
	onUpdate: (update: Update) => void,
	onGone: () => void,
): () => void {
	let source: EventSource | undefined;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let silence: ReturnType<typeof setTimeout> | undefined;
	const query = `${queryOf(filter)}&hours=${hours}`;
	const gone = (): void => {
		// Browsers wait ever longer, or give up; a stage that comes back is to be seen at once.
		source?.close();
		clearTimeout(silence);
		clearTimeout(timer);
		onGone();
		timer = setTimeout(open, RETRY_MS);
	};
	const open = (): void => {
		source = new EventSource(`api/updates?${query}`);
		source.onerror = gone;
		source.onmessage = ({ data }) => {
			clearTimeout(silence);
			silence = setTimeout(gone, SILENCE_MS);
			onUpdate(JSON.parse(data));
		};
	};
	// Whoever types is not done yet.
	timer = setTimeout(open, filter.search === "" ? 0 : TYPING_MS);
	return () => {
		source?.close();
		clearTimeout(timer);
		clearTimeout(silence);
	};
}

/** More messages, older than a place in their order. */
export async function fetchOlder(
	filter: Filter,
	before: string | undefined,
	limit: number,
): Promise<MessageList | undefined> {
	const rest = new URLSearchParams({ limit: String(limit) });
	if (before !== undefined) rest.set("before", before.toWellFormed());
	return fetchJson(`api/messages?${queryOf(filter)}&${rest}`);
}

/** @returns undefined when there is no such message; throws when the table does not answer. */
export async function fetchMessage(key: RowKey): Promise<MessageDetail | undefined> {
	return fetchJson(`api/message?${keyQuery(key)}`);
}

/** The same of another callback. */
export async function fetchCallback(key: RowKey): Promise<CallbackDetail | undefined> {
	return fetchJson(`api/callback?${keyQuery(key)}`);
}

/** The same of a request of this run. */
export async function fetchRequest(id: string): Promise<RequestDetail | undefined> {
	return fetchJson(`api/request?${new URLSearchParams({ id })}`);
}

/** Takes a second for the first message. */
export async function fetchCorrections(key: RowKey): Promise<CorrectionSummary[] | undefined> {
	return fetchJson(`api/corrections?${keyQuery(key)}`);
}

/** Sends a sample, or any request, to the callback URL. */
export async function sendRequest(what: string | Draft): Promise<Exchange[]> {
	const body = typeof what === "string" ? { sample: what } : { draft: what };
	return (await post("api/send", body)).json();
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

function keyQuery({ pk, sk }: RowKey): string {
	return new URLSearchParams({ pk, sk }).toString();
}

/** Days become moments: the server does not know the browser's zone. */
function queryOf({ since, until, ...rest }: Filter): string {
	const moments = { since: momentOf(since, false), until: momentOf(until, true) };
	return new URLSearchParams({ ...rest, ...moments }).toString();
}
