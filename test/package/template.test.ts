import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RegoEngine, TemplateFile } from "@aws/cloudformation-validate";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { pictureOf } from "../../build/dashboard-picture.ts";
import { sealSecret } from "../../lib/intake/secret.ts";
import { projectRoot, serverlessCommand } from "../../local/definitions.ts";
import {
	dashboardWidgets,
	metricKey,
	type Package,
	packageStage,
	type Resource,
	watchedMetrics,
} from "./packaged.ts";

const TOKEN = "the-token-of-the-platform";
const OTHER = "the-other-token-of-it";

let prod: Package;
beforeAll(async () => {
	prod = await packageStage("prod", `tokens=${TOKEN},${OTHER}`, "alarmEmail=owner@example.invalid");
}, 60_000);

const properties = (name: string): Resource["Properties"] => {
	const resource = prod.resources[name];
	if (resource === undefined) throw new Error(`the template has no ${name}`);
	return resource.Properties;
};
const variables = (name: string): Record<string, string> =>
	Object(properties(name).Environment).Variables;
const ofType = (type: string): Resource[] =>
	Object.values(prod.resources).filter(({ Type }) => Type === type);

test("CloudFormation finds nothing wrong with it", async () => {
	const file = join(tmpdir(), `template-${process.pid}.json`);
	await writeFile(file, prod.templateText);
	const engine = new RegoEngine();
	const { diagnostics } = engine.validateStandard(new TemplateFile(file));
	engine.free();
	await rm(file);
	expect(diagnostics.length).toBeGreaterThan(0);
	expect(
		diagnostics.filter(
			({ severity, ruleId }) => ["FATAL", "ERROR"].includes(severity) || ruleId === "W3030",
		),
	).toEqual([]);
});

test("it fits every partition", () => {
	expect(prod.templateText).not.toMatch(/arn:aws[:-]/);
	expect(prod.templateText).not.toContain("amazonaws.com/");
	expect(prod.templateText).not.toContain("xray");
	expect(properties("ReceiveLambdaFunction").TracingConfig).toBeUndefined();
});

test("a token is in no artifact, only its digest", async () => {
	expect(prod.templateText).not.toContain(TOKEN);
	expect(variables("ReceiveLambdaFunction").CALLBACK_TOKEN_DIGESTS).toBe(
		[TOKEN, OTHER].map(sealSecret).join(","),
	);
});

test("without a token only the stage local is packaged", async () => {
	const { exitCode, all } = await execa(
		process.execPath,
		[serverlessCommand, "package", "--stage", "prod"],
		{
			cwd: projectRoot,
			reject: false,
			all: true,
			env: { CALLBACK_TOKENS: "" },
		},
	);
	expect(exitCode).not.toBe(0);
	expect(all).toContain("--param tokens=");
	const deploy = await execa(process.execPath, [serverlessCommand, "deploy"], {
		cwd: projectRoot,
		reject: false,
		all: true,
		env: { CALLBACK_TOKENS: "" },
	});
	expect(deploy.exitCode).not.toBe(0);
	expect(deploy.all).toContain("--param tokens=");
	const local = await packageStage("local");
	expect(JSON.stringify(local.resources.ReceiveLambdaFunction)).toContain(
		'"CALLBACK_TOKEN_DIGESTS":"*"',
	);
});

