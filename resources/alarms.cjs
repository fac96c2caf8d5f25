"use strict";
const { languages } = require("../lib/words/languages.ts");
const { alarmResources } = require("./alarms.ts");
const { ROBOT_PARAMETER, robotResources } = require("./robot-rules.ts");

module.exports = {
	async resources({ resolveVariable }) {
		const [service, stage] = await Promise.all(["self:service", "sls:stage"].map(resolveVariable));
		const settings = await resolveVariable("self:custom.settings");
		const words = languages[settings.language];
		return {
			...alarmResources(service, stage, settings, words),
			...robotResources(service, stage, settings, words),
		};
	},

	/** Whether there is a robot, and of which kind, for who looks at the stage. */
	async outputs({ resolveVariable }) {
		const { robot } = await resolveVariable("self:custom.settings");
		return robot === undefined ? {} : { AlarmRobot: { Value: robot.kind } };
	},

	/** The value comes with the deployment itself: what stands here is uploaded. */
	async parameters({ resolveVariable }) {
		const { robot } = await resolveVariable("self:custom.settings");
		return robot === undefined ? {} : { [ROBOT_PARAMETER]: { Type: "String", NoEcho: true } };
	},
};
