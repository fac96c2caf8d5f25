import { randomBytes } from "node:crypto";
import type { Draft, Exchange } from "./protocol.ts";
import { requestsOf } from "./samples.ts";
import { withoutSecrets, withToken } from "./secrets.ts";
import type { Target } from "./stage.ts";

/** The callback may be slow, but after this nobody waits any more. */
const PATIENCE_MS = 10_000;

/**
 * Sends a sample as the platform would.
 *
 * @returns each request with its reply, or undefined when there is no such sample.
 */
export async function sendSample(id: string, target: Target): Promise<Exchange[] | undefined> {
	const requests = requestsOf(id, {
		newId: () => randomBytes(16).toString("hex"),
		now: Date.now(),
	});
	if (requests === undefined) return undefined;
	const exchanges: Exchange[] = [];
	for (const draft of requests) exchanges.push(await sendDraft(draft, target));
	return exchanges;
}

/** Sends a request, with the token where an empty one stands; it is never in what is returned. */
export async function sendDraft(draft: Draft, target: Target): Promise<Exchange> {
	const { method, path, body } = draft;
	// Relative to the base URL, whatever it says: nobody else is to get the token.
	const url = new URL(`./${path.replace(/^\/+/, "")}`, target.callbackUrl);
	const bytes =
		body.encoding === "base64"
			? Buffer.from(body.text, "base64")
			: withToken(body.text, target.token);
	const began = performance.now();
	try {
		const response = await fetch(url, {
			method,
			headers: { "content-type": "application/json" },
			...(method !== "GET" && method !== "HEAD" && { body: bytes }),
			signal: AbortSignal.timeout(PATIENCE_MS),
		});
		const reply = withoutSecrets(await response.text(), target.secrets);
		return { ...draft, status: response.status, reply, ms: since(began) };
	} catch (error) {
		const reply = error instanceof Error ? error.message : "";
		return { ...draft, reply, ms: since(began) };
	}
}

function since(began: number): number {
	return Math.round(performance.now() - began);
}
