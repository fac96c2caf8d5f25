import { isUtf8 } from "node:buffer";
import { type IncomingMessage, validateHeaderName, validateHeaderValue } from "node:http";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { isObject } from "../lib/message/json-text.ts";

/** What the client gets. */
export interface Answer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | Buffer;
}

/** What the gateway answers by itself, in the words of an HTTP API. */
export const failures = {
	/** The function failed, timed out or returned nothing that is a response. */
	internal: failure(500, "Internal Server Error"),
	/** The function cannot be reached, or takes longer than an HTTP API waits. */
	unavailable: failure(503, "Service Unavailable"),
	/** The body is larger than an HTTP API takes, or its event larger than Lambda takes. */
	tooLarge: failure(413, "Request Entity Too Large"),
};

function failure(status: number, message: string): Answer {
	return {
		status,
		headers: { "content-type": "application/json" },
		body: JSON.stringify({ message }),
	};
}

/**
 * Describes a request as an HTTP API does to a Lambda function, in payload format 2.0.
 *
 * AWS documents the fields, and that the type decides whether a body comes as text or as Base64,
 * but neither which types are text nor what becomes of text that is no UTF-8. Others measured the
 * types: `text/*` and three of `application/`; a form is none, nor a body without a type. Bytes that
 * are no UTF-8 come as Base64 here whatever their type, because no text holds them. The path comes
 * decoded, the query as it was sent. What only routes, authorizers and stage variables would fill
 * is left out, as is `queryStringParameters`.
 *
 * @param body the bytes, complete.
 * @param requestId what the request is called from here on.
 * @param timeEpoch when it arrived, milliseconds since 1970.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @see https://aws.amazon.com/blogs/compute/handling-binary-data-using-amazon-api-gateway-http-apis/
 * @see https://github.com/ministackorg/ministack/pull/766 for the measured types
 * @see https://github.com/fastify/aws-lambda-fastify/issues/169 for an event with a decoded path
 */
export function eventOf(
	request: Pick<IncomingMessage, "method" | "url" | "headersDistinct" | "httpVersion">,
	body: Buffer,
	requestId: string,
	timeEpoch: number,
): APIGatewayProxyEventV2 {
	const { method = "", url = "", headersDistinct, httpVersion } = request;
	const { cookie, ...others } = headersDistinct;
	const headers = Object.fromEntries(
		Object.entries(others).map(([name, values = []]) => [name, values.join(",")]),
	);
	const [encodedPath = "", ...query] = url.split("?");
	const path = decode(encodedPath);
	return {
		version: "2.0",
		routeKey: "$default",
		rawPath: path,
		rawQueryString: query.join("?"),
		...(cookie && { cookies: cookie.flatMap((line) => line.split(";")).map((one) => one.trim()) }),
		headers,
		requestContext: {
			accountId: "000000000000",
			apiId: "local",
			domainName: "localhost",
			domainPrefix: "localhost",
			http: {
				method,
				path,
				protocol: `HTTP/${httpVersion}`,
				sourceIp: "127.0.0.1",
				userAgent: headers["user-agent"] ?? "",
			},
			requestId,
			routeKey: "$default",
			stage: "$default",
			time: logTime(new Date(timeEpoch)),
			timeEpoch,
		},
		...bodyOf(body, headers["content-type"] ?? ""),
	};
}

/** A path with an escape that is none, or is none of UTF-8, stays as it was sent. */
function decode(path: string): string {
	try {
		return decodeURIComponent(path);
	} catch {
		return path;
	}
}

/** As Apache's log has it: `12/Mar/2020:19:03:58 +0000`. */
function logTime(at: Date): string {
	const [, day, month, year, clock] = at.toUTCString().split(" ");
	return `${day}/${month}/${year}:${clock} +0000`;
}

const TEXT_TYPES = new Set(["application/json", "application/xml", "application/javascript"]);

function bodyOf(
	bytes: Buffer,
	contentType: string,
): Pick<APIGatewayProxyEventV2, "body" | "isBase64Encoded"> {
	if (bytes.length === 0) return { isBase64Encoded: false };
	const type = contentType.split(";")[0]?.trim().toLowerCase() ?? "";
	const isText = (type.startsWith("text/") || TEXT_TYPES.has(type)) && isUtf8(bytes);
	return { body: bytes.toString(isText ? "utf8" : "base64"), isBase64Encoded: !isText };
}

/**
 * Turns what Lambda says of an invocation into the answer for the client.
 *
 * One difference to AWS is meant: there, a result without `statusCode` is the body of a 200. Here it
 * is malformed, so that a function that forgets its answer acknowledges nothing.
 *
 * @returns what the function answered; of the {@link failures} `internal` when it failed, timed out
 *   or returned something else, and `tooLarge` when Lambda did not take the event.
 * @throws what reading the invocation throws when its connection breaks.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
 */
export async function answerOf(invocation: Response): Promise<Answer> {
	const payload = await invocation.text();
	if (invocation.status === 413) return failures.tooLarge;
	if (!invocation.ok || invocation.headers.has("x-amz-function-error")) return failures.internal;
	try {
		return readResult(JSON.parse(payload));
	} catch {
		return failures.internal;
	}
}

/** @throws when it is not a response in payload format 2.0. */
function readResult(result: unknown): Answer {
	if (!isObject(result)) throw new TypeError("no object");
	const { statusCode, headers = {}, body = "", isBase64Encoded = false } = result;
	if (
		!isFinalStatus(statusCode) ||
		!isObject(headers) ||
		typeof body !== "string" ||
		typeof isBase64Encoded !== "boolean"
	) {
		throw new TypeError("a field of the wrong type");
	}
	return {
		status: statusCode,
		headers: Object.fromEntries(Object.entries(headers).map(readHeader)),
		body: isBase64Encoded ? Buffer.from(body, "base64") : body,
	};
}

function isFinalStatus(value: unknown): value is number {
	return typeof value === "number" && Number.isInteger(value) && value >= 200 && value <= 599;
}

function readHeader([name, value]: [string, unknown]): [string, string] {
	if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") {
		throw new TypeError("a header of the wrong type");
	}
	const text = String(value);
	validateHeaderName(name);
	validateHeaderValue(name, text);
	return [name, text];
}