describe("queue", () => {
	test("holds what the receiver takes, and longer than a slow batch runs", () => {
		const { MaximumMessageSize, MessageRetentionPeriod, VisibilityTimeout, SqsManagedSseEnabled } =
			properties("Queue");
		expect(MaximumMessageSize).toBe(1024 * 1024);
		expect(MessageRetentionPeriod).toBe(4 * 86_400);
		expect(SqsManagedSseEnabled).toBe(true);
		expect(VisibilityTimeout).toBeGreaterThanOrEqual(
			6 * Number(properties("StoreLambdaFunction").Timeout),
		);
	});

	test("gives a message five tries, then keeps it for 14 days", () => {
		expect(properties("Queue").RedrivePolicy).toEqual({
			deadLetterTargetArn: { "Fn::GetAtt": ["DeadLetterQueue", "Arn"] },
			maxReceiveCount: 5,
		});
		const { MessageRetentionPeriod, MaximumMessageSize, SqsManagedSseEnabled } =
			properties("DeadLetterQueue");
		expect(MessageRetentionPeriod).toBe(14 * 86_400);
		expect(MessageRetentionPeriod).toBeGreaterThan(
			Number(properties("Queue").MessageRetentionPeriod),
		);
		expect(MaximumMessageSize).toBe(1024 * 1024);
		expect(SqsManagedSseEnabled).toBe(true);
	});

	test("both take TLS only", () => {
		const { Queues, PolicyDocument } = properties("QueuePolicy");
		expect(Queues).toEqual([{ Ref: "Queue" }, { Ref: "DeadLetterQueue" }]);
		expect(PolicyDocument).toMatchObject({
			Statement: [
				{
					Effect: "Deny",
					Principal: "*",
					Action: "sqs:*",
					Condition: { Bool: { "aws:SecureTransport": "false" } },
				},
			],
		});
	});

	test("store reports failed items", () => {
		expect(properties("StoreEventSourceMappingSQSQueue")).toMatchObject({
			EventSourceArn: { "Fn::GetAtt": ["Queue", "Arn"] },
			FunctionResponseTypes: ["ReportBatchItemFailures"],
		});
	});
});

test("table", () => {
	expect(prod.resources.Table).toMatchObject({
		DeletionPolicy: "Retain",
		UpdateReplacePolicy: "Retain",
		Properties: {
			BillingMode: "PAY_PER_REQUEST",
			PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
			SSESpecification: { SSEEnabled: true },
			DeletionProtectionEnabled: true,
			StreamSpecification: { StreamViewType: "NEW_IMAGE" },
			TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
		},
	});
	const indexes = properties("Table").GlobalSecondaryIndexes;
	expect(indexes).toHaveLength(4);
	for (const index of Object.values(Object(indexes))) {
		expect(index).toMatchObject({ Projection: { ProjectionType: "KEYS_ONLY" } });
	}
});

test("functions", () => {
	const functions = ofType("AWS::Lambda::Function");
	expect(functions).toHaveLength(2);
	for (const { Properties } of functions) {
		expect(Properties).toMatchObject({
			Runtime: "nodejs24.x",
			Architectures: ["arm64"],
			MemorySize: 512,
		});
	}
	// What cannot be answered within the platform's patience need not be waited for.
	expect(properties("ReceiveLambdaFunction").Timeout).toBeLessThanOrEqual(10);
	const groups = ofType("AWS::Logs::LogGroup");
	expect(groups).toHaveLength(3);
	for (const { Properties } of groups) expect(Properties).toMatchObject({ RetentionInDays: 30 });
});

test.each([
	[
		"ReceiveRole",
		[
			[["logs:CreateLogStream", "logs:PutLogEvents"], "ReceiveLogGroup"],
			["sqs:SendMessage", "Queue"],
			[["dynamodb:PutItem", "dynamodb:Query"], "Table"],
		],
	],
	[
		"StoreRole",
		[
			[["logs:CreateLogStream", "logs:PutLogEvents"], "StoreLogGroup"],
			[["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"], "Queue"],
			[["dynamodb:PutItem", "dynamodb:Query"], "Table"],
		],
	],
])("%s holds these rights and no others", (role, rights) => {
	const { Policies, ManagedPolicyArns } = properties(role);
	expect(ManagedPolicyArns).toBeUndefined();
	expect(Policies).toEqual([
		expect.objectContaining({
			PolicyDocument: {
				Version: "2012-10-17",
				Statement: rights.map(([Action, resource]) => ({
					Effect: "Allow",
					Action,
					Resource: { "Fn::GetAtt": [resource, "Arn"] },
				})),
			},
		}),
	]);
	expect(ofType("AWS::IAM::Role")).toHaveLength(2);
});

test("API", () => {
	expect(properties("HttpApiStage")).toMatchObject({
		AccessLogSettings: { Format: expect.not.stringMatching(/body|query/i) },
		DefaultRouteSettings: {
			DetailedMetricsEnabled: true,
			ThrottlingBurstLimit: 5_000,
			ThrottlingRateLimit: 10_000,
		},
	});
	expect(properties("HttpApiIntegrationReceive").PayloadFormatVersion).toBe("2.0");
});

