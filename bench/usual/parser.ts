import { parse } from "@aws-lambda-powertools/parser";
import { JSONStringified } from "@aws-lambda-powertools/parser/helpers";
import { APIGatewayProxyEventV2Schema } from "@aws-lambda-powertools/parser/schemas";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { z } from "zod";
import {
	client,
	envelopeOf,
	isAccepted,
	queueUrl,
	TAKEN,
	WRONG_SHAPE,
	WRONG_TOKEN,
} from "./task.ts";

const word = z.string().nullish();
const message = z.looseObject({
	data: z.looseObject({
		messageId: z.string(),
		chatId: z.string(),
		botId: word,
		botWxid: word,
		contactId: word,
		contactName: word,
		roomId: word,
		roomTopic: word,
		externalUserId: word,
		token: z.string().optional(),
		type: z.number().int(),
		timestamp: z.union([z.number(), z.string()]),
		isSelf: z.boolean().optional(),
		source: z.number().nullish(),
		payload: z.looseObject({
			text: z.string().optional(),
			content: word,
			imageUrl: word,
			voiceUrl: word,
			fileUrl: word,
			duration: z.number().optional(),
			name: word,
			size: z.union([z.number(), z.string()]).nullish(),
		}),
	}),
});

const schema = APIGatewayProxyEventV2Schema.extend({ body: JSONStringified(message) });

export async function handler(
	event: APIGatewayProxyEventV2,
): Promise<APIGatewayProxyStructuredResultV2> {
	const result = parse(event, undefined, schema, true);
	if (!result.success) return { statusCode: 400, body: JSON.stringify(WRONG_SHAPE) };
	const { body } = result.data;
	if (!isAccepted(body.data.token)) {
		return { statusCode: 401, body: JSON.stringify(WRONG_TOKEN) };
	}
	const MessageBody = envelopeOf(JSON.stringify(body));
	await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
	return { statusCode: 200, body: JSON.stringify(TAKEN) };
}
