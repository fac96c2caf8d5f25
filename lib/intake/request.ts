import { identifies, identityOf } from "../message/identity.ts";
import { membersOf, parseObject } from "../message/json-text.ts";
import { unexpected } from "../message/unexpected.ts";
import { judge } from "../message/verdict.ts";
import type { Envelope } from "../storage/envelope.ts";
import { type Arrival, callbackRow, messageRow } from "../storage/row.ts";
import { blank, blankBytes } from "./blanking.ts";
import { type Body, type GivenBody, readBody } from "./body.ts";
import type { RefusalReason } from "./reply.ts";
import { type Route, readRoute } from "./route.ts";
import {
	ANYONE,
	type Credentials,
	isAccepted,
	isSecretShaped,
	type SealedSecret,
	sealedOf,
} from "./secret.ts";
import { isToken, tokensOf, tokensOfQuery } from "./token-places.ts";

/** Who is let in, and what is taken. */
export interface Rules {
	readonly credentials: Credentials;
	/** The keys that may stand first in the path of the base URL. */
	readonly keys: readonly SealedSecret[];
	/** Whether a message without a known shape is kept (a refusal can cost the owner the URL). */
	readonly onUnrecognized: "keep" | "refuse";
}

/** A request below the base URL, as API Gateway describes it. */
export interface Request extends GivenBody {
	readonly method: string;
	readonly path: string;
	/** Without the question mark. */
	readonly query: string;
	/** When it arrived, milliseconds since 1970. */
	readonly timeEpoch: number;
}

/** What is to be kept of a request, or why nothing is. */
export type Decision =
	| {
			readonly envelope: Envelope;
			readonly refused?: never;
			readonly violations: readonly string[];
			/** What went wrong unexpectedly, when the last net caught it. */
			readonly error?: unknown;
	  }
	| {
			readonly envelope?: never;
			readonly refused: RefusalReason;
			readonly violations: readonly string[];
			readonly error?: never;
	  };

/** Where the platform sends messages. */
const MESSAGE = "message";

/** API Gateway takes 10,240 bytes of request line and headers, so only what is no URL has more. */
const LONGEST_URL = 16 * 1024;

/**
 * Decides on a request. Who sends it is decided first, and costs one parse: only then is the body
 * searched for what must not be kept, read and judged.
 *
 * Any other path and method than a message's is one of the platform's other callbacks, known or not: a
 * 404 on those may switch the URL off for messages too. With a valid key in the path nothing but its
 * size is a reason to refuse a request.
 */
export async function readRequest(request: Request, rules: Rules): Promise<Decision> {
	if (request.path.length + request.query.length > LONGEST_URL) return refuse("tooLarge");
	const body = readBody(request);
	if (body === "tooLarge") return refuse(body);
	const route = readRoute(request.path, rules.keys);
	const isMessage = request.method === "POST" && route.path === MESSAGE;
	if (body.kind !== "json" && isMessage && !route.isKeyed) return refuse(body.unreadable);
	const token = body.kind === "json" ? tokenOf(body.value) : undefined;
	const presented = token ?? (isMessage ? undefined : tokenOfQuery(request.query));
	if (!route.isKeyed && !isAccepted(rules.credentials, presented)) return refuse("token");

	const secrets = secretsOf(rules, presented);
	if (body.kind !== "json" || !isMessage) {
		return { envelope: callbackOf(request, route, body, secrets), violations: [] };
	}
	const arrival = { receivedAt: receivedAtOf(request), blanked: route.keys };
	const decision = await messageOf(body, secrets, arrival);
	const isRefused = rules.onUnrecognized === "refuse" && !route.isKeyed;
	return isRefused && decision.isUnrecognized
		? refuse("unrecognized", decision.violations)
		: decision;
}

function refuse(refused: RefusalReason, violations: readonly string[] = []): Decision {
	return { refused, violations };
}

function receivedAtOf({ timeEpoch }: Request): string {
	return new Date(timeEpoch).toISOString();
}

