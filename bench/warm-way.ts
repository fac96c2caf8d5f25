import { createRequire } from "node:module";
import { eventOf } from "../test/event.ts";

// A process of its own for one way: runs callbacks when it is asked to, and tells their CPU time.

/** What a way is asked for. */
export interface Order {
	readonly body: string;
	readonly count: number;
}

const [, , bundle = ""] = process.argv;
const { handler } = createRequire(import.meta.url)(bundle);

process.on("message", async ({ body, count }: Order) => {
	const events = Array.from({ length: count }, () => eventOf(body));
	const before = process.cpuUsage();
	for (const event of events) {
		const context = { functionName: "receive", awsRequestId: event.requestContext.requestId };
		const { statusCode } = await handler(event, context);
		if (statusCode !== 200) throw new Error(`${bundle} answered ${statusCode}`);
	}
	const { user, system } = process.cpuUsage(before);
	process.send?.((user + system) / count);
});
