import { createRequire } from "node:module";

// A function in a process of its own, which share.ts holds back after its start, as Lambda does. It is
// told by messages: the parent waits for "ready", then sends one list of events.

const [, , key = ""] = process.argv;
const { handler, ready } = createRequire(import.meta.url)(`../dist/${key}/index.cjs`);
await ready;
process.send?.({ initMs: performance.now() });

process.once("message", async (events: readonly object[]) => {
	const times: number[] = [];
	for (const event of events) {
		const start = performance.now();
		await handler(event, {
			functionName: key,
			awsRequestId: "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
		});
		times.push(performance.now() - start);
	}
	process.send?.({ times });
	process.disconnect();
});
