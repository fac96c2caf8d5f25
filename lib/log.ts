import { Logger } from "@aws-lambda-powertools/logger";
import { chatOf, isOfMessage, type Row } from "./storage/row.ts";

/** Logs one JSON object a line. Never give it a message's text, a name, a token or a media URL. */
export const logger = new Logger();

/** An id may have 512 bytes, and a log line is paid for by its bytes. */
const LONGEST_LOGGED = 64;

/** What of a row may be logged, and no more of it than helps. */
export function loggable(row: Row): Readonly<Record<string, unknown>> {
	if (!isOfMessage(row)) return {};
	const { messageId, type, conformance, origin } = row;
	return {
		messageId: messageId?.slice(0, LONGEST_LOGGED),
		chatId: chatOf(row)?.slice(0, LONGEST_LOGGED),
		type,
		conformance,
		origin,
	};
}

/**
 * What may be logged of an error: its name and its message. A parser's message quotes its input,
 * which must not be seen.
 */
export function describe(error: unknown): { name: string; message: string } {
	if (!(error instanceof Error)) return { name: "unknown", message: "" };
	return { name: error.name, message: error instanceof SyntaxError ? "" : error.message };
}
