"use strict";
const { languages } = require("../lib/words/languages.ts");
const { dashboardWidgets } = require("./dashboard.ts");

module.exports = async ({ resolveVariable }) => {
	const [service, stage] = await Promise.all(["self:service", "sls:stage"].map(resolveVariable));
	const { language, tableName, history } = await resolveVariable("self:custom.settings");
	const isCompared = history !== undefined;
	const widgets = dashboardWidgets(service, stage, tableName, languages[language], isCompared);
	return { "Fn::Sub": JSON.stringify({ widgets }) };
};
