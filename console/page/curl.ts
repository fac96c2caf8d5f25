import { quoted } from "../../lib/message/quoted.ts";
import type { Draft } from "../protocol.ts";

/**
 * A command that sends a request from a shell. The token is not known here: where an empty one stands,
 * the shell puts in its own `$CALLBACK_TOKEN`.
 */
export function curlOf({ method, path, body }: Draft, callbackUrl: string): string {
	const url = new URL(`./${path.replace(/^\/+/, "")}`, callbackUrl).href;
	const request = `curl -X ${method} -H 'content-type: application/json'`;
	if (body.text === "") return `${request} ${quoted(url)}`;
	const isText = body.encoding === "utf8";
	if (!isText || body.text.length > LONGEST_WORD || UNTYPABLE.test(body.text)) {
		const bytes = isText ? base64Of(body.text) : body.text;
		return `printf %s ${quoted(bytes)} | base64 -d | ${request} --data-binary @- ${quoted(url)}`;
	}
	const text = quoted(body.text).replace(/("token\s*"\s*:\s*")"/g, `$1'"$CALLBACK_TOKEN"'"`);
	// Not --data-binary, which takes what begins with @ for a file's name.
	return `${request} --data-raw ${text} ${quoted(url)}`;
}

/** Linux takes words of 128 KiB; a shell's own `printf` takes any. */
const LONGEST_WORD = 30_000;

/** What a terminal does not paste as it is. */
const UNTYPABLE = /(?![\n\t])[\p{Cc}\p{Surrogate}]/u;

function base64Of(text: string): string {
	const bytes = new TextEncoder().encode(text);
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
