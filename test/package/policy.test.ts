import { runSimulation } from "@cloud-copilot/iam-simulate";
import { beforeAll, expect, test } from "vitest";
import policy from "../../docs/deploy-policy.json" with { type: "json" };
import { type Package, packageStage } from "./packaged.ts";

// Whether the rights in docs/deploy-policy.json are enough for what a deployment does, and no more. The
// calls are those that Serverless makes (its source) and those that CloudFormation makes for each type
// of resource (the handlers in the types' schemas, as AWS publishes them, and the services' own pages).

const ACCOUNT = "123456789012";
const at = (service: string, rest: string): string =>
	`arn:aws:${service}:us-east-1:${ACCOUNT}:${rest}`;
const PREFIX = "miaohui-receiver-prod";
const STACK = at("cloudformation", `stack/${PREFIX}/1234`);
const BUCKET = `arn:aws:s3:::${PREFIX}-serverlessdeploymentbucket-abcdefgh`;
const FUNCTION = at("lambda", `function:${PREFIX}-receive`);
const ROLE = `arn:aws:iam::${ACCOUNT}:role/${PREFIX}-ReceiveRole-ABCDEFGH`;
const QUEUE = at("sqs", `${PREFIX}-messages`);
const TABLE = at("dynamodb", `table/${PREFIX}-messages`);
const LOG_GROUP = at("logs", `log-group:/aws/lambda/${PREFIX}-receive`);
const API_LOG_GROUP = at("logs", `log-group:/aws/http-api/${PREFIX}`);
const ALARM = at("cloudwatch", `alarm:${PREFIX}-silence`);
const DASHBOARD = `arn:aws:cloudwatch::${ACCOUNT}:dashboard/${PREFIX}`;
const TOPIC = at("sns", `${PREFIX}-alarms`);
const MAPPING = at("lambda", "event-source-mapping:1234");
const API = "arn:aws:apigateway:us-east-1::/apis/abc";
const RULE = at("events", `rule/${PREFIX}-alarm`);
const CONNECTION = at("events", `connection/${PREFIX}-alarm-robot/1234`);
const DESTINATION = at("events", `api-destination/${PREFIX}-alarm-robot/1234`);
const ROBOT_SECRET = at(
	"secretsmanager",
	`secret:events!connection/${PREFIX}-alarm-robot/1234-AbCdEf`,
);
const toLambda = { "iam:PassedToService": "lambda.amazonaws.com" };

/** Actions, the resource, and what else the request says of itself. */
type Call = readonly [actions: string, resource: string, context?: Record<string, string>];

const serverless: readonly Call[] = [
	[
		"cloudformation: CreateStack UpdateStack DeleteStack CreateChangeSet DescribeChangeSet ExecuteChangeSet DeleteChangeSet DescribeStacks DescribeStackEvents DescribeStackResource GetTemplate",
		STACK,
	],
	["cloudformation: ValidateTemplate", "*"],
	["s3: ListBucket ListBucketVersions GetBucketLocation", BUCKET],
	["s3: PutObject GetObject DeleteObject DeleteObjectVersion", `${BUCKET}/serverless/state.json`],
	["lambda: GetFunction", FUNCTION],
];

