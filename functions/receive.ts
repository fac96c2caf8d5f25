import type {
	APIGatewayProxyEventV2,
	APIGatewayProxyStructuredResultV2,
	Context,
} from "aws-lambda";
import { receiveConfig } from "../lib/config.ts";
import { acknowledgement, type Reply, refusal } from "../lib/intake/reply.ts";
import { readRequest } from "../lib/intake/request.ts";
import { identityOf, loggable } from "../lib/message/identity.ts";
import { isMessage } from "../lib/storage/envelope.ts";
import { openKeeper } from "../lib/storage/keep.ts";
import * as telemetry from "../lib/telemetry.ts";

const config = receiveConfig(process.env);
const keep = openKeeper(config);

/** Any request below the base URL: answers 200 only when what it brought is safe. */
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
	const { requestContext, rawPath, rawQueryString, body, isBase64Encoded } = event;
	const { timeEpoch, http } = requestContext;
	const { envelope, refused, violations } = await readRequest(
		{ method: http.method, path: rawPath, query: rawQueryString, body, isBase64Encoded, timeEpoch },
		config,
	);
	if (refused !== undefined) {
		telemetry.logger.info("refused", { requestId, reason: refused, violations });
		telemetry.countRefusal(refused);
		return refusal(refused, violations);
	}
	const identity = isMessage(envelope) ? identityOf(envelope.text) : {};
	const about = { ...loggable(identity), requestId };
	const { outcome, ...where } = await keep(envelope, (place, error) =>
		telemetry.logger.error(`${place} did not take a message`, {
			...about,
			reason: telemetry.describe(error),
		}),
	);
	if (outcome === "lost") {
		telemetry.countRefusal("unavailable");
		return refusal("unavailable");
	}
	telemetry.logger.info(outcome, {
		...about,
		...where,
		...(isMessage(envelope) && { conformance: envelope.conformance }),
	});
	telemetry.countKept(envelope, identity, outcome, timeEpoch);
	return acknowledgement(violations[0]);
}
