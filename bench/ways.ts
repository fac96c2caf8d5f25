import { sealSecret } from "../lib/intake/secret.ts";
import { credentials, region } from "../local/environment.ts";

/** The token that the measured callbacks carry. */
export const TOKEN = "9f1e2d3c4b5a69788796a5b4";

export const FLOOR = "sending floor";
export const OURS = "ours, logs and metrics included";

/** The ways to do the job, and where their bundles lie. */
export const ways = {
	[FLOOR]: "dist/floor/",
	[OURS]: "../dist/receive/",
	"ours with the SDK's client": "dist/sdk/",
	"middy, @middy/validator, SDK": "dist/middy/",
	"Powertools parser, zod, SDK": "dist/parser/",
	"Hono, Ajv at run time, SDK": "dist/hono/",
	"fastify, @fastify/aws-lambda, SDK": "dist/fastify/",
};

/** The ways to write a batch, and where their bundles lie. */
export const storeWays = {
	[FLOOR]: "dist/floor-store/",
	[OURS]: "../dist/store/",
	"Powertools batch, SDK": "dist/batch/",
};

/** The whole environment of a process that runs one of them. */
export function environmentOf(queue: {
	readonly endpoint: string;
	readonly url: string;
}): Record<string, string | undefined> {
	return {
		PATH: process.env.PATH,
		AWS_REGION: region,
		AWS_ACCESS_KEY_ID: credentials.accessKeyId,
		AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
		AWS_SESSION_TOKEN: "local",
		AWS_ENDPOINT_URL_SQS: queue.endpoint,
		AWS_ENDPOINT_URL_DYNAMODB: queue.endpoint,
		AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
		QUEUE_URL: queue.url,
		DEAD_LETTER_QUEUE_URL: queue.url,
		TABLE_NAME: "messages",
		CALLBACK_TOKEN: TOKEN,
		CALLBACK_TOKEN_DIGESTS: sealSecret(TOKEN),
		POWERTOOLS_SERVICE_NAME: "miaohui-receiver",
		POWERTOOLS_METRICS_NAMESPACE: "miaohui-receiver/prod",
		POWERTOOLS_LOG_LEVEL: "WARN",
	};
}
