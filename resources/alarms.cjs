"use strict";
const { alarmResources } = require("./alarms.ts");

module.exports = async ({ resolveVariable }) => {
	const [service, stage] = await Promise.all(["self:service", "sls:stage"].map(resolveVariable));
	return alarmResources(service, stage, await resolveVariable("self:custom.settings"));
};
