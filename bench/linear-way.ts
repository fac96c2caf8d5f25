import { createRequire } from "node:module";
import type { SQSRecord } from "aws-lambda";
import { eventOf } from "../test/event.ts";
import type { HostileRequest } from "./families.ts";

// A process of its own: runs the functions' bundles on one text, and tells their CPU time.

/** What is asked for: the parse alone, receive with a request, or store with what receive has queued. */
export type Job =
	| { readonly kind: "parse"; readonly text: string }
	| { readonly kind: "receive"; readonly request: HostileRequest; readonly status: number }
	| { readonly kind: "store"; readonly record: SQSRecord };

const require = createRequire(import.meta.url);
const receive = require("../dist/receive/index.cjs").handler;
const store = require("../dist/store/index.cjs").handler;
const context = { functionName: "bench", awsRequestId: "1" };

async function run(job: Job): Promise<void> {
	if (job.kind === "parse") {
		JSON.parse(job.text);
		return;
	}
	if (job.kind === "store") {
		const { batchItemFailures } = await store({ Records: [job.record] }, context);
		if (batchItemFailures.length > 0) throw new Error("not stored");
		return;
	}
	const { body, path = "/message", query = "" } = job.request;
	const event = { ...eventOf(body), rawPath: path, rawQueryString: query };
	const { statusCode } = await receive(event, context);
	if (statusCode !== job.status) throw new Error(`answered ${statusCode}, not ${job.status}`);
}

process.on("message", async ({ job, count }: { job: Job; count: number }) => {
	// What one run leaves behind is not to be cleared away in the next.
	globalThis.gc?.();
	const before = process.cpuUsage();
	for (let n = 0; n < count; n++) await run(job);
	const { user, system } = process.cpuUsage(before);
	process.send?.((user + system) / count / 1_000);
});
