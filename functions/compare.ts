import type { Context } from "aws-lambda";
import { compareConfig } from "../lib/history/config.ts";
import { compareRecent } from "../lib/history/recent.ts";
import { logger } from "../lib/log.ts";
import { events } from "../lib/log-events.ts";
import * as metrics from "../lib/metrics.ts";

const config = compareConfig(process.env);

/**
 * Every so often: what the platform has and no callback brought is counted, and put on the queue.
 *
 * @throws when the history did not tell all; what it told is filled.
 */
export async function handler(_event: unknown, { functionName }: Context): Promise<void> {
	metrics.countColdStart(functionName);
	try {
		const found = await compareRecent(config, Date.now());
		if (found === undefined) {
			logger.warn(events.putOff);
			return;
		}
		const { missing, filled, unusable, failures } = found;
		metrics.count("Missed", missing);
		if (missing > 0) logger.error(events.missed, { missing, filled, unusable });
		const [failure] = failures;
		if (failure) throw new Error(`of ${failure.day} not all is known: ${failure.reason}`);
		if (missing === 0) logger.info(events.compared, { unusable });
	} finally {
		metrics.publishCounts();
	}
}
