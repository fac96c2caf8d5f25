import { createHash, createHmac } from "node:crypto";
import { request } from "node:http";
import type { APIGatewayProxyEventV2 } from "aws-lambda";

const { QUEUE_URL = "", AWS_REGION = "", AWS_ACCESS_KEY_ID, AWS_SESSION_TOKEN = "" } = process.env;
const { AWS_SECRET_ACCESS_KEY = "" } = process.env;
const url = new URL(QUEUE_URL);

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer =>
	createHmac("sha256", key).update(text).digest();

/**
 * The sending floor: the least that puts a body on the queue, with nothing of what a receiver has to
 * do. It signs one request by hand and waits for its answer.
 */
export async function handler({ body }: APIGatewayProxyEventV2): Promise<object> {
	const content = JSON.stringify({ QueueUrl: QUEUE_URL, MessageBody: body });
	const time = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
	const scope = `${time.slice(0, 8)}/${AWS_REGION}/sqs/aws4_request`;
	const signed = {
		"content-type": "application/x-amz-json-1.0",
		host: url.host,
		"x-amz-date": time,
		"x-amz-security-token": AWS_SESSION_TOKEN,
		"x-amz-target": "AmazonSQS.SendMessage",
	};
	const names = Object.keys(signed).join(";");
	const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
	const canonical = `POST\n/\n\n${lines.join("")}\n${names}\n${sha256(content)}`;
	const key = [scope.slice(0, 8), AWS_REGION, "sqs", "aws4_request"].reduce<string | Buffer>(
		hmac,
		`AWS4${AWS_SECRET_ACCESS_KEY}`,
	);
	const signature = hmac(
		Buffer.from(key),
		`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`,
	).toString("hex");
	const authorization = `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
	const status = await new Promise<number | undefined>((resolve, reject) => {
		const call = request(new URL("/", url), {
			method: "POST",
			headers: { ...signed, authorization },
		});
		call.on("response", (response) => {
			response.resume().on("end", () => resolve(response.statusCode));
		});
		call.on("error", reject).end(content);
	});
	if (status !== 200) throw new Error(`SQS answered ${status}`);
	return { statusCode: 200, body: '{"errcode":0,"errmsg":"ok"}' };
}
