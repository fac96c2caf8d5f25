import { ANYONE, isSecretShaped, sealSecret } from "../lib/intake/secret.ts";
import { languages } from "../lib/words/languages.ts";
import { localeLanguage } from "../lib/words/locale.ts";
import { givenTexts } from "./parameters.ts";
import { type Robot, readRobot } from "./robot.ts";

/** What the functions may know of the accepted tokens and of the keys of the base URL. */
export interface SealedSecrets {
	/** The value of CALLBACK_TOKEN_DIGESTS. */
	readonly tokens: string;
	/** The value of CALLBACK_KEY_DIGESTS. */
	readonly keys: string;
}

/** What lets nobody in: a digest that no token has. */
const NOBODY = `${"0".repeat(64)}.16.0`;

/**
 * Reads the secrets where they are sealed, and nowhere else: what stands in `serverless.yml` is written
 * in clear to `serverless-state.json`, which a deployment uploads.
 *
 * @param given the words after each `--param`; the environment is asked where they say nothing.
 * @param needs whether a token is needed, or a stage without any lets everyone in, or it deploys nothing.
 * @returns every problem in words; a secret that is wrong is told by its place, never by itself.
 */
export function readSecrets(
	given: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
	needs: "a token" | "none: everyone" | "none: nobody",
): {
	readonly sealed: SealedSecrets;
	readonly robot: Robot | undefined;
	readonly problems: readonly string[];
} {
	const texts = givenTexts(given);
	const said = languages[localeLanguage(environment)].parameters;
	const problems: string[] = [];
	const sealed = (name: string, variable: string): string => {
		const secrets = listedSecrets(texts.get(name) ?? environment[variable]);
		const odd = secrets.findIndex((secret) => !isSecretShaped(secret));
		if (odd >= 0) problems.push(said.badSecret(odd + 1, name));
		return secrets.map(sealSecret).join(",");
	};
	const url = robotUrl(given, environment);
	const robot = readRobot(url)?.robot;
	if (url !== "" && robot === undefined) problems.push(said.badRobot);
	const tokens = sealed("tokens", "CALLBACK_TOKENS");
	const keys = sealed("keys", "CALLBACK_KEYS");
	if (tokens !== "") return { sealed: { tokens, keys }, robot, problems };
	if (needs === "none: everyone") return { sealed: { tokens: ANYONE, keys }, robot, problems };
	// With a key alone nobody is let in by a token.
	if (keys === "" && needs === "a token") {
		problems.push(said.needsTokens);
	}
	return { sealed: { tokens: NOBODY, keys }, robot, problems };
}

/** The secrets of a list with commas between. */
export function listedSecrets(text = ""): string[] {
	return text
		.split(",")
		.map((secret) => secret.trim())
		.filter((secret) => secret !== "");
}

/** The URL of the robot that is told of alarms, in clear; empty when there is none. */
export function robotUrl(
	given: readonly string[],
	environment: Readonly<Record<string, string | undefined>>,
): string {
	return (givenTexts(given).get("alarmRobot") ?? environment.ALARM_ROBOT ?? "").trim();
}
