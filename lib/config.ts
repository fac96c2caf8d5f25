import type { Rules } from "./intake/request.ts";
import { ANYONE, type Credentials, readSealed, type SealedSecret } from "./intake/secret.ts";
import type { Places } from "./storage/keep.ts";
import { type Patience, readPatience, USUAL_PATIENCE } from "./storage/patience.ts";
import type { AwsAccess } from "./storage/sqs.ts";

/** What the receive function is told by its environment. */
export interface ReceiveConfig extends Places, Rules {}

/** What the store function is told by its environment. */
export interface StoreConfig extends Places {
	readonly deadLetterQueueUrl: string;
	readonly patience: Patience;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** What is wrong with a variable of the environment. */
export interface Problem {
	readonly variable: string;
	/** What follows its name, in English. */
	readonly says: string;
}

/**
 * @throws Error naming every problem of the environment at once; thrown while the module loads, so
 * that a wrong deployment is seen before the first message.
 */
export function receiveConfig(env: Environment): ReceiveConfig {
	const problems: Problem[] = [];
	const config = readReceiveConfig(env, problems);
	report(problems);
	return config;
}

/** What {@link receiveConfig} would say of an environment: packaging asks before anything is deployed. */
export function receiveProblems(env: Environment): readonly Problem[] {
	const problems: Problem[] = [];
	readReceiveConfig(env, problems);
	return problems;
}

function readReceiveConfig(env: Environment, problems: Problem[]): ReceiveConfig {
	return {
		...sharedConfig(env, problems),
		credentials: credentials(env, problems),
		keys: sealed("CALLBACK_KEY_DIGESTS", env.CALLBACK_KEY_DIGESTS ?? "", problems),
		onUnrecognized: onUnrecognized(env, problems),
	};
}

/** @throws Error naming every problem of the environment at once. */
export function storeConfig(env: Environment): StoreConfig {
	const problems: Problem[] = [];
	const config = {
		...sharedConfig(env, problems),
		deadLetterQueueUrl: required(env, "DEAD_LETTER_QUEUE_URL", problems),
		patience: patience(env, problems),
	};
	report(problems);
	return config;
}

function sharedConfig(env: Environment, problems: Problem[]): Places {
	return {
		queueUrl: required(env, "QUEUE_URL", problems),
		aws: awsAccess(env, problems),
		tableName: required(env, "TABLE_NAME", problems),
		retentionDays: retentionDays(env, problems),
	};
}

function patience(env: Environment, problems: Problem[]): Patience {
	const value = env.RETRY_SECONDS;
	const read = value === undefined ? USUAL_PATIENCE : readPatience(value);
	if (read === undefined) {
		const says = `is "${value}", but must be the first and the longest, as in 30-1800`;
		problems.push({ variable: "RETRY_SECONDS", says });
	}
	return read ?? USUAL_PATIENCE;
}

function required(env: Environment, name: string, problems: Problem[]): string {
	const value = env[name];
	if (!value) problems.push({ variable: name, says: "is missing" });
	return value ?? "";
}

function awsAccess(env: Environment, problems: Problem[]): AwsAccess {
	return {
		region: required(env, "AWS_REGION", problems),
		accessKeyId: required(env, "AWS_ACCESS_KEY_ID", problems),
		secretAccessKey: required(env, "AWS_SECRET_ACCESS_KEY", problems),
		...(env.AWS_SESSION_TOKEN && { sessionToken: env.AWS_SESSION_TOKEN }),
	};
}

function credentials(env: Environment, problems: Problem[]): Credentials {
	const value = required(env, "CALLBACK_TOKEN_DIGESTS", problems);
	return value === ANYONE ? ANYONE : sealed("CALLBACK_TOKEN_DIGESTS", value, problems);
}

function sealed(name: string, value: string, problems: Problem[]): SealedSecret[] {
	const listed = value.split(",").filter((secret) => secret !== "");
	const secrets = listed.map(readSealed).filter((secret) => secret !== undefined);
	if (secrets.length < listed.length) {
		const says = "must be sealed secrets (digest.length.mark), with commas between";
		problems.push({ variable: name, says });
	}
	return secrets;
}

function onUnrecognized(env: Environment, problems: Problem[]): "keep" | "refuse" {
	const value = env.ON_UNRECOGNIZED ?? "keep";
	if (value === "keep" || value === "refuse") return value;
	const says = `is "${value}", but must be "keep" or "refuse"`;
	problems.push({ variable: "ON_UNRECOGNIZED", says });
	return "keep";
}

function retentionDays(env: Environment, problems: Problem[]): number | undefined {
	const value = env.RETENTION_DAYS ?? "forever";
	if (value === "forever") return undefined;
	const days = Number(value);
	if (!(Number.isInteger(days) && days > 0)) {
		const says = `is "${value}", but must be a number of days or "forever"`;
		problems.push({ variable: "RETENTION_DAYS", says });
	}
	return days;
}

function report(problems: readonly Problem[]): void {
	const said = problems.map(({ variable, says }) => `${variable} ${says}`);
	if (said.length > 0) throw new Error(`configuration: ${said.join("; ")}`);
}
