"use strict";

/** The function that compares the stage with the platform's history: nothing of it without `historyBase`. */
module.exports = {
	async functions({ resolveVariable }) {
		const { history } = await resolveVariable("self:custom.settings");
		if (history === undefined) return {};
		return {
			compare: {
				handler: "dist/compare/index.handler",
				description: "Platform's history to queue - what no callback brought",
				// 500 calls at 2 a second are 250 s, and pages may have to be asked for again.
				timeout: 600,
				reservedConcurrency: 1,
				// The next run looks at the same hours again.
				maximumRetryAttempts: 0,
				role: { "Fn::GetAtt": ["CompareRole", "Arn"] },
				package: { patterns: ["dist/compare/**"] },
				environment: {
					HISTORY_BASE: history.base,
					HISTORY_DIALECT: history.dialect,
					HISTORY_TOKEN_PARAMETER: history.token,
					HISTORY_HOURS: history.hours,
					HISTORY_CALLS: history.calls,
				},
				events: [{ schedule: `rate(${history.schedule})` }],
			},
		};
	},

	async resources({ resolveVariable }) {
		const { history } = await resolveVariable("self:custom.settings");
		if (history === undefined) return {};
		const [assumed, table] = await Promise.all(
			["self:custom.assumedByLambda", "self:custom.tableArn"].map(resolveVariable),
		);
		const parameter = `\${AWS::Region}:\${AWS::AccountId}:parameter${history.token}`;
		const allow = (Action, Resource) => ({ Effect: "Allow", Action, Resource });
		const Statement = [
			allow(["logs:CreateLogStream", "logs:PutLogEvents"], {
				"Fn::GetAtt": ["CompareLogGroup", "Arn"],
			}),
			allow("ssm:GetParameter", { "Fn::Sub": `arn:\${AWS::Partition}:ssm:${parameter}` }),
			allow(["sqs:GetQueueUrl", "sqs:GetQueueAttributes", "sqs:SendMessage"], {
				"Fn::GetAtt": ["Queue", "Arn"],
			}),
			allow("dynamodb:Query", [table, { "Fn::Sub": `${table["Fn::Sub"]}/index/byStored` }]),
		];
		return {
			CompareRole: {
				Type: "AWS::IAM::Role",
				Properties: {
					AssumeRolePolicyDocument: assumed,
					Policies: [
						{ PolicyName: "compare", PolicyDocument: { Version: "2012-10-17", Statement } },
					],
				},
			},
		};
	},
};
