import { parseObject } from "../message/json-text.ts";

/** The largest body that is taken: 900 KiB of UTF-8, which SQS (1 MiB) holds under any compression. */
export const MAX_BODY_BYTES = 900 * 1024;

/** A body as API Gateway hands it over. */
export interface GivenBody {
	readonly body: string | undefined;
	readonly isBase64Encoded: boolean;
	/** What the request's `content-length` says; nothing when it had none. */
	readonly contentLength?: number;
}

/** The body of a callback, read as far as it can be. */
export type Body =
	/** A JSON object. */
	| {
			readonly kind: "json";
			/** As received, without a byte order mark. */
			readonly text: string;
			/** What the text means; numbers beyond 2^53 are only right in `text`. */
			readonly value: object;
	  }
	/** Another text in UTF-8. */
	| { readonly kind: "text"; readonly text: string; readonly unreadable: "empty" | "notJson" }
	/** No UTF-8. */
	| { readonly kind: "bytes"; readonly bytes: Buffer; readonly unreadable: "notJson" };

const BYTE_ORDER_MARK = "\uFEFF";

/**
 * Reads the body of a request as API Gateway hands it over.
 *
 * A body is UTF-8 whatever its `Content-Type` says (RFC 8259 §8.1). Bytes that are no UTF-8 would
 * be kept as replacement characters, which is not what was sent, so they stay bytes.
 *
 * @returns the body, or that it is larger than {@link MAX_BODY_BYTES}.
 */
export function readBody({ body, isBase64Encoded, contentLength }: GivenBody): Body | "tooLarge" {
	const given = body ?? "";
	const bytes = isBase64Encoded ? Buffer.from(given, "base64") : undefined;
	if ((bytes?.length ?? leastBytes(given)) > MAX_BODY_BYTES) return "tooLarge";
	const text = bytes === undefined ? given : decode(bytes);
	if (text === undefined || !text.isWellFormed()) {
		return { kind: "bytes", bytes: bytes ?? Buffer.from(given), unreadable: "notJson" };
	}
	// Whether API Gateway hands bytes that are no UTF-8 over as replacement characters is not documented.
	// The text is then longer or shorter than what was sent, and must not be taken for it.
	if (contentLength !== undefined && text.includes("\uFFFD")) {
		const length = bytes?.length ?? Buffer.byteLength(text);
		if (length !== contentLength) return { kind: "text", text, unreadable: "notJson" };
	}
	const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
	const value = parseObject(json);
	if (value !== undefined) return { kind: "json", text: json, value };
	return { kind: "text", text, unreadable: json.trim() === "" ? "empty" : "notJson" };
}

/** How many bytes a text has, counted only where it matters: a unit of UTF-16 has three at most. */
function leastBytes(text: string): number {
	return text.length * 3 <= MAX_BODY_BYTES ? text.length : Buffer.byteLength(text);
}

function decode(bytes: Buffer): string | undefined {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
