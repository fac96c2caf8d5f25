import { text } from "node:stream/consumers";
import { Sha256Node } from "@smithy/core/checksum";
import { HttpRequest } from "@smithy/core/protocols";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { SignatureV4 } from "@smithy/signature-v4";
import { parseObject } from "../message/json-text.ts";
import { openConnection } from "./connection.ts";

/** As what and where a function calls AWS: Lambda sets it once for the life of a process. */
export interface AwsAccess {
	readonly region: string;
	readonly accessKeyId: string;
	readonly secretAccessKey: string;
	/** Roles have one, users do not. */
	readonly sessionToken?: string;
}

/**
 * Calls an action of SQS once.
 *
 * @returns what SQS answers.
 * @throws Error when it answers anything but 200, or not within the signal.
 */
export type CallSqs = (
	action: string,
	input: object,
	abortSignal: AbortSignal,
) => Promise<Readonly<Record<string, unknown>>>;

/**
 * SQS's protocol, made of the SDK's own signer and HTTP handler instead of its client: that takes 40 ms
 * less of every cold start of receive (bench/README.md). What the client would do besides is not needed
 * here: the URLs are known, the credentials are those that Lambda sets and never changes.
 *
 * @param queueUrl a queue's URL, whose host is the endpoint that is called.
 */
export function openSqs(
	queueUrl: string,
	{ region, ...credentials }: AwsAccess,
	connection = openConnection(),
): CallSqs {
	const { protocol, hostname, host, port } = new URL(queueUrl);
	const signer = new SignatureV4({ service: "sqs", region, credentials, sha256: Sha256Node });
	const http = new NodeHttpHandler({
		connectionTimeout: 300,
		requestTimeout: 600,
		throwOnRequestTimeout: true,
		...connection.agents,
	});
	const send = async (request: HttpRequest, abortSignal: AbortSignal) => {
		const signed = await signer.sign(request);
		await connection.check();
		const { response } = await http.handle(new HttpRequest(signed), { abortSignal });
		return { statusCode: response.statusCode, answer: await text(response.body) };
	};
	return async (action, input, abortSignal) => {
		// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html
		const request = new HttpRequest({
			protocol,
			hostname,
			...(port !== "" && { port: Number(port) }),
			method: "POST",
			path: "/",
			headers: {
				host,
				"content-type": "application/x-amz-json-1.0",
				"x-amz-target": `AmazonSQS.${action}`,
			},
			body: JSON.stringify(input),
		});
		const { statusCode, answer } = await send(request, abortSignal).catch((error: unknown) => {
			// The others may be as dead as the one that has failed.
			connection.drop();
			throw error;
		});
		if (statusCode !== 200) throw new Error(`SQS answered ${statusCode}: ${errorOf(answer)}`);
		const said = parseObject(answer);
		if (said === undefined) throw new Error("SQS answered 200 without a JSON object");
		return said;
	};
}

/** The kind of error, such as `com.amazonaws.sqs#QueueDoesNotExist`; a gateway may answer otherwise. */
function errorOf(answer: string): string {
	return /"__type"\s*:\s*"([\w.#]{1,100})"/.exec(answer)?.[1] ?? "no reason given";
}
