"use strict";
const { languages } = require("../lib/words/languages.ts");
const { readRobot } = require("./robot.ts");
const { ROBOT_PARAMETER } = require("./robot-rules.ts");
const { robotUrl } = require("./secrets.ts");

/** What a deployment does beside the template's words, as a plugin of Serverless. */
module.exports = class Deployment {
	constructor(serverless, options, { log }) {
		const { service } = serverless;
		const warn = () => {
			const { alarmEmail, robot, language } = service.custom.settings;
			const isTold = alarmEmail !== "" || robot !== undefined;
			if (!isTold && service.provider.stage !== "local") {
				log.warning(languages[language].nobodyIsTold);
			}
		};
		this.hooks = {
			/**
			 * The table is made last. A first deployment that fails would have to take it away again, and
			 * a table that is protected cannot be deleted: its name would block the next one.
			 */
			"after:aws:package:finalize:mergeCustomProviderResources": () => {
				const { Table, ...others } = service.provider.compiledCloudFormationTemplate.Resources;
				if (Table !== undefined) Table.DependsOn = Object.keys(others);
			},
			/**
			 * Not before: what the configuration holds is written to serverless-state.json and uploaded,
			 * and the stack that is made first, for its bucket alone, has no parameter.
			 */
			"before:aws:deploy:deploy:updateStack": () => {
				const read = readRobot(robotUrl(options.param ?? [], process.env));
				if (read === undefined) return;
				service.provider.stackParameters = [
					{ ParameterKey: ROBOT_PARAMETER, ParameterValue: read.secret },
				];
			},
			"after:package:finalize": warn,
			// Once more, where it is read.
			"after:deploy:finalize": warn,
		};
	}
};
