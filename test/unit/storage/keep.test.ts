import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Keep, openKeeper } from "../../../lib/storage/keep.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";

let isQueueUp: boolean;
let isTableUp: boolean;
let written: { readonly pk: { readonly S: string } }[];
let keep: Keep;

const server = createServer(async (request, response) => {
	const body = JSON.parse(await text(request));
	if (String(request.headers["x-amz-target"]).startsWith("AmazonSQS")) queue(body, response);
	else table(body, response);
});

function queue({ MessageBody }: { MessageBody: string }, response: ServerResponse): void {
	const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
	if (isQueueUp) response.end(JSON.stringify({ MessageId: "m-1", MD5OfMessageBody }));
	else response.writeHead(500).end("{}");
}

function table({ Item }: { Item?: (typeof written)[number] }, response: ServerResponse): void {
	if (isTableUp && Item !== undefined) written.push(Item);
	response.writeHead(isTableUp ? 200 : 500).end("{}");
}

beforeAll(async () => {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	const port = typeof address === "object" ? address?.port : undefined;
	const endpoint = `http://127.0.0.1:${port}`;
	const aws = { region: "us-east-1", accessKeyId: "a", secretAccessKey: "b" };
	Object.assign(process.env, {
		AWS_REGION: aws.region,
		AWS_ACCESS_KEY_ID: aws.accessKeyId,
		AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
		AWS_ENDPOINT_URL_DYNAMODB: endpoint,
	});
	const queueUrl = `${endpoint}/000000000000/messages`;
	keep = openKeeper({ queueUrl, aws, tableName: "messages", retentionDays: 30 });
});
afterAll(() => {
	server.close();
	server.closeAllConnections();
});

test.each([
	[true, true, { outcome: "queued", sqsMessageId: "m-1" }, [], []],
	[true, false, { outcome: "queued", sqsMessageId: "m-1" }, [], []],
	[false, true, { outcome: "written" }, ["the queue"], ["contact#7881300000000001", "chat#c"]],
	[false, false, { outcome: "lost" }, ["the queue", "the table"], []],
])(
	"with the queue up: %s, and the table: %s, it is %j",
	async (hasQueue, hasTable, kept, failed, rows) => {
		isQueueUp = hasQueue;
		isTableUp = hasTable;
		written = [];
		const failures: string[] = [];
		const envelope = envelopeOf(textMessage({ chatId: "c" }));
		expect(await keep(envelope, (place) => failures.push(place))).toEqual(kept);
		expect(failures).toEqual(failed);
		expect(written.map(({ pk }) => pk.S)).toEqual(rows);
		for (const item of written) {
			expect(item).toMatchObject({ expiresAt: { N: expect.any(String) } });
		}
	},
);
