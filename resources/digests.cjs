"use strict";
const { createHash } = require("node:crypto");

/**
 * What the functions may know of the accepted tokens, which also open the platform's send API, and of
 * the keys of the base URL. Serverless loads variable files with `require`, hence CommonJS.
 */
module.exports = {
	/** The value of CALLBACK_TOKEN_DIGESTS. */
	async tokens({ resolveVariable }) {
		const [stage, tokens, keys] = await Promise.all(
			["sls:stage", "param:tokens", "param:keys"].map(resolveVariable),
		);
		if (digests(tokens)) return digests(tokens);
		if (stage === "local" && !process.argv.includes("deploy")) return "*";
		// With a key alone nobody is let in by a token: a digest that no token has.
		if (digests(keys)) return "0".repeat(64);
		const error = new Error(
			`the stage "${stage}" needs the tokens that the platform sends, so that nobody else is let in: --param tokens=first,second`,
		);
		error.stack = error.message;
		throw error;
	},

	/** The value of CALLBACK_KEY_DIGESTS. */
	async keys({ resolveVariable }) {
		return digests(await resolveVariable("param:keys"));
	},
};

function digests(list) {
	return String(list ?? "")
		.split(",")
		.map((secret) => secret.trim())
		.filter(Boolean)
		.map((secret) => createHash("sha256").update(secret).digest("hex"))
		.join(",");
}