function tokenOf(value: object): string | undefined {
	const data = "data" in value ? value.data : undefined;
	for (const holder of [data, value]) {
		if (typeof holder !== "object" || holder === null || !("token" in holder)) continue;
		if (typeof holder.token === "string") return holder.token;
	}
	return undefined;
}

function tokenOfQuery(query: string): string | undefined {
	return new URLSearchParams(query).get("token") ?? undefined;
}

/** All that is accepted; where everyone is let in, what was presented. */
function secretsOf(
	{ credentials, keys }: Rules,
	presented: string | undefined,
): readonly SealedSecret[] {
	if (credentials !== ANYONE) return [...credentials, ...keys];
	const isSecret = presented !== undefined && isSecretShaped(presented);
	return isSecret ? [sealedOf(presented), ...keys] : keys;
}

/** A callback that is no message, or a keyed request to its path that is no JSON. */
function callbackOf(
	request: Request,
	{ path, keys }: Route,
	body: Body,
	secrets: readonly SealedSecret[],
): Envelope {
	const keptPath = blank(path, secrets);
	const keptQuery = blank(request.query, secrets, { known: tokensOfQuery(request.query) });
	const { text, encoding, blanked } = keptBody(body, secrets);
	const row = callbackRow(
		text,
		{ method: request.method, path: keptPath.text, query: keptQuery.text, encoding },
		{
			receivedAt: receivedAtOf(request),
			blanked: keys + keptPath.blanked + keptQuery.blanked + blanked,
		},
	);
	return { row, text };
}

function keptBody(body: Body, secrets: readonly SealedSecret[]) {
	switch (body.kind) {
		case "json":
			return { ...blankJson(body.text, secrets).kept, encoding: "utf8" } as const;
		case "text":
			return { ...blank(body.text, secrets), encoding: "utf8" } as const;
		case "bytes": {
			const { bytes, blanked } = blankBytes(body.bytes, secrets);
			return { text: bytes.toString("base64"), blanked, encoding: "base64" } as const;
		}
	}
}

/**
 * Takes the secrets out of a JSON text, and the values of all members `token` at the top level and in
 * `data`, whether accepted or not. A value's JSON type stays, so that the verdict on the kept text is
 * the verdict on the received one.
 */
function blankJson(text: string, secrets: readonly SealedSecret[]) {
	const members = membersOf(text, (key) => identifies(key) || isToken(key));
	const known = tokensOf(text, members);
	return { members, known, kept: blank(text, secrets, { known, isJson: true }) };
}

/**
 * Makes of a message what is to be kept of it: secrets are taken out, its identity is read, and the
 * schemas are asked.
 *
 * @param around how it came, and what was blanked around it, such as keys in the path.
 */
export async function messageOf(
	{ text, value }: { readonly text: string; readonly value: object },
	secrets: readonly SealedSecret[],
	around: Arrival,
) {
	const { kept, members, known } = blankJson(text, secrets);
	const arrival = { ...around, blanked: around.blanked + kept.blanked };
	return withNet(
		async () => {
			// Where a secret stood elsewhere, what the text says has changed: an id, a key, a type.
			const isAsRead = kept.blanked === known.length;
			const read = isAsRead
				? { text, value, members }
				: {
						text: kept.text,
						value: parseObject(kept.text) ?? {},
						members: membersOf(kept.text, identifies),
					};
			const said = identityOf(read.text, read.value, read.members);
			const verdict = await judge(read.value);
			const row = messageRow(kept.text, said, verdict, arrival);
			const isUnrecognized = verdict.conformance === "unrecognized";
			return { envelope: { row, text: kept.text }, violations: verdict.violations, isUnrecognized };
		},
		(error) => {
			const violations = [unexpected(error)];
			const verdict = { conformance: "unrecognized", violations } as const;
			const row = messageRow(kept.text, {}, verdict, arrival);
			return { envelope: { row, text: kept.text }, violations, isUnrecognized: false, error };
		},
	);
}

/** Below all that can go wrong after the sender is known: nothing of it may lose a message. */
export async function withNet<Result>(
	work: () => Promise<Result>,
	caught: (error: unknown) => Result,
): Promise<Result> {
	try {
		return await work();
	} catch (error) {
		return caught(error);
	}
}
