"use strict";

/**
 * While an update runs and for some minutes after it, CloudFormation watches receive's errors, and
 * takes the update back when they come. A trigger that does not exist fails the whole operation
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_RollbackConfiguration.html),
 * so the first deployment has none; and only a deployment may ask the network for it.
 */
module.exports = async ({ resolveVariable }) => {
	const { rollbackMinutes } = await resolveVariable("self:custom.settings");
	const none = { MonitoringTimeInMinutes: 0, RollbackTriggers: [] };
	if (rollbackMinutes === 0 || !process.argv.includes("deploy")) return none;
	const [service, stage] = await Promise.all(["self:service", "sls:stage"].map(resolveVariable));
	const Arn = await resolveVariable(`cf:${service}-${stage}.RollbackAlarmArn, null`);
	if (Arn === null) return none;
	return {
		MonitoringTimeInMinutes: rollbackMinutes,
		RollbackTriggers: [{ Arn, Type: "AWS::CloudWatch::Alarm" }],
	};
};
