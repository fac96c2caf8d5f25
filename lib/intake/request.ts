import type { ReceiveConfig } from "../config.ts";
import { judge } from "../message/verdict.ts";
import { violationsOf } from "../message/violations.ts";
import type { Envelope } from "../storage/envelope.ts";
import { blankQuery, readCallback, readRawBody } from "./body.ts";
import type { RefusalReason } from "./reply.ts";
import { readRoute } from "./route.ts";
import { ANYONE, isAccepted } from "./token.ts";

/** A request below the base URL, as API Gateway describes it. */
export interface Request {
	readonly method: string;
	readonly path: string;
	/** Without the question mark. */
	readonly query: string;
	readonly body: string | undefined;
	readonly isBase64Encoded: boolean;
	/** When it arrived, milliseconds since 1970. */
	readonly timeEpoch: number;
}

/** What is to be kept of a request, or why nothing is. */
export type Reading =
	| {
			readonly envelope: Envelope;
			readonly refused?: never;
			readonly violations: readonly string[];
	  }
	| {
			readonly envelope?: never;
			readonly refused: RefusalReason;
			readonly violations: readonly string[];
	  };

/** Where the platform sends messages. */
const MESSAGE = "message";

/**
 * Decides on a request. A message is read and judged. Any other path and method is one of the
 * platform's other callbacks, known or not: a 404 on those may switch the URL off for messages too.
 * With a valid key in the path nothing but its size is a reason to refuse a request.
 */
export async function readRequest(
	request: Request,
	config: Pick<ReceiveConfig, "credentials" | "keys" | "onUnrecognized">,
): Promise<Reading> {
	const { method, query, body, isBase64Encoded, timeEpoch } = request;
	const { isKeyed, path } = readRoute(request.path, config.keys);
	const isMessage = method === "POST" && path === MESSAGE;
	const callback = readCallback(body, isBase64Encoded);
	if (callback === "tooLarge") return refuse(callback);
	const readable = typeof callback === "string" ? undefined : callback;
	if (typeof callback === "string" && isMessage && !isKeyed) return refuse(callback);
	const token = readable?.token ?? (isMessage ? undefined : tokenOfQuery(query));
	if (!isKeyed && !isAccepted(config.credentials, token)) return refuse("token");
	const receivedAt = new Date(timeEpoch).toISOString();
	if (readable === undefined || !isMessage) {
		const { credentials } = config;
		const isToken = (word: string): boolean =>
			word === token || (credentials !== ANYONE && isAccepted(credentials, word));
		const raw = readable
			? ({ text: readable.text, encoding: "utf8" } as const)
			: readRawBody(body, isBase64Encoded, isToken);
		const envelope = { receivedAt, method, path, query: blankQuery(query, isToken), ...raw };
		return { envelope, violations: [] };
	}
	const { value, text } = readable;
	const conformance = judge(value);
	const violations = conformance === "unrecognized" ? await violationsOf(value) : [];
	if (conformance === "unrecognized" && config.onUnrecognized === "refuse" && !isKeyed) {
		return refuse("unrecognized", violations);
	}
	return { envelope: { receivedAt, conformance, violations, text }, violations };
}

function refuse(refused: RefusalReason, violations: readonly string[] = []): Reading {
	return { refused, violations };
}

function tokenOfQuery(query: string): string | undefined {
	return new URLSearchParams(query).get("token") ?? undefined;
}
