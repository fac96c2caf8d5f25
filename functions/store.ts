import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from "aws-lambda";
import { storeConfig } from "../lib/config.ts";
import { TEXT_ATTRIBUTE, unpackEnvelope } from "../lib/storage/envelope.ts";
import { type CallbackRow, type Row, recordOf } from "../lib/storage/record.ts";
import { openTable } from "../lib/storage/table.ts";
import * as telemetry from "../lib/telemetry.ts";

const { tableName, retentionDays } = storeConfig(process.env);
/** The function has 10 s. */
const TABLE_BUDGET_MS = 7_000;

const put = openTable(tableName, TABLE_BUDGET_MS);
const processor = new BatchProcessor(EventType.SQS);

/** Writes a batch of messages; the ones that could not be written stay in the queue. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
	telemetry.countColdStart(context.functionName);
	const response = await processPartialResponse(event, store, processor, {
		context,
		throwOnFullBatchFailure: false,
	});
	telemetry.publishCounts();
	return response;
}

async function store({ messageId, body, messageAttributes }: SQSRecord): Promise<void> {
	const binary = messageAttributes[TEXT_ATTRIBUTE]?.binaryValue;
	let about: LogFields = { sqsMessageId: messageId };
	try {
		const envelope = unpackEnvelope({
			body,
			...(binary !== undefined && { compressedText: Buffer.from(binary, "base64") }),
		});
		const record = recordOf(envelope, retentionDays);
		about = { ...about, chatId: record.row.chatId, sk: record.row.sk, ...ofMessage(record.row) };
		const outcome = await put(record);
		telemetry.count(outcome === "duplicate" ? "Duplicates" : "Stored");
		if (outcome === "revision") telemetry.count("Revisions");
		telemetry.count("ReceiveToRow", Math.max(0, Date.now() - Date.parse(envelope.receivedAt)));
		telemetry.logger.info(outcome, about);
	} catch (error) {
		telemetry.count("FailedItems");
		const reason = telemetry.describe(error);
		telemetry.logger.error("a message was not stored", { ...about, reason });
		throw error;
	}
}

type LogFields = Readonly<Record<string, unknown>>;

function ofMessage(row: Row | CallbackRow): LogFields {
	if (!("conformance" in row)) return {};
	return { messageId: row.messageId, type: row.type, conformance: row.conformance };
}
