import type {
	APIGatewayProxyEventV2,
	APIGatewayProxyStructuredResultV2,
	Context,
} from "aws-lambda";
import { receiveConfig } from "../lib/config.ts";
import { acknowledgement, type Reply, refusal } from "../lib/intake/reply.ts";
import { readRequest } from "../lib/intake/request.ts";
import { describe, loggable, logger } from "../lib/log.ts";
import { events } from "../lib/log-events.ts";
import * as metrics from "../lib/metrics.ts";
import { openConnection } from "../lib/storage/connection.ts";
import { openKeeper } from "../lib/storage/keep.ts";
import { warmForCallbacks } from "../lib/warming/callback.ts";

const config = receiveConfig(process.env);
const connection = openConnection();
const keep = openKeeper(config, connection);

/** Lambda sends no event before this resolves: `build/bundles.ts` awaits it. */
export const ready = warmForCallbacks(config, connection);

/** Any request below the base URL: answers 200 only when what it brought is safe. */
export async function handler(
	event: APIGatewayProxyEventV2,
	{ functionName, awsRequestId: requestId }: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
	metrics.countColdStart(functionName);
	const { status, errcode, errmsg } = await receive(event, requestId).catch((error: unknown) => {
		logger.error(events.unexpected, { requestId, reason: describe(error) });
		metrics.countRefusal("unavailable");
		return refusal("unavailable");
	});
	metrics.publishCounts();
	return {
		statusCode: status,
		headers: { "content-type": "application/json; charset=utf-8" },
		body: JSON.stringify({ errcode, errmsg }),
	};
}

async function receive(event: APIGatewayProxyEventV2, requestId: string): Promise<Reply> {
	const { requestContext, rawPath: path, rawQueryString: query, body, isBase64Encoded } = event;
	const { timeEpoch, http } = requestContext;
	const length = event.headers["content-length"];
	const request = {
		...{ method: http.method, path, query, body, isBase64Encoded, timeEpoch },
		...(length !== undefined && { contentLength: Number(length) }),
	};
	const { envelope, refused, violations, error } = await readRequest(request, config);
	if (refused !== undefined) {
		logger.info(events.refused, { requestId, reason: refused, violations });
		metrics.countRefusal(refused);
		return refusal(refused, violations);
	}
	const about = { ...loggable(envelope.row), requestId };
	if (error !== undefined) {
		logger.error(events.netted, { ...about, reason: describe(error) });
		metrics.count("Unexpected");
	}
	const { outcome, ...where } = await keep(envelope, (place, failure) =>
		logger.error(place === "the queue" ? events.notQueued : events.notWritten, {
			...about,
			reason: describe(failure),
		}),
	);
	if (outcome === "lost") {
		metrics.countRefusal("unavailable");
		return refusal("unavailable");
	}
	logger.info(events[outcome], { ...about, ...where });
	metrics.countKept(envelope, outcome, timeEpoch);
	return acknowledgement(violations[0]);
}
