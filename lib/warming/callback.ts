import { createHash } from "node:crypto";
import type { ReceiveConfig } from "../config.ts";
import { readRequest } from "../intake/request.ts";
import { ANYONE } from "../intake/secret.ts";
import { loggable, logger } from "../log.ts";
import { events } from "../log-events.ts";
import * as metrics from "../metrics.ts";
import type { Connection } from "../storage/connection.ts";
import { packEnvelope } from "../storage/envelope.ts";
import { openQueue } from "../storage/queue.ts";
import { EXAMPLE, muted } from "./example.ts";
import { openPretence } from "./pretence.ts";

/**
 * Gets receive ready: opens its connection to the queue and sends nothing by it, while the example goes
 * to a queue that is none. Never fails.
 */
export async function warmForCallbacks(
	config: ReceiveConfig,
	connection: Connection,
): Promise<void> {
	await Promise.allSettled([connection.open(new URL(config.queueUrl)), receiveExample(config)]);
}

async function receiveExample(config: ReceiveConfig): Promise<void> {
	const timeEpoch = Date.now();
	const request = {
		...{ method: "POST", path: "/message", query: "", timeEpoch },
		...{ body: EXAMPLE, isBase64Encoded: false, contentLength: EXAMPLE.length },
	};
	await readRequest(request, config);
	const { envelope } = await readRequest(request, { ...config, credentials: ANYONE });
	if (envelope === undefined) return;
	const { body } = packEnvelope(envelope);
	const MD5OfMessageBody = createHash("md5").update(body).digest("hex");
	const { connection } = openPretence(JSON.stringify({ MessageId: "none", MD5OfMessageBody }));
	const sqsMessageId = await openQueue(config.queueUrl, config.aws, connection).send(envelope);
	muted(() => {
		logger.info(events.queued, { ...loggable(envelope.row), requestId: "", sqsMessageId });
		metrics.countRefusal("token");
		metrics.countKept(envelope, "queued", timeEpoch);
		metrics.publishCounts();
	});
}
