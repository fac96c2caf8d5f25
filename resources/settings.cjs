"use strict";
const { readSettings } = require("./parameters.ts");
const { readSecrets } = require("./secrets.ts");

/** Serverless loads variable files with `require`, hence CommonJS; the rules are in TypeScript. */
async function read({ options, resolveVariable }) {
	const [service, stage] = await Promise.all(["self:service", "sls:stage"].map(resolveVariable));
	return readSettings(options.param ?? [], process.env, `${service}-${stage}`);
}

const DEPLOYS_NOTHING = ["remove", "info", "logs", "metrics", "rollback"];

async function readSealed({ options, resolveVariable }) {
	const { argv } = process;
	const isOpen = (await resolveVariable("sls:stage")) === "local" && !argv.includes("deploy");
	const deploysNothing = argv.some((word) => DEPLOYS_NOTHING.includes(word));
	const needs = isOpen ? "none: everyone" : deploysNothing ? "none: nobody" : "a token";
	return readSecrets(options.param ?? [], process.env, needs);
}

module.exports = {
	/** The settings; what is wrong has its fallback, so that only `checked` complains, and once. */
	async settings(context) {
		const [{ settings }, { robot }] = await Promise.all([read(context), readSealed(context)]);
		return { ...settings, robot };
	},

	/** The value of CALLBACK_TOKEN_DIGESTS. */
	async tokens(context) {
		return (await readSealed(context)).sealed.tokens;
	},

	/** The value of CALLBACK_KEY_DIGESTS. */
	async keys(context) {
		return (await readSealed(context)).sealed.keys;
	},

	/** Makes everything that is wrong with the parameters one error. */
	async checked(context) {
		const all = await Promise.all([read(context), readSealed(context)]);
		const problems = all.flatMap((one) => one.problems);
		if (problems.length === 0) return true;
		const error = new Error(`parameters: ${problems.join("; ")}`);
		error.stack = error.message;
		throw error;
	},
};
