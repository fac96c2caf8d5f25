import { randomBytes } from "node:crypto";
import type { Exchange } from "./protocol.ts";
import { requestsOf } from "./samples.ts";

/** The callback may be slow, but after this nobody waits any more. */
const PATIENCE_MS = 10_000;

/**
 * Sends a sample as the platform would.
 *
 * @param token never shown in what is returned.
 * @returns each request with its reply, or undefined when there is no such sample.
 */
export async function sendSample(
	id: string,
	callbackUrl: string,
	token: string,
): Promise<Exchange[] | undefined> {
	const requests = requestsOf(id, {
		newId: () => randomBytes(16).toString("hex"),
		now: Date.now(),
		token,
	});
	if (requests === undefined) return undefined;
	const exchanges: Exchange[] = [];
	for (const { method, path, body } of requests) {
		const url = new URL(`/${path}`, callbackUrl).href;
		const began = performance.now();
		const reply = await answerOf(url, { method, body });
		const ms = Math.round(performance.now() - began);
		exchanges.push({ method, url, body: withoutToken(body, token), ...reply, ms });
	}
	return exchanges;
}

async function answerOf(
	url: string,
	request: { readonly method: string; readonly body: string },
): Promise<Pick<Exchange, "status" | "reply">> {
	try {
		const response = await fetch(url, {
			...request,
			headers: { "content-type": "application/json" },
			signal: AbortSignal.timeout(PATIENCE_MS),
		});
		return { status: response.status, reply: await response.text() };
	} catch (error) {
		return { reply: error instanceof Error ? error.message : "" };
	}
}

/** Takes the token out of a body that is to be shown. */
export function withoutToken(body: string, token: string): string {
	return body.replaceAll(JSON.stringify(token), '"•••"');
}
