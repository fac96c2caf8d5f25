import {
	CloudFormationClient,
	DescribeTypeCommand,
	TypeNotFoundException,
} from "@aws-sdk/client-cloudformation";
import { GetRoleCommand, IAMClient, paginateSimulatePrincipalPolicy } from "@aws-sdk/client-iam";
import { GetAccountSettingsCommand, LambdaClient } from "@aws-sdk/client-lambda";
import pMap from "p-map";
import type { Caller } from "../archive/caller.ts";
import { type Holdings, lookAt, type StageNames } from "../archive/removal.ts";
import { type Answer, type Check, no, type Say, unknown, yes, yesUnless } from "./finding.ts";

/** What a stage is to be deployed with, as far as the account has to have room for it. */
export interface Wanted {
	readonly storeConcurrency: number;
	readonly receiveConcurrency: number | undefined;
	/** With it there is a function more, which runs once at a time: that is reserved as well. */
	readonly history: object | undefined;
	/** Whether the stack makes its table; otherwise it is there already. */
	readonly makesTable: boolean;
}

/** A statement of a policy of IAM, as far as the policy of a deployment uses the language. */
export interface Statement {
	readonly Action: string | readonly string[];
	readonly Resource: string | readonly string[];
	readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * What can be looked at before the first deployment of a stage.
 *
 * @param statements those of docs/deploy-policy.json.
 */
export function accountChecks(
	stage: string,
	names: StageNames,
	caller: Caller,
	wanted: Wanted,
	statements: readonly Statement[],
): Check[] {
	const isChinese = caller.region.startsWith("cn-");
	return [
		{
			title: ({ checks }) => checks.titles.rights,
			look: () => askRights(stage, caller, statements),
		},
		{ title: ({ checks }) => checks.titles.region, look: () => askTypes() },
		{
			title: ({ checks }) => checks.titles.concurrency,
			async look() {
				const settings = await new LambdaClient({}).send(new GetAccountSettingsCommand({}));
				const { ConcurrentExecutions = 0, UnreservedConcurrentExecutions = 0 } =
					settings.AccountLimit ?? {};
				return concurrencyAnswer(ConcurrentExecutions, UnreservedConcurrentExecutions, wanted);
			},
		},
		{
			title: ({ checks }) => checks.titles.names,
			look: async () => namesAnswer(names, await lookAt(names), wanted.makesTable),
		},
		...(isChinese ? [PUBLIC] : []),
	];
}

const FILING = unknown(
	({ checks }) => checks.filing,
	({ checks }) => checks.getFiling,
);

const PUBLIC: Check = {
	title: ({ checks }) => checks.titles.public,
	look: async () => FILING,
};

/** What the account has to keep for all functions together when some of it is reserved. */
const UNRESERVED = 100;
/** A new account has as much; it does for some 50 callbacks a second. */
const FEW = 10;
const LEAST_FOR_RECEIVE = 5;

/**
 * Whether receive and store have room beside each other.
 *
 * @param all how many functions the account may run at once.
 * @param unreserved how many of them nobody has reserved.
 */
export function concurrencyAnswer(
	all: number,
	unreserved: number,
	{ storeConcurrency, receiveConcurrency, history }: Wanted,
): Answer {
	const raise: Say = ({ checks }) => checks.raise;
	const reserved = (receiveConcurrency ?? 0) + (history === undefined ? 0 : 1);
	const rest = unreserved - reserved;
	if (reserved > 0 && rest < UNRESERVED) {
		return no(
			({ checks }) => checks.tooManyReserved(reserved, rest, UNRESERVED),
			({ checks }) => checks.raiseOrShare,
		);
	}
	if (receiveConcurrency !== undefined) return yes(({ checks }) => checks.reserved(reserved, rest));
	const left = rest - storeConcurrency;
	const detail: Say = ({ checks }) => checks.atOnce(all, storeConcurrency, left);
	if (left < LEAST_FOR_RECEIVE) return no(detail, ({ checks }) => checks.raiseOrLess);
	return all > FEW
		? yes(detail)
		: unknown(({ checks }) => checks.few(all, storeConcurrency, left), raise);
}

/** Whether what a stack would make is there already, which CloudFormation does not take. */
export function namesAnswer(
	{ tableName, queueName, deadLetterQueueName }: StageNames,
	{ table, waiting, deadLetters }: Holdings,
	makesTable: boolean,
): Answer {
	const left = [
		...(waiting === undefined ? [] : [queueName]),
		...(deadLetters === undefined ? [] : [deadLetterQueueName]),
	];
	if (left.length > 0) {
		return no(
			({ checks }) => checks.queuesLeft(left.join(", ")),
			({ checks }) => checks.emptyQueues,
		);
	}
	if (!makesTable) {
		return table === undefined
			? no(
					({ checks }) => checks.noTable(tableName),
					({ checks }) => checks.otherTable,
				)
			: yes(({ checks }) => checks.takenUp(tableName, table.rows));
	}
	return table === undefined
		? yes(({ checks }) => checks.free)
		: no(
				({ checks }) => checks.tableThere(tableName),
				({ checks }) => checks.takeUp(tableName),
			);
}

/** Every type of resource that the packaged template has, with a domain and an alarm's e-mail. */
export const TYPES = [
	...["AWS::ApiGatewayV2::Api", "AWS::ApiGatewayV2::ApiMapping", "AWS::ApiGatewayV2::DomainName"],
	...["AWS::ApiGatewayV2::Integration", "AWS::ApiGatewayV2::Route", "AWS::ApiGatewayV2::Stage"],
	...["AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm", "AWS::CloudWatch::Dashboard"],
	...["AWS::DynamoDB::Table", "AWS::IAM::Role", "AWS::Lambda::EventSourceMapping"],
	...["AWS::Lambda::Function", "AWS::Lambda::Permission", "AWS::Logs::LogGroup"],
	...["AWS::S3::Bucket", "AWS::S3::BucketPolicy", "AWS::SNS::Subscription", "AWS::SNS::Topic"],
	...["AWS::SQS::Queue", "AWS::SQS::QueuePolicy"],
] as const;

/** At once, so that AWS does not throttle. */
const CALLS = 4;

/** CloudFormation knows what its region can make. */
async function askTypes(): Promise<Answer> {
	const client = new CloudFormationClient({});
	const missing = await pMap(
		TYPES,
		async (TypeName) => {
			try {
				await client.send(new DescribeTypeCommand({ Type: "RESOURCE", TypeName }));
				return [];
			} catch (error) {
				if (error instanceof TypeNotFoundException) return [TypeName];
				throw error;
			}
		},
		{ concurrency: CALLS },
	);
	return yesUnless(
		missing.flat().map(
			(type): Say =>
				({ checks }) =>
					checks.noType(type),
		),
		({ checks }) => checks.allTypes(TYPES.length),
		({ checks }) => checks.otherRegion,
	);
}

const MOST_NAMED = 8;

/** IAM's own simulation, which is all that can be asked before something is done. */
async function askRights(
	stage: string,
	caller: Caller,
	statements: readonly Statement[],
): Promise<Answer> {
	if (caller.arn.endsWith(":root")) return yes(({ checks }) => checks.root);
	const client = new IAMClient({});
	const PolicySourceArn = await principalOf(client, caller.arn);
	const denied = await pMap(
		statements,
		async (statement) => {
			const refused: string[] = [];
			const pages = paginateSimulatePrincipalPolicy(
				{ client },
				{ PolicySourceArn, ...requestOf(statement, stage, caller) },
			);
			for await (const { EvaluationResults = [] } of pages) {
				for (const { EvalActionName, EvalDecision } of EvaluationResults) {
					if (EvalDecision !== "allowed" && EvalActionName) refused.push(EvalActionName);
				}
			}
			return refused;
		},
		{ concurrency: CALLS },
	);
	const actions = [...new Set(denied.flat())];
	const named = actions.slice(0, MOST_NAMED).join(", ");
	const more = Math.max(0, actions.length - MOST_NAMED);
	return actions.length === 0
		? yes(({ checks }) => checks.allowed)
		: no(
				({ checks }) => checks.denied(named, more),
				({ checks }) => checks.attach,
			);
}

/** Rights belong to a role, not to a session of it. */
async function principalOf(client: IAMClient, arn: string): Promise<string> {
	const RoleName = arn.includes(":assumed-role/") ? arn.split("/")[1] : undefined;
	if (RoleName === undefined) return arn;
	return (await client.send(new GetRoleCommand({ RoleName }))).Role?.Arn ?? arn;
}

/** What IAM is to be asked about a statement, for one stage. */
export function requestOf(
	{ Action, Resource, Condition = {} }: Statement,
	stage: string,
	{ account, arn, region }: Caller,
) {
	const partition = arn.split(":")[1] ?? "aws";
	/** One ARN that a pattern stands for. */
	const concrete = (pattern: string): string => {
		if (!pattern.startsWith("arn:")) return pattern;
		const [, , service, itsRegion, itsAccount, ...rest] = pattern.split(":");
		const name = rest.join(":").replace("miaohui-receiver-*", `miaohui-receiver-${stage}-x`);
		const place = [
			itsRegion === "*" ? region : itsRegion,
			itsAccount === "*" ? account : itsAccount,
		];
		return ["arn", partition, service, ...place, name.replaceAll("*", "x")].join(":");
	};
	const conditions = Object.values(Condition).flatMap((keys) => Object.entries(keys));
	return {
		ActionNames: [Action].flat(),
		ResourceArns: [Resource].flat().map(concrete),
		ContextEntries: conditions.map(([ContextKeyName, value]) => ({
			ContextKeyName,
			ContextKeyValues: [concrete(value)],
			ContextKeyType: "string" as const,
		})),
	};
}
