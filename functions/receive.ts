import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { readCallback } from "../lib/callback.ts";
import { receiveConfig } from "../lib/config.ts";
import { isAccepted } from "../lib/credentials.ts";
import { identityOf } from "../lib/identity.ts";
import { openQueue } from "../lib/queue.ts";
import { acknowledgement, type Reply, refusal } from "../lib/reply.ts";
import { count, countConformance, describe, logger, publishCounts } from "../lib/telemetry.ts";
import { judge } from "../lib/verdict.ts";
import { violationsOf } from "../lib/violations.ts";

const { queueUrl, credentials, onUnrecognized } = receiveConfig(process.env);
const queue = openQueue(queueUrl);

/** `POST /message`: answers 200 only when the message is in the queue. */
export async function handler(
	event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
	const { status, errcode, errmsg } = await receive(event);
	if (status !== 200) count("Refused");
	publishCounts();
	return {
		statusCode: status,
		headers: { "content-type": "application/json; charset=utf-8" },
		body: JSON.stringify({ errcode, errmsg }),
	};
}

async function receive(event: APIGatewayProxyEventV2): Promise<Reply> {
	const callback = readCallback(event.body, event.isBase64Encoded);
	if (typeof callback === "string") return refusal(callback);
	if (!isAccepted(credentials, callback.token)) return refusal("token");
	const conformance = judge(callback.value);
	const violations = conformance === "unrecognized" ? await violationsOf(callback.value) : [];
	if (conformance === "unrecognized" && onUnrecognized === "refuse") {
		return refusal("unrecognized", violations);
	}
	const receivedAt = new Date(event.requestContext.timeEpoch).toISOString();
	try {
		await queue.send({
			receivedAt,
			conformance,
			violations,
			text: callback.text,
		});
	} catch (error) {
		const { messageId } = identityOf(callback.text);
		logger.error("SQS did not take a message", {
			messageId,
			reason: describe(error),
		});
		return refusal("unavailable");
	}
	count("Received");
	countConformance(conformance, identityOf(callback.text).type);
	return acknowledgement(violations[0]);
}
