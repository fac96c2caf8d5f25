import { CreateQueueCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startFauxqs } from "fauxqs";
import type { QueueDefinition } from "./definitions.ts";
import { credentials, region } from "./environment.ts";
import { onLoopback } from "./loopback.ts";

/** A running SQS emulator. */
export interface QueueEmulator {
	readonly endpoint: string;
	readonly client: SQSClient;
	/**
	 * Makes a queue, or gives an existing one today's attributes.
	 *
	 * @returns its URL.
	 */
	create(definition: QueueDefinition, deadLetterQueue?: QueueDefinition): Promise<string>;
	stop(): Promise<void>;
}

/** @param dataDir where the messages outlive the process. */
export async function startQueueEmulator(dataDir: string): Promise<QueueEmulator> {
	const server = await onLoopback(() =>
		startFauxqs({ port: 0, logger: false, defaultRegion: region, dataDir }),
	);
	const endpoint = `http://127.0.0.1:${server.port}`;
	const client = new SQSClient({ endpoint, region, credentials });
	return {
		endpoint,
		client,
		async create({ name, attributes, maxReceiveCount }, deadLetterQueue) {
			await client.send(new CreateQueueCommand({ QueueName: name }));
			// The URLs that fauxqs gives name a host that does not resolve.
			const url = `${endpoint}/000000000000/${name}`;
			const redrive = deadLetterQueue && {
				RedrivePolicy: JSON.stringify({
					deadLetterTargetArn: `arn:${PARTITION}:sqs:${region}:000000000000:${deadLetterQueue.name}`,
					maxReceiveCount,
				}),
			};
			await client.send(
				new SetQueueAttributesCommand({
					QueueUrl: url,
					Attributes: { ...attributes, ...redrive },
				}),
			);
			return url;
		},
		async stop() {
			client.destroy();
			await server.stop();
		},
	};
}

/** The one that the emulator lives in. */
const PARTITION = "aws";