test("outputs", () => {
	expect(Object.keys(prod.outputs)).toEqual(
		expect.arrayContaining([
			"CallbackUrl",
			"QueueUrl",
			"DeadLetterQueueUrl",
			"TableName",
			"StreamArn",
			"DashboardUrl",
		]),
	);
	expect(prod.outputs.StreamArn).toMatchObject({ Value: { "Fn::GetAtt": ["Table", "StreamArn"] } });
});

test("parameters", async () => {
	const other = await packageStage(
		"test",
		"tokens=example-token-0001",
		"onUnrecognized=refuse",
		"retentionDays=7",
		"logLevel=INFO",
		"silenceMinutes=60",
		"tableDeletionProtection=false",
	);
	const text = JSON.stringify(other.resources);
	expect(text).toContain('"ON_UNRECOGNIZED":"refuse"');
	expect(text).toMatch(/"RETENTION_DAYS":"?7"?/);
	expect(text).toContain('"POWERTOOLS_LOG_LEVEL":"INFO"');
	expect(other.resources.SilenceAlarm?.Properties.Period).toBe(3_600);
	expect(String(other.resources.Table?.Properties.DeletionProtectionEnabled)).toBe("false");
	expect(other.resources.AlarmEmail).toBeUndefined();
	expect(properties("AlarmEmail").Endpoint).toBe("owner@example.invalid");
});

describe("alarms", () => {
	test.each([
		[
			"SilenceAlarm",
			{
				MetricName: "Received",
				Period: 1_800,
				TreatMissingData: "breaching",
				ComparisonOperator: "LessThanThreshold",
			},
		],
		["AuthenticationAlarm", { MetricName: "RefusedByReason" }],
		["UnrecognizedAlarm", { Threshold: 5 }],
		["ReceiveErrorsAlarm", { MetricName: "Errors" }],
		["ReceiveThrottlesAlarm", { MetricName: "Throttles" }],
		["ReceiveSlowAlarm", { ExtendedStatistic: "p99", Threshold: 2_000 }],
		["UnavailableAlarm", { MetricName: "RefusedByReason" }],
		["WrittenDirectlyAlarm", { MetricName: "WrittenDirectly" }],
		["OldestMessageAlarm", { MetricName: "ApproximateAgeOfOldestMessage" }],
		["FailedItemsAlarm", { MetricName: "FailedItems" }],
		["DeadLettersAlarm", { MetricName: "ApproximateNumberOfMessagesVisible", Threshold: 1 }],
	])("%s", (name, expected) => {
		expect(properties(name)).toMatchObject(expected);
	});

	test("each tells somebody what to do", () => {
		const alarms = ofType("AWS::CloudWatch::Alarm");
		expect(alarms).toHaveLength(12);
		for (const { Properties } of alarms) {
			expect(Properties.AlarmActions).toEqual([{ Ref: "AlarmTopic" }]);
			expect(String(Properties.AlarmDescription).length).toBeGreaterThan(80);
		}
	});

	test("metrics of AWS are those of this stack's own resources", () => {
		const names = Object.values(prod.resources).flatMap(({ Properties }) => [
			Properties.FunctionName,
			Properties.QueueName,
			Properties.TableName,
			Properties.LogGroupName,
		]);
		const foreign = watchedMetrics(prod).filter(({ namespace }) => namespace.startsWith("AWS/"));
		expect(foreign.length).toBeGreaterThan(10);
		for (const metric of foreign) {
			const [value] = Object.values(metric.dimensions);
			expect([...names, "${HttpApi}"], metricKey(metric)).toContain(value);
		}
	});
});

test("the picture of the dashboard in the README is that of the template", async () => {
	const picture = await readFile(`${projectRoot}/docs/dashboard.svg`, "utf8");
	expect(picture).toBe(pictureOf(dashboardWidgets(properties("Dashboard"))));
});

test("the bundles that are packaged are the ones that the local stack runs", async () => {
	for (const key of ["receive", "store"]) {
		const files = prod.files(key);
		expect(Object.keys(files)).toContain(`dist/${key}/index.cjs`);
		for (const [path, bytes] of Object.entries(files)) {
			expect(path).toMatch(new RegExp(`^dist/${key}/`));
			expect(Buffer.from(bytes).equals(await readFile(`${projectRoot}/${path}`))).toBe(true);
		}
	}
	expect(properties("ReceiveLambdaFunction").Handler).toBe("dist/receive/index.handler");
	expect(properties("StoreLambdaFunction").Handler).toBe("dist/store/index.handler");
});
