import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { storeConfig } from "../lib/config.ts";
import { describe, loggable, logger } from "../lib/log.ts";
import { events } from "../lib/log-events.ts";
import * as metrics from "../lib/metrics.ts";
import { budgets } from "../lib/storage/budgets.ts";
import { openConnection } from "../lib/storage/connection.ts";
import { TEXT_ATTRIBUTE, unpackEnvelope } from "../lib/storage/envelope.ts";
import { putWithNet } from "../lib/storage/net.ts";
import { canNeverBeStored, openRetry } from "../lib/storage/retry.ts";
import { openTable } from "../lib/storage/table.ts";
import { warmForBatches } from "../lib/warming/batch.ts";

const config = storeConfig(process.env);
const connection = openConnection();
const put = openTable(config.tableName, budgets.store.table, connection);
const retry = openRetry(config);
const processor = new BatchProcessor(EventType.SQS);

/** Lambda sends no event before this resolves: `build/bundles.ts` awaits it. */
export const ready = warmForBatches(config, connection);

/** Writes a batch of messages; the ones that could not be written wait in the queue. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
	metrics.countColdStart(context.functionName);
	const response = await processPartialResponse(event, store, processor, {
		context,
		throwOnFullBatchFailure: false,
	});
	const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
	await retry
		.later(event.Records.filter(({ messageId }) => failed.has(messageId)))
		.catch((error: unknown) => logger.warn(events.noPause, { reason: describe(error) }));
	metrics.publishCounts();
	return response;
}

async function store(record: SQSRecord): Promise<void> {
	const { messageId, body, messageAttributes } = record;
	const binary = messageAttributes[TEXT_ATTRIBUTE]?.binaryValue;
	let about: Readonly<Record<string, unknown>> = { sqsMessageId: messageId };
	try {
		const envelope = unpackEnvelope({
			body,
			...(binary !== undefined && { compressedText: Buffer.from(binary, "base64") }),
		});
		const { row } = envelope;
		about = { ...about, ...loggable(row), pk: row.pk, sk: row.sk };
		const outcome = await putWithNet(put, envelope, config.retentionDays, (error) => {
			logger.error(events.netted, { ...about, reason: describe(error) });
			metrics.count("Unexpected");
		});
		metrics.count(outcome === "duplicate" ? "Duplicates" : "Stored");
		if (outcome === "revision") metrics.count("Revisions");
		metrics.count("ReceiveToRow", Math.max(0, Date.now() - Date.parse(row.receivedAt)));
		logger.info(events[outcome], about);
	} catch (error) {
		const reason = describe(error);
		if (canNeverBeStored(error)) {
			const deadLetterId = await retry.setAside(record, `${reason.name}: ${reason.message}`);
			metrics.count("DeadLetters");
			logger.error(events.setAside, { ...about, reason, deadLetterId });
			return;
		}
		metrics.count("FailedItems");
		logger.error(events.notStored, { ...about, reason });
		throw error;
	}
}
