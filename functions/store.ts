import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { storeConfig } from "../lib/config.ts";
import { describe, loggable, logger } from "../lib/log.ts";
import * as metrics from "../lib/metrics.ts";
import { TEXT_ATTRIBUTE, unpackEnvelope } from "../lib/storage/envelope.ts";
import { putWithNet } from "../lib/storage/net.ts";
import { openTable } from "../lib/storage/table.ts";

const { tableName, retentionDays } = storeConfig(process.env);
/** The function has 10 s. */
const TABLE_BUDGET_MS = 7_000;

const put = openTable(tableName, TABLE_BUDGET_MS);
const processor = new BatchProcessor(EventType.SQS);

/** Writes a batch of messages; the ones that could not be written stay in the queue. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
	metrics.countColdStart(context.functionName);
	const response = await processPartialResponse(event, store, processor, {
		context,
		throwOnFullBatchFailure: false,
	});
	metrics.publishCounts();
	return response;
}

async function store({ messageId, body, messageAttributes }: SQSRecord): Promise<void> {
	const binary = messageAttributes[TEXT_ATTRIBUTE]?.binaryValue;
	let about: Readonly<Record<string, unknown>> = { sqsMessageId: messageId };
	try {
		const envelope = unpackEnvelope({
			body,
			...(binary !== undefined && { compressedText: Buffer.from(binary, "base64") }),
		});
		const { row } = envelope;
		about = { ...about, ...loggable(row), pk: row.pk, sk: row.sk };
		const outcome = await putWithNet(put, envelope, retentionDays, (error) => {
			logger.error("kept by the last net", { ...about, reason: describe(error) });
			metrics.count("Unexpected");
		});
		metrics.count(outcome === "duplicate" ? "Duplicates" : "Stored");
		if (outcome === "revision") metrics.count("Revisions");
		metrics.count("ReceiveToRow", Math.max(0, Date.now() - Date.parse(row.receivedAt)));
		logger.info(outcome, about);
	} catch (error) {
		metrics.count("FailedItems");
		logger.error("a message was not stored", { ...about, reason: describe(error) });
		throw error;
	}
}
