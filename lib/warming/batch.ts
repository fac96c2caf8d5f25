import type { StoreConfig } from "../config.ts";
import { loggable, logger } from "../log.ts";
import { events } from "../log-events.ts";
import * as metrics from "../metrics.ts";
import type { Connection } from "../storage/connection.ts";
import { type Envelope, packEnvelope, unpackEnvelope } from "../storage/envelope.ts";
import { putWithNet } from "../storage/net.ts";
import { messageRow } from "../storage/row.ts";
import { openTable } from "../storage/table.ts";
import { EXAMPLE, muted } from "./example.ts";
import { openPretence } from "./pretence.ts";

/**
 * Gets store ready: the example goes to a table that is none, and to where it was meant to go a
 * connection is opened, and nothing sent by it. Never fails.
 */
export async function warmForBatches(config: StoreConfig, connection: Connection): Promise<void> {
	const { connection: pretended, asked } = openPretence("{}");
	await storeExample(config, pretended).catch(() => undefined);
	const [table] = asked;
	if (table !== undefined) await connection.open(table);
}

async function storeExample(config: StoreConfig, connection: Connection): Promise<void> {
	const put = openTable(config.tableName, 1_000, connection);
	const envelope = unpackEnvelope(packEnvelope(exampleEnvelope()));
	const { row } = envelope;
	const outcome = await putWithNet(put, envelope, config.retentionDays, () => undefined);
	muted(() => {
		const about = { sqsMessageId: "none", ...loggable(row), pk: row.pk, sk: row.sk };
		logger.info(events[outcome], about);
		metrics.count("Stored");
		metrics.count("ReceiveToRow", Date.now() - Date.parse(row.receivedAt));
		metrics.publishCounts();
	});
}

function exampleEnvelope(): Envelope {
	const id = "0123456789abcdef01234567";
	const ids = { messageId: id, chatId: id, botId: id, contactId: id };
	const row = messageRow(
		EXAMPLE,
		{ ...ids, type: 7, isSelf: false, time: Date.now() },
		{ conformance: "corrected", violations: [] },
		{ receivedAt: new Date().toISOString(), blanked: 1 },
	);
	return { row, text: EXAMPLE };
}
