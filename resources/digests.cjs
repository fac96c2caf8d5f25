"use strict";
const { ANYONE, isSecretShaped, SECRET_SHAPE, sealSecret } = require("../lib/intake/secret.ts");

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
		if (sealed("tokens", tokens)) return sealed("tokens", tokens);
		if (stage === "local" && !process.argv.includes("deploy")) return ANYONE;
		// With a key alone nobody is let in by a token: a digest that no token has.
		if (sealed("keys", keys)) return `${"0".repeat(64)}.16.0`;
		return fail(
			`the stage "${stage}" needs the tokens that the platform sends, so that nobody else is let in: --param tokens=first,second`,
		);
	},

	/** The value of CALLBACK_KEY_DIGESTS. */
	async keys({ resolveVariable }) {
		return sealed("keys", await resolveVariable("param:keys"));
	},
};

/** What is not shaped like a secret is told by its place in the list, never by itself. */
function sealed(name, list) {
	const secrets = String(list ?? "")
		.split(",")
		.map((secret) => secret.trim())
		.filter(Boolean);
	const odd = secrets.findIndex((secret) => !isSecretShaped(secret));
	if (odd >= 0) fail(`number ${odd + 1} of --param ${name} must have ${SECRET_SHAPE}`);
	return secrets.map(sealSecret).join(",");
}

function fail(message) {
	const error = new Error(message);
	error.stack = error.message;
	throw error;
}
