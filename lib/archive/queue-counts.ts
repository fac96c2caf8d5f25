import { GetQueueAttributesCommand, type SQSClient } from "@aws-sdk/client-sqs";

/** How many messages a queue holds; on AWS it is approximate. */
export interface QueueCounts {
	/** All of them. */
	readonly all: number;
	/** Those that somebody could receive now. */
	readonly visible: number;
	/** Those that somebody has received and neither deleted nor let go. */
	readonly hidden: number;
}

/** Asks a queue. */
export async function countQueue(
	client: SQSClient,
	QueueUrl: string | undefined,
	options: { readonly abortSignal?: AbortSignal } = {},
): Promise<QueueCounts> {
	const command = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] });
	const { Attributes = {} } = await client.send(command, options);
	const [visible = 0, hidden = 0, delayed = 0] = [
		Attributes.ApproximateNumberOfMessages,
		Attributes.ApproximateNumberOfMessagesNotVisible,
		Attributes.ApproximateNumberOfMessagesDelayed,
	].map((count) => Number(count ?? 0));
	return { all: visible + hidden + delayed, visible, hidden };
}
