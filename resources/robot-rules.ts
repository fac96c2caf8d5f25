import { descriptionOf } from "../lib/words/alarm.ts";
import type { Words } from "../lib/words/en.ts";
import { type AlarmSettings, alarmsOf, minutesOf } from "./alarms.ts";
import { keyedEndpoint, type Robot, type RobotMessage, robotBody } from "./robot.ts";

/** The parameter of the stack that holds the robot's key. */
export const ROBOT_PARAMETER = "AlarmRobotSecret";

/** The same for all: what an event says of an alarm. */
const PATHS = {
	alarm: "$.detail.alarmName",
	time: "$.time",
	what: "$.detail.configuration.description",
	since: "$.detail.previousState.timestamp",
} as const;

const host = { "Fn::FindInMap": ["Consoles", { Ref: "AWS::Partition" }, "host"] };

/**
 * What brings alarms into a group robot, without a function of ours: CloudWatch tells each change of
 * state to EventBridge, rules make a message of it, and an API destination sends that.
 *
 * @returns resources of CloudFormation by their logical ids; none without a robot.
 */
export function robotResources(
	service: string,
	stage: string,
	settings: AlarmSettings & { readonly robot?: Robot | undefined },
	words: Words,
): Readonly<Record<string, object>> {
	const { robot } = settings;
	if (robot === undefined) return {};
	const prefix = `${service}-${stage}`;
	const alarms = alarmsOf(service, stage, settings);
	const told = alarms.filter((alarm) => "on" in alarm || alarm.isSilent !== true);
	const nameOf = ({ title }: { readonly title: string }): string => `${prefix}-${title}`;
	const texts = words.alarms({ ...minutesOf(settings), stage });
	const dashboardUrl = `https://\${AWS::Region}.\${host}/cloudwatch/home?region=\${AWS::Region}#dashboards:name=${prefix}`;

	const rule = (
		id: string,
		state: "ALARM" | "OK",
		names: readonly string[],
		lines: readonly string[],
	): object => {
		const message: RobotMessage = {
			text: [...lines, words.robot.dashboard(dashboardUrl)].join("\n"),
			...{ alarm: "<alarm>", state, time: "<time>" },
		};
		const used = Object.entries(PATHS).filter(([name]) =>
			`${message.text}<alarm><time>`.includes(`<${name}>`),
		);
		return {
			Type: "AWS::Events::Rule",
			Properties: {
				Name: `${prefix}-${id}`,
				EventPattern: {
					source: ["aws.cloudwatch"],
					"detail-type": ["CloudWatch Alarm State Change"],
					detail: {
						alarmName: names,
						state: { value: [state] },
						// A new alarm has no data, and then is OK: nothing was wrong before.
						...(state === "OK" && { previousState: { value: ["ALARM"] } }),
					},
				},
				Targets: [
					{
						Id: "robot",
						Arn: { "Fn::GetAtt": ["AlarmRobot", "Arn"] },
						RoleArn: { "Fn::GetAtt": ["AlarmRobotRole", "Arn"] },
						InputTransformer: {
							InputPathsMap: Object.fromEntries(used),
							InputTemplate: { "Fn::Sub": [robotBody(robot.kind, message), { host }] },
						},
					},
				],
			},
		};
	};
	const { alarm, over, since, fromTo } = words.robot;
	const begins = [alarm("<alarm>"), since("<time>")];
	const composites = told.filter((one) => "on" in one);
	return {
		...destination(prefix, robot),
		AlarmRobotRule: rule("alarm", "ALARM", told.filter((one) => !("on" in one)).map(nameOf), [
			...begins,
			"<what>",
		]),
		// Of a composite alarm's event it is not documented that it holds the description.
		...Object.fromEntries(
			composites.map((one) => {
				const says = [...begins, descriptionOf(texts[one.title], words)];
				return [`AlarmRobot${one.id}Rule`, rule(one.title, "ALARM", [nameOf(one)], says)];
			}),
		),
		AlarmRobotOverRule: rule(
			"over",
			"OK",
			told.filter((one) => !("on" in one) || one.tellsEnd).map(nameOf),
			[over("<alarm>"), fromTo("<since>", "<time>")],
		),
	};
}

/** Where the messages go. The key comes as a parameter that is not shown, and EventBridge keeps it as a secret. */
function destination(prefix: string, { kind, mark }: Robot): Readonly<Record<string, object>> {
	const keyed = keyedEndpoint(kind);
	const secret = { Ref: ROBOT_PARAMETER };
	return {
		AlarmRobotConnection: {
			Type: "AWS::Events::Connection",
			Properties: {
				Name: `${prefix}-alarm-robot`,
				AuthorizationType: "API_KEY",
				AuthParameters: {
					// A connection has to have some; no robot looks at it.
					ApiKeyAuthParameters: { ApiKeyName: "X-Stage", ApiKeyValue: prefix },
					...(keyed && {
						InvocationHttpParameters: {
							QueryStringParameters: [{ Key: keyed.key, Value: secret, IsValueSecret: true }],
						},
					}),
				},
			},
		},
		AlarmRobot: {
			Type: "AWS::Events::ApiDestination",
			Properties: {
				Name: `${prefix}-alarm-robot`,
				Description: `${kind} ${mark}`,
				ConnectionArn: { "Fn::GetAtt": ["AlarmRobotConnection", "Arn"] },
				HttpMethod: "POST",
				InvocationEndpoint: keyed?.endpoint ?? secret,
				// Robots take 20 a minute, and say of more in a 200 that they did not.
				InvocationRateLimitPerSecond: 1,
			},
		},
		AlarmRobotRole: {
			Type: "AWS::IAM::Role",
			Properties: {
				AssumeRolePolicyDocument: {
					Version: "2012-10-17",
					Statement: [
						{
							Effect: "Allow",
							Principal: { Service: "events.amazonaws.com" },
							Action: "sts:AssumeRole",
						},
					],
				},
				Policies: [
					{
						PolicyName: "robot",
						PolicyDocument: {
							Version: "2012-10-17",
							Statement: [
								{
									Effect: "Allow",
									Action: "events:InvokeApiDestination",
									Resource: { "Fn::GetAtt": ["AlarmRobot", "Arn"] },
								},
							],
						},
					},
				],
			},
		},
	};
}
