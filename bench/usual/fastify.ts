import { SendMessageCommand } from "@aws-sdk/client-sqs";
import awsLambdaFastify from "@fastify/aws-lambda";
import Fastify from "fastify";
import schema from "./generated/message.schema.json" with { type: "json" };
import { client, envelopeOf, isAccepted, queueUrl, TAKEN, WRONG_TOKEN } from "./task.ts";

const app = Fastify({
	bodyLimit: 1024 * 1024,
	ajv: { customOptions: { strict: false, coerceTypes: false, removeAdditional: false } },
});
app.post<{ Body: { data: { token?: string } } }>(
	"/message",
	{ schema: { body: schema } },
	async (request, reply) => {
		if (!isAccepted(request.body.data.token)) return reply.code(401).send(WRONG_TOKEN);
		const MessageBody = envelopeOf(JSON.stringify(request.body));
		await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
		return TAKEN;
	},
);

export const handler = awsLambdaFastify(app);