const byType: Readonly<Record<string, readonly Call[]>> = {
	"AWS::S3::Bucket": [
		["s3: CreateBucket DeleteBucket PutEncryptionConfiguration GetEncryptionConfiguration", BUCKET],
	],
	"AWS::S3::BucketPolicy": [["s3: PutBucketPolicy GetBucketPolicy DeleteBucketPolicy", BUCKET]],
	"AWS::Logs::LogGroup": [
		["logs: CreateLogGroup DeleteLogGroup PutRetentionPolicy ListTagsForResource", LOG_GROUP],
		["logs: CreateLogGroup DeleteLogGroup PutRetentionPolicy", API_LOG_GROUP],
		["logs: DescribeLogGroups", "*"],
	],
	"AWS::Lambda::Function": [
		[
			"lambda: CreateFunction GetFunction GetFunctionConfiguration GetFunctionCodeSigningConfig GetFunctionRecursionConfig GetRuntimeManagementConfig UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction PutFunctionConcurrency DeleteFunctionConcurrency",
			FUNCTION,
		],
		["iam: PassRole", ROLE, toLambda],
		["s3: GetObject", `${BUCKET}/serverless/receive.zip`],
	],
	"AWS::Lambda::EventInvokeConfig": [
		[
			"lambda: PutFunctionEventInvokeConfig GetFunctionEventInvokeConfig UpdateFunctionEventInvokeConfig DeleteFunctionEventInvokeConfig",
			FUNCTION,
		],
	],
	"AWS::Lambda::Permission": [["lambda: AddPermission RemovePermission GetPolicy", FUNCTION]],
	"AWS::Lambda::EventSourceMapping": [
		[
			"lambda: CreateEventSourceMapping",
			"*",
			{ "lambda:FunctionArn": at("lambda", `function:${PREFIX}-store`) },
		],
		[
			"lambda: UpdateEventSourceMapping DeleteEventSourceMapping",
			MAPPING,
			{ "lambda:FunctionArn": at("lambda", `function:${PREFIX}-store`) },
		],
		["lambda: GetEventSourceMapping", MAPPING],
	],
	"AWS::IAM::Role": [
		[
			"iam: CreateRole GetRole DeleteRole UpdateAssumeRolePolicy PutRolePolicy GetRolePolicy DeleteRolePolicy ListRolePolicies ListAttachedRolePolicies",
			ROLE,
		],
	],
	"AWS::SQS::Queue": [
		["sqs: CreateQueue GetQueueUrl GetQueueAttributes SetQueueAttributes DeleteQueue", QUEUE],
		["sqs: ListQueueTags", QUEUE],
	],
	"AWS::SQS::QueuePolicy": [["sqs: SetQueueAttributes", QUEUE]],
	"AWS::DynamoDB::Table": [
		[
			"dynamodb: CreateTable DescribeTable UpdateTable DescribeTimeToLive UpdateTimeToLive DescribeContinuousBackups UpdateContinuousBackups ListTagsOfResource",
			TABLE,
		],
	],
	"AWS::ApiGatewayV2::Api": [
		["apigateway: POST", "arn:aws:apigateway:us-east-1::/apis"],
		["apigateway: GET PATCH DELETE", API],
	],
	"AWS::ApiGatewayV2::Stage": [
		["apigateway: POST", `${API}/stages`],
		["apigateway: GET PATCH DELETE", `${API}/stages/$default`],
		["logs: CreateLogDelivery GetLogDelivery UpdateLogDelivery DeleteLogDelivery", "*"],
		["logs: ListLogDeliveries PutResourcePolicy DescribeResourcePolicies", "*"],
	],
	"AWS::ApiGatewayV2::Integration": [
		["apigateway: POST", `${API}/integrations`],
		["apigateway: GET PATCH DELETE", `${API}/integrations/a`],
	],
	"AWS::ApiGatewayV2::Route": [
		["apigateway: POST", `${API}/routes`],
		["apigateway: GET PATCH DELETE", `${API}/routes/a`],
	],
	"AWS::ApiGatewayV2::DomainName": [
		[
			"iam: CreateServiceLinkedRole",
			`arn:aws:iam::${ACCOUNT}:role/aws-service-role/ops.apigateway.amazonaws.com/AWSServiceRoleForAPIGateway`,
			{ "iam:AWSServiceName": "ops.apigateway.amazonaws.com" },
		],
		["apigateway: POST", "arn:aws:apigateway:us-east-1::/domainnames"],
		["apigateway: GET PATCH DELETE", "arn:aws:apigateway:us-east-1::/domainnames/a.example.com"],
	],
	"AWS::ApiGatewayV2::ApiMapping": [
		["apigateway: POST", "arn:aws:apigateway:us-east-1::/domainnames/a.example.com/apimappings"],
		[
			"apigateway: GET PATCH DELETE",
			"arn:aws:apigateway:us-east-1::/domainnames/a.example.com/apimappings/a",
		],
	],
	"AWS::SNS::Topic": [
		["sns: CreateTopic GetTopicAttributes SetTopicAttributes DeleteTopic", TOPIC],
		["sns: ListSubscriptionsByTopic ListTagsForResource", TOPIC],
	],
	"AWS::SNS::Subscription": [["sns: Subscribe", TOPIC]],
	"AWS::CloudWatch::Alarm": [
		["cloudwatch: PutMetricAlarm DeleteAlarms", ALARM],
		["cloudwatch: DescribeAlarms", "*"],
	],
	"AWS::CloudWatch::CompositeAlarm": [["cloudwatch: PutCompositeAlarm DeleteAlarms", ALARM]],
	"AWS::Events::Connection": [
		["events: CreateConnection DescribeConnection UpdateConnection DeleteConnection", CONNECTION],
		[
			"secretsmanager: CreateSecret DescribeSecret GetSecretValue PutSecretValue UpdateSecret DeleteSecret",
			ROBOT_SECRET,
		],
		[
			"iam: CreateServiceLinkedRole",
			`arn:aws:iam::${ACCOUNT}:role/aws-service-role/apidestinations.events.amazonaws.com/AWSServiceRoleForAmazonEventBridgeApiDestinations`,
			{ "iam:AWSServiceName": "apidestinations.events.amazonaws.com" },
		],
	],
	"AWS::Events::ApiDestination": [
		[
			"events: CreateApiDestination DescribeApiDestination UpdateApiDestination DeleteApiDestination",
			DESTINATION,
		],
	],
	"AWS::Events::Rule": [
		["events: PutRule DescribeRule DeleteRule PutTargets RemoveTargets ListTargetsByRule", RULE],
		["iam: PassRole", ROLE, { "iam:PassedToService": "events.amazonaws.com" }],
	],
	"AWS::CloudWatch::Dashboard": [
		["cloudwatch: PutDashboard GetDashboard DeleteDashboards", DASHBOARD],
	],
};

