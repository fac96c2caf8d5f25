import { readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RegoEngine, TemplateFile } from "@aws/cloudformation-validate";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { pictureOf, type Run } from "../../build/dashboard-picture.ts";
import { TYPES } from "../../lib/check/account.ts";
import { sealSecret } from "../../lib/intake/secret.ts";
import { budgets } from "../../lib/storage/budgets.ts";
import { zh } from "../../lib/words/zh.ts";
import { projectRoot, serverlessCommand } from "../../local/definitions.ts";
import {
	dashboardWidgets,
	metricKey,
	type Package,
	packageStage,
	type Resource,
	watchedMetrics,
} from "./packaged.ts";

const tableArn = "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table";
const TOKEN = "the-token-of-the-platform";
const OTHER = "the-other-token-of-it";

let prod: Package;
let told: Package;
beforeAll(async () => {
	[prod, told] = await Promise.all([
		packageStage("prod", `tokens=${TOKEN},${OTHER}`, "alarmEmail=owner@example.invalid"),
		packageStage(
			"prod",
			`tokens=${TOKEN}`,
			"alarmRobot=https://open.feishu.cn/open-apis/bot/v2/hook/the-key-of-the-robot",
			"language=zh",
			...["historyBase=https://history.example.com/stream-api", "historyToken=/miaohui/token"],
		),
	]);
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

test.each([
	["it", () => prod],
	["it with a robot", () => told],
])("CloudFormation finds nothing wrong with %s", async (_what, packaged) => {
	const file = join(tmpdir(), `template-${process.pid}.json`);
	await writeFile(file, packaged().templateText);
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

test.each<[profiles: string, region: string, ...options: string[]]>([
	["", "us-east-1"],
	["[default]\nregion = ap-southeast-1\n", "ap-southeast-1"],
	[
		"[default]\nregion = eu-west-1\n[profile china]\nregion = cn-north-1\n",
		"cn-north-1",
		...["--aws-profile", "china"],
	],
])(
	"without a word of where, a stage goes where the profile says: %j",
	async (profiles, region, ...options) => {
		const file = join(tmpdir(), `profile-${process.pid}`);
		await writeFile(file, profiles);
		const { AWS_REGION: _, ...environment } = process.env;
		const { stdout } = await execa(
			process.execPath,
			[
				...[serverlessCommand, "print", "--stage", "prod", "--path", "provider"],
				...["--param", `tokens=${TOKEN}`, ...options],
			],
			{ cwd: projectRoot, env: { ...environment, AWS_CONFIG_FILE: file }, extendEnv: false },
		);
		await rm(file);
		expect(stdout).toMatch(new RegExp(`^region: ${region}$`, "m"));
	},
);

test("a robot's key comes as a parameter that nobody sees, and words in the stage's language", () => {
	expect(JSON.parse(told.templateText).Parameters).toMatchObject({
		AlarmRobotSecret: { Type: "String", NoEcho: true },
	});
	expect(told.resources.AlarmRobot?.Properties.InvocationEndpoint).toEqual({
		Ref: "AlarmRobotSecret",
	});
	expect(told.resources.FailingAlarm?.Properties.AlarmDescription).toMatch(/^有回调得到了 5xx/);
	expect(JSON.stringify(told.resources.Dashboard)).toContain("回调地址还活着吗？");
});

test("it fits every partition", () => {
	expect(told.templateText).not.toMatch(/arn:aws[:-]/);
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
		// As long as SQS goes: so long may the table be away.
		expect(MessageRetentionPeriod).toBe(14 * 86_400);
		expect(SqsManagedSseEnabled).toBe(true);
		expect(VisibilityTimeout).toBeGreaterThanOrEqual(
			6 * Number(properties("StoreLambdaFunction").Timeout),
		);
	});

	test("keeps dead letters as long, and lets a message wait for longer than it keeps it", () => {
		const { deadLetterTargetArn, maxReceiveCount } = Object(properties("Queue").RedrivePolicy);
		expect(deadLetterTargetArn).toEqual({ "Fn::GetAtt": ["DeadLetterQueue", "Arn"] });
		// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue.html
		expect(maxReceiveCount).toBe(1_000);
		const { MessageRetentionPeriod, MaximumMessageSize, SqsManagedSseEnabled } =
			properties("DeadLetterQueue");
		expect(MessageRetentionPeriod).toBe(14 * 86_400);
		expect(MaximumMessageSize).toBe(1024 * 1024);
		expect(SqsManagedSseEnabled).toBe(true);
	});

	test("both outlive the stack, but not a first deployment that failed", () => {
		for (const name of ["Queue", "DeadLetterQueue"]) {
			expect(prod.resources[name]).toMatchObject({
				DeletionPolicy: "RetainExceptOnCreate",
				UpdateReplacePolicy: "Retain",
			});
		}
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
			ScalingConfig: { MaximumConcurrency: 5 },
		});
	});
});

