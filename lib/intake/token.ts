import { createHash, timingSafeEqual } from "node:crypto";

/** What `CALLBACK_TOKEN_DIGESTS` holds when every caller is let in; only the stage `local` has it. */
export const ANYONE = "*";

/** The digests of the accepted tokens, or {@link ANYONE}. */
export type Credentials = readonly Buffer[] | typeof ANYONE;

/** SHA-256 of a token's UTF-8 bytes, in hex: the only form in which a token is configured. */
export function digestOf(token: string): string {
	return createHash("sha256").update(token).digest("hex");
}

/**
 * Whether the platform's shared secret is one of the accepted ones. All digests are compared, each
 * in constant time, so that the answer's delay tells nothing about a token.
 *
 * @param token `data.token` of the callback (docs/platform.md "Authentication": group-level
 * callbacks carry no signature, only this).
 */
export function isAccepted(credentials: Credentials, token: string | undefined): boolean {
	if (credentials === ANYONE) return true;
	if (token === undefined) return false;
	const digest = createHash("sha256").update(token).digest();
	let accepted = false;
	for (const candidate of credentials) {
		if (timingSafeEqual(candidate, digest)) accepted = true;
	}
	return accepted;
}
