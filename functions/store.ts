import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { storeConfig } from "../lib/config.ts";
import { TEXT_ATTRIBUTE, unpackEnvelope } from "../lib/envelope.ts";
import { recordOf } from "../lib/record.ts";
import { openTable } from "../lib/table.ts";
import { count, describe, logger, publishCounts } from "../lib/telemetry.ts";

const { tableName } = storeConfig(process.env);
const put = openTable(tableName);
const processor = new BatchProcessor(EventType.SQS);

/** Writes a batch of messages; the ones that could not be written stay in the queue. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
	const response = await processPartialResponse(event, store, processor, {
		context,
		throwOnFullBatchFailure: false,
	});
	publishCounts();
	return response;
}

async function store({ messageId, body, messageAttributes }: SQSRecord): Promise<void> {
	const binary = messageAttributes[TEXT_ATTRIBUTE]?.binaryValue;
	try {
		const envelope = unpackEnvelope({
			body,
			...(binary !== undefined && {
				compressedText: Buffer.from(binary, "base64"),
			}),
		});
		const outcome = await put(recordOf(envelope));
		count(outcome === "stored" ? "Stored" : "Duplicates");
	} catch (error) {
		count("FailedItems");
		logger.error("a message was not stored", {
			sqsMessageId: messageId,
			reason: describe(error),
		});
		throw error;
	}
}
