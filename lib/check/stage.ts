import { setTimeout as sleep } from "node:timers/promises";
import {
	CloudFormationClient,
	DescribeStacksCommand,
	type Stack,
} from "@aws-sdk/client-cloudformation";
import {
	CloudWatchClient,
	GetDashboardCommand,
	GetMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import {
	DescribeContinuousBackupsCommand,
	DescribeTableCommand,
	DescribeTimeToLiveCommand,
	DynamoDBClient,
	type TableDescription,
} from "@aws-sdk/client-dynamodb";
import {
	type FunctionConfiguration,
	GetFunctionConfigurationCommand,
	LambdaClient,
	ListEventSourceMappingsCommand,
	ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import {
	paginateListSubscriptionsByTopic,
	SNSClient,
	type Subscription,
} from "@aws-sdk/client-sns";
import { findAlarms } from "../archive/measurements.ts";
import { indexNames } from "../archive/reader.ts";
import { lookAt, type StageNames } from "../archive/removal.ts";
import {
	type Answer,
	type Check,
	no,
	type Say,
	saidUnless,
	unknown,
	yes,
	yesUnless,
} from "./finding.ts";
import { knock, sendProbe } from "./probe.ts";

/** A stack that is there. */
export interface Deployed {
	/** Of CloudFormation, such as `UPDATE_COMPLETE`. */
	readonly status: string;
	/** ISO 8601. */
	readonly since: string;
	readonly callbackUrl: string;
	readonly dashboardUrl: string;
	readonly tableName: string;
	/** The kind of the robot that is told of alarms; empty without one. */
	readonly robot: string;
}

/** An alarm that has to be there, and what is to be done when it is on. */
export interface ExpectedAlarm {
	readonly title: string;
	readonly toDo: Say;
	/** Whether it tells nobody: then it may be on. */
	readonly isSilent?: true;
	/** Whether a stage may be without it. */
	readonly isOptional?: boolean;
}

/** @returns undefined when there is no such stack, or nothing of it yet. */
export async function findStack(StackName: string): Promise<Deployed | undefined> {
	try {
		const { Stacks } = await new CloudFormationClient({}).send(
			new DescribeStacksCommand({ StackName }),
		);
		const [stack] = Stacks ?? [];
		return stack === undefined || stack.StackStatus === "REVIEW_IN_PROGRESS"
			? undefined
			: deployedOf(stack);
	} catch (error) {
		// CloudFormation has no error of its own for it.
		if (error instanceof Error && error.message.endsWith("does not exist")) return undefined;
		throw error;
	}
}

function deployedOf({ StackStatus, Outputs = [], LastUpdatedTime, CreationTime }: Stack): Deployed {
	const output = (key: string): string =>
		Outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue ?? "";
	return {
		status: StackStatus ?? "",
		since: (LastUpdatedTime ?? CreationTime ?? new Date(0)).toISOString(),
		callbackUrl: output("CallbackUrl"),
		dashboardUrl: output("DashboardUrl"),
		tableName: output("TableName"),
		robot: output("AlarmRobot"),
	};
}

/**
 * What can be seen of any stage from without, the local one included.
 *
 * @param token an accepted one; without it no probe is sent.
 */
export function pathChecks(
	callbackUrl: string,
	names: StageNames,
	token: string | undefined,
): Check[] {
	return [
		{ title: ({ checks }) => checks.titles.knock, look: () => knock(callbackUrl) },
		{
			title: ({ checks }) => checks.titles.probe,
			async look() {
				return token === undefined ? NO_TOKEN : sendProbe(callbackUrl, names.tableName, token);
			},
		},
		{
			title: ({ checks }) => checks.titles.dead,
			look: async () => deadLettersAnswer((await lookAt(names)).deadLetters),
		},
	];
}

const NO_TOKEN = unknown(
	({ checks }) => checks.noToken,
	({ checks }) => checks.giveToken,
);

/**
 * What can be looked at of a stage that was deployed.
 *
 * @param prefix of the names of all that the stack makes.
 */
export function stageChecks(
	prefix: string,
	deployed: Deployed,
	names: StageNames,
	expected: readonly ExpectedAlarm[],
): Check[] {
	const monitor = new CloudWatchClient({});
	const tables = new DynamoDBClient({});
	const alarms = alarmsOf(monitor, `${prefix}-`);
	// Several checks wait for it, and each tells for itself that it failed.
	alarms.catch(() => {});
	const TableName = names.tableName;
	const described = tables.send(new DescribeTableCommand({ TableName }));
	described.catch(() => {});
	return [
		{ title: ({ checks }) => checks.titles.stack, look: async () => stackAnswer(deployed) },
		{
			title: ({ checks }) => checks.titles.functions,
			look: async () => functionsAnswer(await findFunctions(prefix), TableName),
		},
		{
			title: ({ checks }) => checks.titles.waiting,
			async look() {
				const age = await oldestAge(monitor, names.queueName);
				let { waiting } = await lookAt(names);
				// What just comes is gone in a moment, such as the probe.
				for (let looks = 1; waiting && age === undefined && looks < MOST_LOOKS; looks++) {
					await sleep(LOOK_MS);
					({ waiting } = await lookAt(names));
				}
				return waitingAnswer(waiting, age);
			},
		},
		{
			title: ({ checks }) => checks.titles.table,
			async look() {
				const [{ Table }, { TimeToLiveDescription }] = await Promise.all([
					described,
					tables.send(new DescribeTimeToLiveCommand({ TableName })),
				]);
				return tableAnswer(Table ?? {}, TimeToLiveDescription?.TimeToLiveStatus);
			},
		},
		{
			title: ({ checks }) => checks.titles.recovery,
			async look() {
				const [{ Table }, { ContinuousBackupsDescription: backups }] = await Promise.all([
					described,
					tables.send(new DescribeContinuousBackupsCommand({ TableName })),
				]);
				const { PointInTimeRecoveryStatus, EarliestRestorableDateTime } =
					backups?.PointInTimeRecoveryDescription ?? {};
				return recoveryAnswer(
					PointInTimeRecoveryStatus === "ENABLED",
					EarliestRestorableDateTime,
					Table?.DeletionProtectionEnabled === true,
				);
			},
		},
		{
			title: ({ checks }) => checks.titles.alarms,
			look: async () => alarmsAnswer(prefix, await alarms, expected),
		},
		{
			title: ({ checks }) => checks.titles.state,
			look: async () => stateAnswer(prefix, await alarms, expected),
		},
		{
			title: ({ checks }) => checks.titles.told,
			look: async () => subscriptionsAnswer(await findSubscriptions(await alarms), deployed.robot),
		},
		{
			title: ({ checks }) => checks.titles.dashboard,
			async look() {
				await monitor.send(new GetDashboardCommand({ DashboardName: prefix }));
				return yes(() => deployed.dashboardUrl);
			},
		},
		{
			title: ({ checks }) => checks.titles.logs,
			look: async () => logsAnswer(await findLogs(prefix)),
		},
	];
}

const REDEPLOY: Say = ({ checks }) => checks.redeploy;

/** What CloudFormation says of the stack. */
export function stackAnswer({ status, since }: Deployed): Answer {
	const detail: Say = ({ checks }) => checks.since(status, since);
	const events: Say = ({ checks }) => checks.stackEvents;
	if (status.endsWith("_IN_PROGRESS")) return unknown(detail, ({ checks }) => checks.askWhenDone);
	if (status === "UPDATE_ROLLBACK_COMPLETE") {
		return no(({ checks }) => checks.takenBack(status, since), events);
	}
	return status === "CREATE_COMPLETE" || status === "UPDATE_COMPLETE"
		? yes(detail)
		: no(detail, events);
}

interface Functions {
	readonly functions: readonly FunctionConfiguration[];
	/** States of what calls store, such as `Enabled`. */
	readonly sources: readonly (string | undefined)[];
}

async function findFunctions(prefix: string): Promise<Functions> {
	const client = new LambdaClient({});
	const { EventSourceMappings = [] } = await client.send(
		new ListEventSourceMappingsCommand({ FunctionName: `${prefix}-store` }),
	);
	const find = (key: string) =>
		client.send(new GetFunctionConfigurationCommand({ FunctionName: `${prefix}-${key}` }));
	const compare = find("compare").catch((error: unknown) => {
		// Only a stage with `historyBase` has it.
		if (error instanceof ResourceNotFoundException) return undefined;
		throw error;
	});
	const found = await Promise.all([find("receive"), find("store"), compare]);
	return {
		functions: found.filter((one) => one !== undefined),
		sources: EventSourceMappings.map(({ State }) => State),
	};
}

/** The commands run on the runtime's version. */
const RUNTIME = `nodejs${process.versions.node.split(".")[0]}.x`;

/** Whether all functions can run, on which version, for which table, and whether store is called. */
export function functionsAnswer({ functions, sources }: Functions, tableName: string): Answer {
	const wrong = functions.flatMap((one): Say[] => {
		const { FunctionName = "", Runtime, State, LastUpdateStatus, Environment } = one;
		const table = Environment?.Variables?.TABLE_NAME;
		return [
			...saidUnless(State === "Active", ({ checks }) => checks.isIn(FunctionName, `${State}`)),
			...saidUnless(LastUpdateStatus === "Successful", ({ checks }) =>
				checks.lastUpdate(`${LastUpdateStatus}`),
			),
			...saidUnless(Runtime === RUNTIME, ({ checks }) =>
				checks.runsOn(FunctionName, `${Runtime}`, RUNTIME),
			),
			...saidUnless(table === tableName, ({ checks }) =>
				checks.writesTo(FunctionName, `${table}`, tableName),
			),
		];
	});
	if (!sources.includes("Enabled")) {
		wrong.push(({ checks }) => checks.storeNotCalled(sources[0] ?? "-"));
	}
	const versions = functions.map(
		({ FunctionName, CodeSha256, LastModified }) =>
			`${FunctionName} ${CodeSha256?.slice(0, 8)} (${LastModified})`,
	);
	return yesUnless(wrong, () => `${RUNTIME}, ${versions.join(", ")}`, REDEPLOY);
}

/** @param count of dead letters; undefined when there is no such queue. */
export function deadLettersAnswer(count: number | undefined): Answer {
	if (count === undefined) return no(({ checks }) => checks.noDeadLetterQueue, REDEPLOY);
	return count === 0
		? yes(({ checks }) => checks.none)
		: no(
				({ checks }) => checks.thereAre(count),
				({ checks }) => checks.showsWhy,
			);
}

async function oldestAge(client: CloudWatchClient, queue: string): Promise<number | undefined> {
	const now = Date.now();
	const { MetricDataResults } = await client.send(
		new GetMetricDataCommand({
			StartTime: new Date(now - AGE_WINDOW_MS),
			EndTime: new Date(now),
			MetricDataQueries: [
				{
					Id: "age",
					MetricStat: {
						Metric: {
							Namespace: "AWS/SQS",
							MetricName: "ApproximateAgeOfOldestMessage",
							Dimensions: [{ Name: "QueueName", Value: queue }],
						},
						Period: 60,
						Stat: "Maximum",
					},
				},
			],
		}),
	);
	// The newest comes first.
	return MetricDataResults?.[0]?.Values?.[0];
}

const AGE_WINDOW_MS = 10 * 60_000;
const LONG_SECONDS = 180;
const MOST_LOOKS = 10;
const LOOK_MS = 1_000;

/**
 * Whether the queue is worked off. SQS leaves a message that was received more than three times out of
 * the age, so there may be some without it.
 *
 * @param count undefined when there is no such queue.
 * @param age of the oldest in seconds, if CloudWatch tells.
 */
export function waitingAnswer(count: number | undefined, age: number | undefined): Answer {
	if (count === undefined) return no(({ checks }) => checks.noQueue, REDEPLOY);
	const detail: Say = ({ checks }) => checks.wait(count, age);
	const toDo: Say = ({ checks }) => checks.seeWaiting;
	if (age !== undefined && age > LONG_SECONDS) return no(detail, toDo);
	return count === 0 || age !== undefined
		? yes(detail)
		: unknown(detail, ({ checks }) => checks.seeWaitingAgain);
}

/** Whether the table has all that it was made with, which a restored one has not. */
export function tableAnswer(table: TableDescription, timeToLive: string | undefined): Answer {
	const { TableName, TableStatus, GlobalSecondaryIndexes = [], StreamSpecification } = table;
	const states = new Map(
		GlobalSecondaryIndexes.map(({ IndexName, IndexStatus }) => [IndexName, IndexStatus]),
	);
	const wrong = [
		...saidUnless(TableStatus === "ACTIVE", ({ checks }) => checks.tableIs(`${TableStatus}`)),
		...indexNames
			.filter((name) => states.get(name) !== "ACTIVE")
			.map(
				(name): Say =>
					({ checks }) =>
						checks.indexIs(name, states.get(name) ?? checks.missing),
			),
		...saidUnless(StreamSpecification?.StreamEnabled === true, ({ checks }) => checks.noStream),
		...saidUnless(timeToLive?.startsWith("ENABL") === true, ({ checks }) => checks.noExpiry),
	];
	return yesUnless(
		wrong,
		({ checks }) => checks.wholeTable(`${TableName}`, indexNames.length),
		({ checks }) => checks.seeRestore,
	);
}

/** Whether what somebody deletes or spoils can be had back. */
export function recoveryAnswer(
	isRecoverable: boolean,
	earliest: Date | undefined,
	isProtected: boolean,
): Answer {
	if (!isRecoverable) {
		return no(
			({ checks }) => checks.noRecovery,
			({ checks }) => checks.seeRestoreStep,
		);
	}
	const since = earliest?.toISOString();
	return isProtected
		? yes(({ checks }) => checks.restorable(since))
		: unknown(
				({ checks }) => checks.restorableOpen(since),
				({ checks }) => checks.protect,
			);
}

interface Alarm {
	readonly name: string;
	readonly isOn: boolean;
	/** Whether it would tell somebody. */
	readonly isEnabled: boolean;
	readonly topics: readonly string[];
}

async function alarmsOf(client: CloudWatchClient, prefix: string): Promise<Alarm[]> {
	const found = await findAlarms(client, prefix);
	return found.map(({ AlarmName = "", StateValue, ActionsEnabled, AlarmActions = [] }) => ({
		name: AlarmName,
		isOn: StateValue === "ALARM",
		isEnabled: ActionsEnabled === true,
		topics: AlarmActions,
	}));
}

/** Whether each alarm is there and, unless it serves another one, tells somebody. */
export function alarmsAnswer(
	prefix: string,
	alarms: readonly Alarm[],
	expected: readonly ExpectedAlarm[],
): Answer {
	const found = new Map(alarms.map((alarm) => [alarm.name, alarm]));
	const wanted = expected.filter((one) => !one.isOptional || found.has(`${prefix}-${one.title}`));
	const wrong = wanted.flatMap(({ title, isSilent }): Say[] => {
		const alarm = found.get(`${prefix}-${title}`);
		if (alarm === undefined) return [({ checks }) => checks.noAlarm(title)];
		const isMute = !alarm.isEnabled || alarm.topics.length === 0;
		return isMute && !isSilent ? [({ checks }) => checks.muteAlarm(title)] : [];
	});
	return yesUnless(wrong, ({ checks }) => checks.all(wanted.length), REDEPLOY);
}

/** Whether one is on that tells somebody. */
export function stateAnswer(
	prefix: string,
	alarms: readonly Alarm[],
	expected: readonly ExpectedAlarm[],
): Answer {
	const on = new Set(alarms.filter(({ isOn }) => isOn).map(({ name }) => name));
	const wrong = expected.filter(({ title, isSilent }) => !isSilent && on.has(`${prefix}-${title}`));
	return yesUnless(
		wrong.map(
			({ title }): Say =>
				() =>
					title,
		),
		({ checks }) => checks.none,
		(words) => wrong.map(({ title, toDo }) => `${title}: ${toDo(words)}`).join(" "),
	);
}

async function findSubscriptions(alarms: readonly Alarm[]): Promise<Subscription[]> {
	const client = new SNSClient({});
	const topics = new Set(alarms.flatMap((alarm) => alarm.topics));
	const found: Subscription[] = [];
	for (const TopicArn of topics) {
		const pages = paginateListSubscriptionsByTopic({ client }, { TopicArn });
		for await (const { Subscriptions = [] } of pages) found.push(...Subscriptions);
	}
	return found;
}

/**
 * Who gets the alarms, and whether they have confirmed that they want them.
 *
 * @param robot the kind of a group robot that is told, too; empty without one.
 */
export function subscriptionsAnswer(subscriptions: readonly Subscription[], robot: string): Answer {
	// SNS tells an ARN once it is confirmed, and a word before.
	const confirmed = subscriptions.filter(({ SubscriptionArn }) =>
		SubscriptionArn?.startsWith("arn:"),
	);
	const named = (some: readonly Subscription[]): string =>
		some.map(({ Protocol, Endpoint }) => `${Protocol} ${Endpoint}`).join(", ");
	const pending = subscriptions.filter((one) => !confirmed.includes(one));
	if (pending.length > 0) {
		return no(
			({ checks }) => checks.unconfirmed(named(pending)),
			({ checks }) => checks.followLink,
		);
	}
	const all = [
		...(robot === "" ? [] : [robot]),
		...(confirmed.length > 0 ? [named(confirmed)] : []),
	];
	return all.length > 0
		? yes(() => all.join(", "))
		: no(
				({ checks }) => checks.nobody,
				({ checks }) => checks.deployWithEmail,
			);
}

async function findLogs(prefix: string): Promise<Map<string, number | undefined>> {
	const client = new CloudWatchLogsClient({});
	const found = new Map<string, number | undefined>();
	for (const logGroupNamePrefix of [`/aws/lambda/${prefix}-`, `/aws/http-api/${prefix}`]) {
		for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix })) {
			for (const { logGroupName = "", retentionInDays } of page.logGroups ?? []) {
				found.set(logGroupName, retentionInDays);
			}
		}
	}
	const groups = ["receive", "store"].map((key) => `/aws/lambda/${prefix}-${key}`);
	return new Map(
		[...groups, `/aws/http-api/${prefix}`].map((name) => [
			name,
			found.has(name) ? (found.get(name) ?? Number.POSITIVE_INFINITY) : undefined,
		]),
	);
}

/** @param days for which each log group keeps its lines, without end or undefined when it is not there. */
export function logsAnswer(days: ReadonlyMap<string, number | undefined>): Answer {
	const wrong = [...days].flatMap(([name, kept]): Say[] => {
		if (kept === undefined) return [({ checks }) => checks.noLog(name)];
		return saidUnless(Number.isFinite(kept), ({ checks }) => checks.keptForEver(name));
	});
	const kept = [...new Set(days.values())].join(", ");
	return yesUnless(wrong, ({ checks }) => checks.days(kept), REDEPLOY);
}
