import { createRequire } from "node:module";
import type { SQSRecord } from "aws-lambda";
import { packEnvelope } from "../lib/storage/envelope.ts";
import { sampleBody } from "../samples/samples.ts";
import { envelopeOf } from "../test/callbacks.ts";
import { eventOf } from "../test/event.ts";

// A process of its own for one function: its standard output is what CloudWatch Logs would bill.

const [, , key = "", rounds = "", ...names] = process.argv;
const { handler } = createRequire(import.meta.url)(`../dist/${key}/index.cjs`);
const times: number[] = [];

for (let round = 0; round < Number(rounds); round++) {
	const texts = names.map((name) => sampleBody(name).replace(/"timestamp": ?1/, `$&${round}`));
	const events =
		key === "receive" ? texts.map((text) => eventOf(text)) : [{ Records: texts.map(recordOf) }];
	for (const event of events) {
		const begin = performance.now();
		await handler(event, {
			functionName: key,
			awsRequestId: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
		});
		times.push(performance.now() - begin);
	}
}
// The first round is the cold one.
const warm = times.slice(times.length / Number(rounds)).toSorted((a, b) => a - b);
process.stderr.write(
	// The lower quarter, because the machine does other things, too.
	JSON.stringify({ calls: times.length, ms: warm[Math.floor(warm.length / 4)] }),
);

function recordOf(
	text: string,
	index: number,
): Pick<SQSRecord, "messageId" | "body" | "messageAttributes"> {
	const receivedAt = new Date().toISOString();
	const about = { receivedAt, conformance: "corrected", blanked: 1 } as const;
	const { body } = packEnvelope(envelopeOf(text, about));
	return { messageId: String(index), body, messageAttributes: {} };
}
