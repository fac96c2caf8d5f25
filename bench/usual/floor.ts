import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { openCall } from "./signed-call.ts";

const { QUEUE_URL = "" } = process.env;
const send = openCall("sqs", "AmazonSQS.SendMessage", "1.0", new URL(QUEUE_URL));

/**
 * The sending floor: the least that puts a body on the queue, with nothing of what a receiver has to
 * do. It signs one request by hand and waits for its answer.
 */
export async function handler({ body }: APIGatewayProxyEventV2): Promise<object> {
	await send({ QueueUrl: QUEUE_URL, MessageBody: body });
	return { statusCode: 200, body: '{"errcode":0,"errmsg":"ok"}' };
}
