import { type ChildProcess, fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { denseText, textMessage } from "../test/callbacks.ts";
import { measureRounds, printMachine, printResults } from "./rounds.ts";
import type { Order } from "./warm-way.ts";
import { environmentOf, OURS, TOKEN, ways } from "./ways.ts";

// CPU time of a callback in a process that is warm, the answer of SQS coming at once.

const { values } = parseArgs({ options: { runs: { type: "string", default: "15" } } });

const sqs = createServer(async (request, response) => {
	const { MessageBody } = JSON.parse(await text(request));
	const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
	response.end(JSON.stringify({ MessageId: "m", MD5OfMessageBody }));
});
sqs.keepAliveTimeout = 60_000;
sqs.listen(0, "127.0.0.1");
await once(sqs, "listening");
const address = sqs.address();
if (address === null || typeof address === "string") throw new Error("no port");
const endpoint = `http://127.0.0.1:${address.port}`;

const env = environmentOf({ endpoint, url: `${endpoint}/000000000000/messages` });
const here = fileURLToPath(new URL("warm-way.ts", import.meta.url));
const processes = Object.entries({ "JSON.parse alone": "dist/parse/", ...ways }).map(
	([name, folder]) => {
		const bundle = fileURLToPath(new URL(`${folder}index.cjs`, import.meta.url));
		const child = fork(here, [bundle], { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
		return { name, child };
	},
);

/** @returns CPU microseconds a callback. */
async function ask(child: ChildProcess, order: Order): Promise<number> {
	child.send(order);
	const [took] = await once(child, "message");
	return Number(took);
}

printMachine();
const bodies = {
	"0.6 KB": [600, 400],
	"3 KB": [3_000, 300],
	"100 KB": [100_000, 20],
	"800 KB": [800_000, 4],
};
for (const [size, [bytes = 0, count = 0]] of Object.entries(bodies)) {
	const empty = textMessage({ token: TOKEN, payload: { text: "" } });
	const content = denseText(bytes - Buffer.byteLength(empty));
	const body = textMessage({ token: TOKEN, payload: { text: content } });
	const columns = processes.map(({ name, child }) => ({
		name,
		measure: () => ask(child, { body, count }),
	}));
	const title = `CPU of a callback of ${size}, ${values.runs} rounds of ${count}`;
	printResults(title, "µs", OURS, await measureRounds(columns, Number(values.runs), OURS));
}
for (const { child } of processes) child.kill();
sqs.close();
sqs.closeAllConnections();
