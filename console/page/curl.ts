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
	if (body.encoding === "base64") {
		return `printf %s ${quoted(body.text)} | base64 -d | ${request} --data-binary @- ${quoted(url)}`;
	}
	const text = quoted(body.text).replace(/("token\s*"\s*:\s*")"/g, `$1'"$CALLBACK_TOKEN"'"`);
	return `${request} --data-binary ${text} ${quoted(url)}`;
}
