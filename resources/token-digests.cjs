"use strict";
const { createHash } = require("node:crypto");

/**
 * The value of CALLBACK_TOKEN_DIGESTS: what the functions may know of the accepted tokens, which
 * also open the platform's send API. Serverless loads variable files with `require`, hence CommonJS.
 */
module.exports = async ({ resolveVariable }) => {
	const [stage, list] = await Promise.all([
		resolveVariable("sls:stage"),
		resolveVariable("param:tokens"),
	]);
	const tokens = String(list ?? "")
		.split(",")
		.map((token) => token.trim())
		.filter(Boolean);
	if (tokens.length > 0) {
		return tokens.map((token) => createHash("sha256").update(token).digest("hex")).join(",");
	}
	if (stage === "local") return "*";
	const error = new Error(
		`the stage "${stage}" needs the tokens that the platform sends, so that nobody else is let in: --param tokens=first,second`,
	);
	error.stack = error.message;
	throw error;
};