test("table", () => {
	expect(prod.resources.Table).toMatchObject({
		DeletionPolicy: "RetainExceptOnCreate",
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
	// What comes after it could fail, and a protected table cannot be taken back.
	const { DependsOn } = Object(prod.resources.Table);
	const others = Object.keys(prod.resources).filter((name) => name !== "Table");
	expect(DependsOn.toSorted()).toEqual(others.toSorted());
	const needsTable = Object.entries(prod.resources).filter(([, resource]) =>
		/"(Ref|Fn::GetAtt)":(\[)?"Table"/.test(JSON.stringify(resource)),
	);
	expect(needsTable.map(([name]) => name)).toEqual([]);
	const indexes = properties("Table").GlobalSecondaryIndexes;
	expect(
		Object.values(Object(indexes))
			.map(Object)
			.map(({ IndexName, Projection }) => [
				IndexName,
				Projection.ProjectionType,
				Projection.NonKeyAttributes,
			]),
	).toEqual([
		["review", "KEYS_ONLY", undefined],
		["byStored", "INCLUDE", ["botId", "receivedAt", "origin"]],
	]);
});

test("functions", () => {
	const functions = ofType("AWS::Lambda::Function");
	expect(functions).toHaveLength(2);
	for (const { Properties } of functions) {
		expect(Properties).toMatchObject({
			Runtime: "nodejs24.x",
			Architectures: ["arm64"],
			MemorySize: 512,
			// Metrics are lines without a level, which count as INFO.
			LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "INFO", SystemLogLevel: "WARN" },
		});
	}
	const groups = ofType("AWS::Logs::LogGroup");
	expect(groups).toHaveLength(3);
	for (const { Properties } of groups) expect(Properties).toMatchObject({ RetentionInDays: 30 });
});

test("nothing compares with the platform's history unless it is asked for", () => {
	const names = (of: Package): string[] =>
		Object.keys(of.resources).filter((name) => /compare|missed/i.test(name));
	expect(names(prod)).toEqual([]);
	expect(prod.templateText).not.toMatch(/HISTORY_|ssm:|Missed/);
	expect(names(told).toSorted()).toEqual([
		...["CompareEventsRuleSchedule1", "CompareLambdaEvConf", "CompareLambdaFunction"],
		...["CompareLambdaPermissionEventsRuleSchedule1", "CompareLogGroup", "CompareRole"],
		"MissedAlarm",
	]);
	const { CompareLambdaFunction, CompareRole, Dashboard } = told.resources;
	const questions = dashboardWidgets(Dashboard?.Properties ?? {}).flatMap(
		({ properties: { title, metrics = [] } }) =>
			title === zh.graphs.missed ? metrics.map((entry) => entry.slice(0, 4)) : [],
	);
	expect(questions).toEqual([
		["miaohui-receiver/prod", "Missed", "service", "miaohui-receiver"],
		["AWS/Lambda", "Errors", "FunctionName", "miaohui-receiver-prod-compare"],
	]);
	expect(CompareLambdaFunction?.Properties).toMatchObject({
		...{ ReservedConcurrentExecutions: 1, Timeout: 600 },
		Environment: { Variables: { HISTORY_TOKEN_PARAMETER: "/miaohui/token", HISTORY_CALLS: "300" } },
	});
	const table = `${tableArn}/miaohui-receiver-prod-messages`;
	expect(CompareRole?.Properties.Policies).toMatchObject([
		{
			PolicyDocument: {
				Statement: [
					{ Action: ["logs:CreateLogStream", "logs:PutLogEvents"] },
					{
						Action: "ssm:GetParameter",
						Resource: { "Fn::Sub": expect.stringMatching(/:parameter\/miaohui\/token$/) },
					},
					{
						Action: ["sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:SendMessage"],
						Resource: { "Fn::GetAtt": ["Queue", "Arn"] },
					},
					{
						Action: "dynamodb:Query",
						Resource: [{ "Fn::Sub": table }, { "Fn::Sub": `${table}/index/byStored` }],
					},
				],
			},
		},
	]);
});

test("the functions' time-outs leave room for what they wait for, and for a start", () => {
	const inMs = (name: string): number => 1_000 * Number(properties(name).Timeout);
	const { receive, store } = budgets;
	// What is left of its 3 s is for its own work, with the largest body and 0.29 of a CPU.
	expect(receive.queue + receive.table).toBeLessThanOrEqual(2_400);
	// The first call with the largest bodies takes so long with 0.29 of a CPU (`npm run share` in bench/).
	const start = 1_000;
	expect(inMs("ReceiveLambdaFunction")).toBeGreaterThan(receive.queue + receive.table + start);
	// What cannot be answered within the platform's patience need not be waited for.
	expect(inMs("ReceiveLambdaFunction")).toBeLessThanOrEqual(10_000);
	// The table for all messages at once, then the pauses of those that have to wait.
	expect(inMs("StoreLambdaFunction")).toBeGreaterThan(store.table + store.queue + start);
});

test.each([
	[
		"ReceiveRole",
		[
			[["logs:CreateLogStream", "logs:PutLogEvents"], "ReceiveLogGroup"],
			["sqs:SendMessage", "Queue"],
			[["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query"], "Table"],
		],
	],
	[
		"StoreRole",
		[
			[["logs:CreateLogStream", "logs:PutLogEvents"], "StoreLogGroup"],
			[
				[
					"sqs:ReceiveMessage",
					"sqs:DeleteMessage",
					"sqs:GetQueueAttributes",
					"sqs:ChangeMessageVisibility",
				],
				"Queue",
			],
			["sqs:SendMessage", "DeadLetterQueue"],
			[["dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:Query"], "Table"],
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
					Resource:
						resource === "Table"
							? { "Fn::Sub": `${tableArn}/miaohui-receiver-prod-messages` }
							: { "Fn::GetAtt": [resource, "Arn"] },
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
			ThrottlingBurstLimit: 500,
			ThrottlingRateLimit: 100,
		},
	});
	expect(properties("HttpApiIntegrationReceive").PayloadFormatVersion).toBe("2.0");
	expect(properties("HttpApi").DisableExecuteApiEndpoint).toBe(false);
	expect(properties("ReceiveLambdaFunction").ReservedConcurrentExecutions).toEqual({
		Ref: "AWS::NoValue",
	});
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
		"tokens=another-token-of-the-platform",
		"onUnrecognized=refuse",
		"retentionDays=7",
		"logLevel=INFO",
		"silenceMinutes=60",
		"tableDeletionProtection=false",
		"storeConcurrency=2",
		"receiveConcurrency=20",
		"throttleRate=10",
		"throttleBurst=20",
	);
	const text = JSON.stringify(other.resources);
	expect(text).toContain('"ON_UNRECOGNIZED":"refuse"');
	expect(text).toMatch(/"RETENTION_DAYS":"?7"?/);
	expect(text).toContain('"POWERTOOLS_LOG_LEVEL":"INFO"');
	expect(other.resources.SilentAlarm?.Properties.EvaluationPeriods).toBe(62);
	expect(other.resources.QuietHoursAlarm).toBeUndefined();
	expect(other.resources.Table).toMatchObject({
		DeletionPolicy: "Delete",
		Properties: { DeletionProtectionEnabled: false },
	});
	expect(other.resources.StoreEventSourceMappingSQSQueue?.Properties.ScalingConfig).toEqual({
		MaximumConcurrency: 2,
	});
	expect(other.resources.ReceiveLambdaFunction?.Properties.ReservedConcurrentExecutions).toBe(20);
	expect(other.resources.HttpApiStage?.Properties.DefaultRouteSettings).toMatchObject({
		ThrottlingRateLimit: 10,
		ThrottlingBurstLimit: 20,
	});
	expect(other.resources.AlarmEmail).toBeUndefined();
	expect(properties("AlarmEmail").Endpoint).toBe("owner@example.invalid");
});

