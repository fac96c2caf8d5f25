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
	/**
	 * What the sum is a polynomial in. It follows from the digest, so that nobody who does not know what
	 * is deployed can write a text whose every place matches.
	 */
	readonly factor: number;
	/** Its power that a character has which leaves the sum. */
	readonly leaving: number;
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
const UNITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-";
const SHORTEST = 16;
const LONGEST = 128;

/** Whether a word can be a token or key at all. */
export function isSecretShaped(word: string): boolean {
	if (word.length < SHORTEST || word.length > LONGEST) return false;
	return [...word].every((unit) => UNITS.includes(unit));
}

/**
 * A digest alone can only be compared with candidates, and each place of a text is one: to hash them
 * all would take a second for each 900 KiB. The length and these 12 bits leave one place in 4,096.
 * They cost 12 of the 96 bits of a real token, and what is deployed says no more of it.
 */
const MARK_BITS = 12;

function sealed(digest: Buffer, length: number, mark: number): SealedSecret {
	const factor = factorOf(digest);
	let leaving = 1;
	for (let i = 0; i < length; i++) leaving = Math.imul(leaving, factor);
	return { digest, length, mark, factor, leaving };
}

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
	return sealed(digest, secret.length, sum >>> (32 - MARK_BITS));
}

function digestOf(secret: string): Buffer {
	return createHash("sha256").update(secret).digest();
}

/** @returns what {@link sealSecret} has written, or undefined when this is nothing of it. */
export function readSealed(text: string): SealedSecret | undefined {
	const [, hex = "", length, mark = ""] =
		/^([0-9a-f]{64})\.(\d{2,3})\.([0-9a-f]{1,3})$/.exec(text) ?? [];
	if (length === undefined) return undefined;
	return sealed(Buffer.from(hex, "hex"), Number(length), Number.parseInt(mark, 16));
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

/** A place in a text, from its first UTF-16 unit to the one after its last. */
export interface Span {
	readonly start: number;
	readonly end: number;
}

/** For each byte, whether a secret may have it. */
const IS_OF_SECRET = new Uint8Array(256);
for (const unit of UNITS) IS_OF_SECRET[unit.charCodeAt(0)] = 1;

/**
 * The places of secrets in bytes. Linear: the bytes are read once for the words that could hold a
 * secret, and these once for each secret, because the sum of a place follows from the one before it.
 */
export function placesOf(secrets: readonly SealedSecret[], bytes: Buffer): Span[] {
	const shortest = Math.min(...secrets.map(({ length }) => length));
	const words = runsOf(bytes, IS_OF_SECRET, shortest);
	const places: Span[] = [];
	for (const secret of secrets) {
		const isAt = comparison(secret, bytes);
		for (const word of words) findIn(bytes, word, secret, isAt, places);
	}
	return places;
}

/**
 * The longest runs of bytes that a table has, of those that are long enough. A byte that it has not
 * says that nothing long enough ends in the next ones, so most bytes are never looked at.
 *
 * @param table 1 for each byte that a run may have.
 */
export function runsOf(bytes: Buffer, table: Uint8Array, shortest: number): Span[] {
	const runs: Span[] = [];
	let start = 0;
	while (start + shortest <= bytes.length) {
		let at = start + shortest - 1;
		while (at >= start && table[bytes[at] ?? 0] === 1) at--;
		if (at < start) {
			let end = start + shortest;
			while (end < bytes.length && table[bytes[end] ?? 0] === 1) end++;
			runs.push({ start, end });
			at = end;
		}
		start = at + 1;
	}
	return runs;
}

/**
 * Whether a secret stands at a place. Bytes that repeat themselves have few different candidates, and
 * each is hashed once.
 */
function comparison({ digest, length }: SealedSecret, bytes: Buffer): (at: number) => boolean {
	const others = new Set<string>();
	let secret: Buffer | undefined;
	return (at) => {
		const candidate = bytes.subarray(at, at + length);
		if (secret !== undefined) return candidate.equals(secret);
		const word = candidate.toString("latin1");
		if (others.has(word)) return false;
		if (digestOf(word).equals(digest)) secret = candidate;
		else others.add(word);
		return secret !== undefined;
	};
}

function findIn(
	bytes: Buffer,
	{ start, end }: Span,
	{ length, mark, factor, leaving }: SealedSecret,
	isAt: (at: number) => boolean,
	places: Span[],
): void {
	if (end - start < length) return;
	let sum = 0;
	let next = start;
	while (next < start + length) sum = (Math.imul(sum, factor) + (bytes[next++] ?? 0)) | 0;
	for (;;) {
		const at = next - length;
		if (sum >>> (32 - MARK_BITS) === mark && isAt(at)) places.push({ start: at, end: next });
		if (next === end) return;
		const left = Math.imul(leaving, bytes[at] ?? 0);
		sum = (Math.imul(sum, factor) + (bytes[next++] ?? 0) - left) | 0;
	}
}
