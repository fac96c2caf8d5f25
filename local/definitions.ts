import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { execa } from "execa";
import type { AlarmResource } from "../build/cloudwatch.ts";
import type { Widget } from "../build/dashboard-picture.ts";

/** The part of `serverless.yml` that the local stack stands up. */
export interface Definitions {
	readonly queue: QueueDefinition;
	readonly deadLetterQueue: QueueDefinition;
	readonly table: CreateTableCommandInput;
	readonly receive: { readonly functionName: string };
	readonly store: {
		readonly functionName: string;
		readonly batchSize: number;
		readonly maximumConcurrency: number;
	};
	/** What the CloudWatch dashboard is made of. */
	readonly dashboard: readonly Widget[];
	readonly alarms: Readonly<Record<string, AlarmResource>>;
}

/** A queue's name and attributes, as CloudFormation spells them. */
export interface QueueDefinition {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string>>;
	readonly maxReceiveCount?: number;
}

/** The directory of `package.json`. */
export const projectRoot = fileURLToPath(new URL("..", import.meta.url));

/** How to call the Serverless command of this project. */
export const serverlessCommand = createRequire(import.meta.url).resolve(
	"serverless/bin/serverless.js",
);

/**
 * Reads queue, dead-letter queue, table, functions and dashboard from `serverless.yml`, with its
 * variables resolved for the stage `local`.
 *
 * @throws Error in words for a person when a setting is wrong.
 */
export async function readDefinitions(): Promise<Definitions> {
	const { stdout, stderr, exitCode } = await execa(
		process.execPath,
		[serverlessCommand, "print", "--format", "json", "--stage", "local"],
		{ cwd: projectRoot, reject: false },
	);
	if (exitCode !== 0) throw new Error(/parameters: [^\n]*/.exec(stderr + stdout)?.[0] ?? stderr);
	const { functions, resources } = JSON.parse(stdout);
	const { Queue, DeadLetterQueue, Table, Dashboard } = resources.Resources;
	const { TableName, KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode } =
		Table.Properties;
	return {
		queue: queueDefinition(Queue.Properties),
		deadLetterQueue: queueDefinition(DeadLetterQueue.Properties),
		table: {
			TableName,
			KeySchema,
			AttributeDefinitions,
			GlobalSecondaryIndexes,
			BillingMode,
		},
		receive: { functionName: functions.receive.name },
		store: {
			functionName: functions.store.name,
			batchSize: functions.store.events[0].sqs.batchSize,
			maximumConcurrency: functions.store.events[0].sqs.maximumConcurrency,
		},
		alarms: Object.fromEntries(
			Object.entries<AlarmResource>(resources.Resources).filter(([, { Type }]) =>
				ALARMS.includes(Type),
			),
		),
		dashboard: JSON.parse(Dashboard.Properties.DashboardBody["Fn::Sub"]).widgets,
	};
}

const ALARMS: readonly string[] = ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"];

function queueDefinition(properties: {
	readonly QueueName: string;
	readonly RedrivePolicy?: { readonly maxReceiveCount: number };
	readonly [attribute: string]: unknown;
}): QueueDefinition {
	const { QueueName: name, RedrivePolicy: redrive, ...rest } = properties;
	return {
		name,
		attributes: Object.fromEntries(
			Object.entries(rest).map(([attribute, value]) => [attribute, String(value)]),
		),
		...(redrive && { maxReceiveCount: redrive.maxReceiveCount }),
	};
}