/** Serverless gives the stack the tag STAGE, and CloudFormation gives it to what has tags. */
const tagging: readonly Call[] = [
	["s3: PutBucketTagging GetBucketTagging", BUCKET],
	["logs: TagResource UntagResource", LOG_GROUP],
	["logs: TagResource UntagResource", API_LOG_GROUP],
	["lambda: TagResource UntagResource ListTags", FUNCTION],
	["lambda: TagResource UntagResource ListTags", MAPPING],
	["iam: TagRole UntagRole", ROLE],
	["sqs: TagQueue UntagQueue", QUEUE],
	["dynamodb: TagResource UntagResource", TABLE],
	["apigateway: PUT DELETE", "arn:aws:apigateway:us-east-1::/tags/abc"],
	["sns: TagResource UntagResource", TOPIC],
	["cloudwatch: TagResource UntagResource", ALARM],
	["events: TagResource UntagResource", RULE],
];

/** What whoever deploys must not be able to do by this policy. */
const forbidden: readonly Call[] = [
	["iam: CreateUser", `arn:aws:iam::${ACCOUNT}:user/eve`],
	["iam: PutRolePolicy CreateRole", `arn:aws:iam::${ACCOUNT}:role/admin`],
	["iam: AttachRolePolicy", ROLE],
	["iam: PassRole", ROLE, { "iam:PassedToService": "ec2.amazonaws.com" }],
	["lambda: InvokeFunction", FUNCTION],
	["lambda: UpdateFunctionCode", at("lambda", "function:payroll")],
	[
		"lambda: CreateEventSourceMapping",
		"*",
		{ "lambda:FunctionArn": at("lambda", "function:payroll") },
	],
	["sqs: ReceiveMessage SendMessage PurgeQueue", QUEUE],
	["sqs: DeleteQueue", at("sqs", "orders")],
	["dynamodb: GetItem Query Scan PutItem DeleteItem DeleteTable", TABLE],
	["dynamodb: UpdateTable", at("dynamodb", "table/payroll")],
	["s3: GetObject PutObject", "arn:aws:s3:::payroll/2026.csv"],
	["cloudformation: UpdateStack DeleteStack", at("cloudformation", "stack/network/1")],
	["logs: DeleteLogGroup", at("logs", "log-group:/aws/lambda/payroll")],
	["cloudwatch: DeleteAlarms", at("cloudwatch", "alarm:payroll-errors")],
	["secretsmanager: GetSecretValue", at("secretsmanager", "secret:payroll-AbCdEf")],
	["events: PutRule", at("events", "rule/payroll")],
];

let prod: Package;
beforeAll(async () => {
	prod = await packageStage(
		"prod",
		"tokens=example-token-0001",
		"alarmEmail=owner@example.invalid",
		"alarmRobot=https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=example-key-0001",
		"quietHours=22:00-08:00 Asia/Shanghai",
		"domain=a.example.com",
		`certificateArn=arn:aws:acm:us-east-1:${ACCOUNT}:certificate/a`,
		...["historyBase=https://history.example.com/stream-api", "historyToken=/miaohui/token"],
	);
}, 60_000);

/** The simulator does not know the second version of API Gateway's resources. */
function byPattern(action: string, resource: string): string {
	const matches = (pattern: string): boolean =>
		new RegExp(`^${pattern.split("*").map(RegExp.escape).join(".*")}$`).test(resource);
	const allows = policy.Statement.some(
		({ Action, Resource }) => [Action].flat().includes(action) && [Resource].flat().some(matches),
	);
	return allows ? "Allowed" : "ImplicitlyDenied";
}

/** @returns the calls, one by one, that do not come to what is expected. */
async function others(calls: readonly Call[], expected: string): Promise<string[]> {
	const found: string[] = [];
	for (const [actions, resource, contextVariables = {}] of calls) {
		const [service, names = ""] = actions.split(": ");
		for (const name of names.split(" ")) {
			const result = await runSimulation(
				{
					request: {
						principal: `arn:aws:iam::${ACCOUNT}:user/deployer`,
						action: `${service}:${name}`,
						resource: { resource, accountId: ACCOUNT },
						contextVariables,
					},
					identityPolicies: [{ name: "deploy", policy }],
					serviceControlPolicies: [],
					resourceControlPolicies: [],
				},
				{},
			);
			const outcome =
				result.resultType !== "error"
					? result.overallResult
					: result.errors.message === "no.resource.types"
						? byPattern(`${service}:${name}`, resource)
						: JSON.stringify(result.errors);
			if (outcome !== expected) found.push(`${service}:${name} on ${resource}: ${outcome}`);
		}
	}
	return found;
}

test("every type of resource that is deployed has its calls here", () => {
	const types = new Set(Object.values(prod.resources).map(({ Type }) => Type));
	expect([...types].toSorted()).toEqual(Object.keys(byType).toSorted());
});

test("the rights for deploying are enough", async () => {
	const calls = [...serverless, ...Object.values(byType).flat(), ...tagging];
	expect(await others(calls, "Allowed")).toEqual([]);
});

test("and no more than that: no data, nothing of others, nobody's rights", async () => {
	expect(await others(forbidden, "ImplicitlyDenied")).toEqual([]);
});
