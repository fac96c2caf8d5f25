import { createHash, timingSafeEqual } from "node:crypto";

/**
 * What a function knows of a token or key that it accepts: enough to tell it when it comes, and to
 * find it inside of a text, and far too little to make it again.
 */
export interface SealedSecret {
	/** SHA-256 of the secret. */
	readonly digest: Buffer;
	/** How many characters it has. */
	readonly length: number;
	/** {@link MARK_BITS} bits of a sum over its characters, which a place in a text has to match. */
	readonly mark: number;
}

/** What `CALLBACK_TOKEN_DIGESTS` holds when every caller is let in; only the stage `local` has it. */
export const ANYONE = "*";

/** The accepted tokens, or {@link ANYONE}. */
export type Credentials = readonly SealedSecret[] | typeof ANYONE;

/**
 * Real tokens are 24 hex digits (docs/platform.md "Envelope"), and keys stand in a URL. A shorter one
 * could be a word of a chat, and to take it out of a message would alter the message. Of these
 * characters none can be written in JSON or in a URL otherwise than as itself, `\uXXXX` or `%XX`.
 */
const SHAPE = /^[A-Za-z0-9._~-]{16,128}$/;

/** In words, what {@link isSecretShaped} asks for. */
export const SECRET_SHAPE = "16 to 128 letters, digits or . _ ~ -";

/** Whether a word can be a token or key at all. */
export function isSecretShaped(word: string): boolean {
	return SHAPE.test(word);
}

/**
 * A digest alone can only be compared with candidates, and each place of a text is one: to hash them
 * all would take a second for each 900 KiB. The length and these 12 bits leave one place in 4,096.
 * They cost 12 of the 96 bits of a real token, and what is deployed says no more of it.
 */
const MARK_BITS = 12;

/**
 * The sum is a polynomial in a number that follows from the digest, so that nobody who does not know
 * what is deployed can write a text whose every place matches.
 */
function factorOf(digest: Buffer): number {
	return digest.readInt32LE(0) | 1;
}

/** @returns the form in which a secret is deployed; it holds the secret in no way back. */
export function sealSecret(secret: string): string {
	const { digest, length, mark } = sealedOf(secret);
	return `${digest.toString("hex")}.${length}.${mark.toString(16)}`;
}

/** What is known of a secret that is at hand. */
export function sealedOf(secret: string): SealedSecret {
	const digest = digestOf(secret);
	const factor = factorOf(digest);
	let sum = 0;
	for (let i = 0; i < secret.length; i++) sum = (Math.imul(sum, factor) + secret.charCodeAt(i)) | 0;
	return { digest, length: secret.length, mark: sum >>> (32 - MARK_BITS) };
}

function digestOf(secret: string): Buffer {
	return createHash("sha256").update(secret).digest();
}

/** @returns what {@link sealSecret} has written, or undefined when this is nothing of it. */
export function readSealed(text: string): SealedSecret | undefined {
	const [, hex = "", length, mark = ""] =
		/^([0-9a-f]{64})\.(\d{2,3})\.([0-9a-f]{1,3})$/.exec(text) ?? [];
	if (length === undefined) return undefined;
	return {
		digest: Buffer.from(hex, "hex"),
		length: Number(length),
		mark: Number.parseInt(mark, 16),
	};
}

/**
 * Whether a word is one of the secrets. All digests are compared, each in constant time, so that the
 * answer's delay tells nothing about a secret; what has the length of none is not even hashed.
 */
export function isOneOf(secrets: readonly SealedSecret[], word: string | undefined): boolean {
	if (word === undefined || !secrets.some(({ length }) => length === word.length)) return false;
	const digest = digestOf(word);
	let found = false;
	for (const secret of secrets) {
		if (timingSafeEqual(secret.digest, digest)) found = true;
	}
	return found;
}

/**
 * Whether a callback's token lets it in.
 *
 * @param token `data.token` of the callback (docs/platform.md "Authentication": group-level callbacks
 * carry no signature, only this).
 */
export function isAccepted(credentials: Credentials, token: string | undefined): boolean {
	return credentials === ANYONE || isOneOf(credentials, token);
}

/**
 * The places of a secret in a text, each as the offset of its first UTF-16 unit, in their order.
 * Linear in the text: the sum of a place follows from the one before it.
 */
export function placesOf({ digest, length, mark }: SealedSecret, text: string): number[] {
	const places: number[] = [];
	if (text.length < length) return places;
	const factor = factorOf(digest);
	let leaving = 1;
	for (let i = 0; i < length; i++) leaving = Math.imul(leaving, factor);
	let sum = 0;
	for (let i = 0; i < length; i++) sum = (Math.imul(sum, factor) + text.charCodeAt(i)) | 0;
	// A text that repeats itself has few different candidates, and each is hashed once.
	const others = new Set<string>();
	let found: string | undefined;
	for (let end = length; ; end++) {
		if (sum >>> (32 - MARK_BITS) === mark) {
			const candidate = text.slice(end - length, end);
			if (candidate === found || (!others.has(candidate) && digestOf(candidate).equals(digest))) {
				found = candidate;
				places.push(end - length);
			} else others.add(candidate);
		}
		if (end >= text.length) return places;
		const left = Math.imul(leaving, text.charCodeAt(end - length));
		sum = (Math.imul(sum, factor) + text.charCodeAt(end) - left) | 0;
	}
}
