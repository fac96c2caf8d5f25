import { setTimeout } from "node:timers/promises";
import pRetry, { AbortError } from "p-retry";
import { blank } from "../intake/blanking.ts";
import { isSecretShaped, sealedOf } from "../intake/secret.ts";
import { beginningOf } from "../message/outline.ts";
import type { Dialect } from "./access.ts";
import { readAnswer } from "./answer.ts";
import { HistoryFailure } from "./failure.ts";
import { FIRST, PAGE_SIZE, type Page } from "./paging.ts";

/** The platform's message history, as it is reached. */
export interface HistoryAccess {
	/** Below it is `message/history`. */
	readonly base: URL;
	readonly token: string;
	readonly dialect: Dialect;
	/** A sibling call allows ten (docs/platform.md "Back-fill"). */
	readonly callsASecond: number;
	/** How many calls there may be in all, tries that failed included. */
	readonly mostCalls?: number;
}

/** What is asked for. */
export interface Asked {
	/** The platform's day, such as `2026-01-31`. */
	readonly day: string;
	/** Of one hosted account only. */
	readonly imBotId?: string | undefined;
	readonly seq: string | undefined;
}

const TIMEOUT_MS = 30_000;
/** 100 records of some KB are less than a megabyte. */
const MOST_BYTES = 8 * 1024 * 1024;
const MOST_RETRIES = 5;
/** What is refused in words is refused for a reason; once or twice it may have been the load. */
const MOST_REFUSALS = 2;
const LONGEST_WORDS = 200;

/**
 * Opens the history. One call is under way at a time, and between two there is a pause.
 *
 * @returns what asks for a page; it throws HistoryFailure when there is none even after some tries.
 */
export function openHistory(access: HistoryAccess): (asked: Asked) => Promise<Page> {
	const { callsASecond, mostCalls = Number.POSITIVE_INFINITY } = access;
	const pauseMs = 1_000 / callsASecond;
	const { token } = access;
	/** What the platform says may repeat the token. */
	const withoutToken = (said: string): string =>
		isSecretShaped(token) ? blank(said, [sealedOf(token)]).text : said.replaceAll(token, "*");
	let calls = 0;
	let free = 0;
	const call = async (asked: Asked): Promise<Page> => {
		if (++calls > mostCalls) {
			throw new AbortError(new HistoryFailure(({ history }) => history.tooManyCalls(mostCalls)));
		}
		await setTimeout(Math.max(0, free - performance.now()));
		free = performance.now() + pauseMs;
		const answer = readAnswer(await fetchText(access, asked));
		if (answer.kind === "page") return answer;
		if (answer.kind === "odd") throw new HistoryFailure(({ history }) => history.odd);
		const said = withoutToken(`${answer.code} ${answer.words}`).trim();
		throw new Refused(({ history }) => history.answers(beginningOf(said, LONGEST_WORDS)));
	};
	return (asked) => {
		let refusals = 0;
		return pRetry(() => call(asked), {
			retries: MOST_RETRIES,
			minTimeout: 2 * pauseMs,
			randomize: true,
			shouldRetry: ({ error }) => !(error instanceof Refused) || ++refusals <= MOST_REFUSALS,
		});
	};
}

/** The platform, or what stands before it, says no. */
class Refused extends HistoryFailure {}

/** @throws HistoryFailure, with nothing of the request in it. */
async function fetchText(
	{ base, token, dialect }: HistoryAccess,
	{ day, imBotId, seq }: Asked,
): Promise<string> {
	const fields = {
		token,
		pageSize: String(PAGE_SIZE),
		...(seq !== undefined && { seq }),
		snapshotDay: day,
		...(imBotId !== undefined && { imBotId }),
	};
	const url = new URL("message/history", base);
	const isResold = dialect === "resold";
	if (!isResold) url.search = new URLSearchParams(fields).toString();
	const init = {
		...(isResold && {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ seq: FIRST, ...fields }),
		}),
		// Wherever else it would lead to, the token is not for it.
		redirect: "error",
		signal: AbortSignal.timeout(TIMEOUT_MS),
	} as const;
	try {
		const response = await fetch(url, init);
		if (!response.ok) {
			await response.body?.cancel();
			const { status } = response;
			const isRefusal = status < 500 && status !== 429;
			const Failure = isRefusal ? Refused : HistoryFailure;
			throw new Failure(({ history }) => history.answers(`HTTP ${status}`));
		}
		return await boundedText(response);
	} catch (error) {
		if (error instanceof HistoryFailure) throw error;
		throw new HistoryFailure(({ history }) => history.unreadable(reasonOf(error)));
	}
}

async function boundedText({ body }: Response): Promise<string> {
	const chunks: Uint8Array[] = [];
	let length = 0;
	for await (const chunk of body ?? []) {
		length += chunk.length;
		if (length > MOST_BYTES) throw new HistoryFailure(({ history }) => history.tooLong(MOST_BYTES));
		chunks.push(chunk);
	}
	return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
}

/** Of a connection that failed the kind is enough, such as `ECONNREFUSED`; an address may be in the rest. */
function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return "no reason given";
	const { cause } = error;
	if (cause instanceof Error) return "code" in cause ? String(cause.code) : cause.name;
	return error.name;
}
