import { isUtf8 } from "node:buffer";
import { blank, blankBytes } from "../lib/intake/blanking.ts";
import { type RefusalReason, refusals } from "../lib/intake/reply.ts";
import { isSecretShaped, type SealedSecret, sealedOf } from "../lib/intake/secret.ts";
import { isToken, tokensOf, tokensOfQuery } from "../lib/intake/token-places.ts";
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
	const parts: string[] = [];
	let at = 0;
	for (const { start, end } of tokensIn(text)) {
		if (text.slice(start, end) !== '""') continue;
		parts.push(text.slice(at, start), JSON.stringify(token));
		at = end;
	}
	return [...parts, text.slice(at)].join("");
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
		url: urlWithout(url, sealed),
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

function urlWithout(url: string, sealed: readonly SealedSecret[]): string {
	const [path = "", ...rest] = url.split("?");
	const query = rest.join("?");
	const known = tokensOfQuery(query);
	const kept = blank(query, sealed, { known }).text;
	return `${blank(path, sealed).text}${rest.length > 0 ? `?${kept}` : ""}`;
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
