import type {
	APIGatewayProxyEventV2,
	APIGatewayProxyStructuredResultV2,
	Context,
} from "aws-lambda";
import { readCallback } from "../lib/callback.ts";
import { receiveConfig } from "../lib/config.ts";
import { isAccepted } from "../lib/credentials.ts";
import { identityOf, loggable } from "../lib/identity.ts";
import { openQueue } from "../lib/queue.ts";
import { acknowledgement, type RefusalReason, type Reply, refusal } from "../lib/reply.ts";
import * as telemetry from "../lib/telemetry.ts";
import { judge } from "../lib/verdict.ts";
import { violationsOf } from "../lib/violations.ts";

const { queueUrl, credentials, onUnrecognized } = receiveConfig(process.env);
const queue = openQueue(queueUrl);

/** `POST /message`: answers 200 only when the message is in the queue. */
export async function handler(
	event: APIGatewayProxyEventV2,
	{ functionName, awsRequestId }: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
	telemetry.countColdStart(functionName);
	const { status, errcode, errmsg } = await receive(event, awsRequestId);
	telemetry.publishCounts();
	return {
		statusCode: status,
		headers: { "content-type": "application/json; charset=utf-8" },
		body: JSON.stringify({ errcode, errmsg }),
	};
}

async function receive(event: APIGatewayProxyEventV2, requestId: string): Promise<Reply> {
	const callback = readCallback(event.body, event.isBase64Encoded);
	if (typeof callback === "string") return refuse(callback);
	if (!isAccepted(credentials, callback.token)) return refuse("token");
	const conformance = judge(callback.value);
	const violations = conformance === "unrecognized" ? await violationsOf(callback.value) : [];
	if (conformance === "unrecognized" && onUnrecognized === "refuse") {
		return refuse("unrecognized", violations);
	}
	const { text } = callback;
	const { timeEpoch } = event.requestContext;
	const identity = identityOf(text);
	const about = { ...loggable(identity), conformance, requestId };
	try {
		await queue.send({
			receivedAt: new Date(timeEpoch).toISOString(),
			conformance,
			violations,
			text,
		});
	} catch (error) {
		telemetry.logger.error("SQS did not take a message", {
			...about,
			reason: telemetry.describe(error),
		});
		return refuse("unavailable");
	}
	telemetry.logger.info("queued", about);
	telemetry.count("Received");
	telemetry.count("EnqueueLatency", Date.now() - timeEpoch);
	telemetry.count("BodyBytes", Buffer.byteLength(text));
	if (identity.time !== undefined)
		telemetry.count("PlatformDelay", Math.max(0, timeEpoch - identity.time));
	telemetry.countConformance(conformance, identity.type);
	return acknowledgement(violations[0]);
}

function refuse(reason: RefusalReason, violations?: readonly string[]): Reply {
	telemetry.countRefusal(reason);
	return refusal(reason, violations);
}