test("a domain of one's own outlives the stack, a restored table takes the place of its own", async () => {
	const certificateArn = "arn:aws:acm:us-east-1:123456789012:certificate/a";
	const { resources, outputs, templateText } = await packageStage(
		"prod",
		`tokens=${TOKEN}`,
		"tableName=restored",
		"domain=callbacks.example.com",
		`certificateArn=${certificateArn}`,
		"defaultEndpoint=closed",
	);
	expect(resources.Domain?.Properties).toEqual({
		DomainName: "callbacks.example.com",
		DomainNameConfigurations: [
			{ CertificateArn: certificateArn, EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2" },
		],
	});
	expect(resources.DomainMapping?.Properties).toEqual({
		DomainName: { Ref: "Domain" },
		ApiId: { Ref: "HttpApi" },
		Stage: { Ref: "HttpApiStage" },
	});
	expect(resources.HttpApi?.Properties.DisableExecuteApiEndpoint).toBe(true);
	expect(outputs.CallbackUrl).toMatchObject({
		Value: { "Fn::Sub": "https://callbacks.example.com/message" },
	});
	expect(resources.Table).toBeUndefined();
	expect(templateText).not.toMatch(/"(Ref|Fn::GetAtt)": ?(\[\s*)?"Table"/);
	const arn = `${tableArn}/restored`;
	for (const role of ["ReceiveRole", "StoreRole"]) {
		expect(JSON.stringify(resources[role])).toContain(JSON.stringify({ "Fn::Sub": arn }));
	}
	expect(JSON.stringify(resources.StoreLambdaFunction)).toContain('"TABLE_NAME":"restored"');
	expect(outputs.TableName).toMatchObject({ Value: "restored" });
	const widgets = JSON.stringify(dashboardWidgets(resources.Dashboard?.Properties ?? {}));
	expect(widgets).toContain('"AWS/DynamoDB","WriteThrottleEvents","TableName","restored"');
	expect(outputs.StreamArn).toBeUndefined();
	// Before a deployment the region is asked for each of them.
	const types = [...Object.values(prod.resources), ...Object.values(resources)].map(
		({ Type }) => Type,
	);
	expect([...new Set(types)].toSorted()).toEqual(TYPES.toSorted());
});

test("a typo packages nothing, and all of them are told in one message", async () => {
	const problem = /retentionDays is "90d".*onUnrecognized is "reject"/;
	const wrong = ["retentionDays=90d", "onUnrecognized=reject", "silencMinutes=5"];
	const packaging = packageStage("prod", `tokens=${TOKEN}`, ...wrong);
	await expect(packaging).rejects.toThrow(problem);
	await expect(packaging).rejects.toThrow("silencMinutes is no parameter; there are tokens,");
});

describe("an update is taken back when receive fails in its first minutes", () => {
	const rollback: unknown = createRequire(import.meta.url)("../../resources/rollback.cjs");
	const resolve = async (arn: string | null, rollbackMinutes: number, command: string) => {
		if (typeof rollback !== "function") throw new Error("resources/rollback.cjs is no function");
		const answers: Record<string, unknown> = {
			"self:service": "miaohui-receiver",
			"sls:stage": "prod",
			"self:custom.settings": { rollbackMinutes },
			"cf:miaohui-receiver-prod.RollbackAlarmArn, null": arn,
		};
		const { argv } = process;
		process.argv = [...argv.slice(0, 2), command];
		try {
			return await rollback({ resolveVariable: (name: string) => Promise.resolve(answers[name]) });
		} finally {
			process.argv = argv;
		}
	};
	const none = { MonitoringTimeInMinutes: 0, RollbackTriggers: [] };
	const ARN =
		"arn:aws:cloudwatch:us-east-1:123456789012:alarm:miaohui-receiver-prod-receive-errors";

	test("the alarm that is watched is there since the first deployment, which has none yet", async () => {
		expect(await resolve(ARN, 5, "deploy")).toEqual({
			MonitoringTimeInMinutes: 5,
			RollbackTriggers: [{ Arn: ARN, Type: "AWS::CloudWatch::Alarm" }],
		});
		expect(await resolve(null, 5, "deploy")).toEqual(none);
		expect(prod.outputs.RollbackAlarmArn).toMatchObject({
			Value: { "Fn::GetAtt": ["ReceiveErrorsAlarm", "Arn"] },
		});
		expect(properties("ReceiveErrorsAlarm")).toMatchObject({
			MetricName: "Errors",
			Period: 60,
			Threshold: 1,
		});
	});

	test("not when it mends what fails already, and packaging asks nobody", async () => {
		expect(await resolve(ARN, 0, "deploy")).toEqual(none);
		expect(await resolve(ARN, 5, "package")).toEqual(none);
	});
});

describe("alarms", () => {
	test("each that tells somebody says what to do", () => {
		const alarms = [
			...ofType("AWS::CloudWatch::Alarm"),
			...ofType("AWS::CloudWatch::CompositeAlarm"),
		].filter(({ Properties }) => Properties.AlarmActions !== undefined);
		expect(alarms).toHaveLength(13);
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
	const run: Run = JSON.parse(await readFile(`${projectRoot}/build/dashboard-run.json`, "utf8"));
	expect(picture).toBe(pictureOf(dashboardWidgets(properties("Dashboard")), run));
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
