import { isUtf8 } from "node:buffer";
import { blank, blankBytes } from "../lib/intake/blanking.ts";
import { type RefusalReason, refusals } from "../lib/intake/reply.ts";
import { isSecretShaped, type SealedSecret, sealedOf } from "../lib/intake/secret.ts";
import { isToken, tokensOf } from "../lib/intake/token-places.ts";
import { type Member, membersOf, parseObject } from "../lib/message/json-text.ts";
import { readMessage } from "../lib/message/shape.ts";
import type { KeptBody, RequestDetail } from "./protocol.ts";
import type { SeenRequest } from "./stage.ts";
import { given } from "./watch/fields.ts";
import { isReason } from "./watch/log-line.ts";

/** Takes tokens and keys out of a text that is to be shown; where a token stood, it is empty. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
	const sealed = sealedOfAll(secrets);
	if (parseObject(text) === undefined) {
		return blank(text, sealed).text.replace(/("token"\s*:\s*")[^"]*/g, "$1");
	}
	const known = tokensOf(text, membersOf(text, isToken));
	return blank(text, sealed, { known, isJson: true }).text;
}

/** Puts a token where an empty one stands, and changes nothing else. */
export function withToken(text: string, token: string): string {
	if (parseObject(text) === undefined) return text;
	const empty = tokensIn(text).filter(({ start, end }) => text.slice(start, end) === '""');
	return empty.reduceRight(
		(whole, { start, end }) => whole.slice(0, start) + JSON.stringify(token) + whole.slice(end),
		text,
	);
}

function tokensIn(text: string): readonly Member[] {
	const { top, data } = membersOf(text, isToken);
	return [top, ...data].flat().sort((a, b) => a.start - b.start);
}

function sealedOfAll(secrets: readonly string[]): readonly SealedSecret[] {
	return secrets.filter(isSecretShaped).map(sealedOf);
}

/** A request as it may be shown. */
export function requestDetail(seen: SeenRequest, secrets: readonly string[]): RequestDetail {
	const { id, at, method, url, headers, body, status, answer, ms } = seen;
	const sealed = sealedOfAll(secrets);
	const shown = body && bodyOf(body, secrets);
	return {
		...{ id, at, method, status, answer, ms },
		url: blank(url, sealed).text.replace(/([?&]token=)[^&]*/g, "$1"),
		headers: Object.fromEntries(
			Object.entries(headers).map(([name, value]) => [
				name,
				/auth|cookie|token|secret|key/i.test(name) ? "•••" : blank(value, sealed).text,
			]),
		),
		...given("body", shown),
		...given("reason", reasonOf(status, answer)),
		...given("messageId", shown && messageIdOf(shown.text)),
	};
}

function bodyOf(bytes: Uint8Array, secrets: readonly string[]): KeptBody {
	const buffer = Buffer.from(bytes);
	if (isUtf8(buffer)) {
		return { text: withoutSecrets(buffer.toString("utf8"), secrets), encoding: "utf8" };
	}
	const kept = blankBytes(buffer, sealedOfAll(secrets)).bytes;
	return { text: kept.toString("base64"), encoding: "base64" };
}

function reasonOf(status: number, answer: string): RefusalReason | undefined {
	const errcode = parseObject(answer)?.errcode;
	for (const [reason, refusal] of Object.entries(refusals)) {
		if (refusal.status === status && refusal.errcode === errcode && isReason(reason)) return reason;
	}
	return undefined;
}

function messageIdOf(text: string): string | undefined {
	try {
		return readMessage(text).messageId;
	} catch {
		return undefined;
	}
}
