import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { Ajv } from "ajv";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import schema from "./generated/message.schema.json" with { type: "json" };
import {
	client,
	envelopeOf,
	isAccepted,
	queueUrl,
	TAKEN,
	WRONG_SHAPE,
	WRONG_TOKEN,
} from "./task.ts";

const validate = new Ajv({ strict: false }).compile<{ data: { token?: string } }>(schema);

const app = new Hono();
app.post("/message", async (context) => {
	const text = await context.req.text();
	const message: unknown = JSON.parse(text);
	if (!validate(message)) return context.json(WRONG_SHAPE, 400);
	if (!isAccepted(message.data.token)) return context.json(WRONG_TOKEN, 401);
	await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: envelopeOf(text) }));
	return context.json(TAKEN);
});

export const handler = handle(app);
