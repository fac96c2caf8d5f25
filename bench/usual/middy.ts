import { SendMessageCommand } from "@aws-sdk/client-sqs";
import middy from "@middy/core";
import httpErrorHandler from "@middy/http-error-handler";
import httpJsonBodyParser from "@middy/http-json-body-parser";
import validator from "@middy/validator";
import { transpileSchema } from "@middy/validator/transpile";
import type { APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import schema from "./generated/message.schema.json" with { type: "json" };
import { client, envelopeOf, isAccepted, queueUrl, TAKEN, WRONG_TOKEN } from "./task.ts";

const eventSchema = transpileSchema(
	{ type: "object", required: ["body"], properties: { body: schema } },
	{ strict: false, coerceTypes: false, useDefaults: false },
);

export const handler = middy()
	.use(httpJsonBodyParser())
	.use(validator({ eventSchema }))
	.use(httpErrorHandler({ logger: false }))
	.handler(async ({ body }: { body?: unknown }): Promise<APIGatewayProxyStructuredResultV2> => {
		if (!isAccepted(Object(body).data.token)) {
			return { statusCode: 401, body: JSON.stringify(WRONG_TOKEN) };
		}
		const MessageBody = envelopeOf(JSON.stringify(body));
		await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
		return { statusCode: 200, body: JSON.stringify(TAKEN) };
	});
