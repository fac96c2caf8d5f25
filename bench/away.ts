import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { environmentWithoutAws } from "../local/environment.ts";
import { denseText, textMessage } from "../test/callbacks.ts";
import { eventOf } from "../test/event.ts";
import { NO_QUOTA, openQuota, shareOf } from "./quota.ts";
import { number, printMachine, printTable } from "./rounds.ts";

// Queue and table both hang: they take the connection and never say a word. The answer has to be 503 within
// 3 s, with the part of a CPU that the deployed memory buys, in a process that has just started and in a
// warm one, for a usual message and for one of the largest. Needs what share.ts needs.

const LONGEST_MS = 3_000;

const { values } = parseArgs({
	options: { memory: { type: "string", default: "512" }, runs: { type: "string", default: "5" } },
});
const memory = Number(values.memory);
const runs = Number(values.runs);
const quota = await openQuota();
if (quota === undefined) throw new Error(NO_QUOTA);

const silent = createServer(() => {}).listen(0, "127.0.0.1");
await once(silent, "listening");
const address = silent.address();
const endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
const env = {
	...environmentWithoutAws(),
	...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" },
	...{ AWS_ENDPOINT_URL_DYNAMODB: endpoint, QUEUE_URL: `${endpoint}/1/messages` },
	...{ CALLBACK_TOKEN_DIGESTS: "*", TABLE_NAME: "messages", POWERTOOLS_LOG_LEVEL: "SILENT" },
	...{ POWERTOOLS_SERVICE_NAME: "receiver", POWERTOOLS_METRICS_NAMESPACE: "receiver/prod" },
};

async function run(
	body: string,
): Promise<{ readonly times: number[]; readonly answers: number[] }> {
	const script = fileURLToPath(new URL("share-function.ts", import.meta.url));
	const child = fork(script, ["receive"], { env, stdio: ["ignore", "ignore", "inherit", "ipc"] });
	await once(child, "message");
	await quota?.hold(Number(child.pid), memory);
	child.send([eventOf(body), eventOf(body), eventOf(body)]);
	const [{ times, answers }] = await once(child, "message");
	child.kill("SIGKILL");
	await once(child, "exit");
	return { times, answers };
}

const rows: string[][] = [];
let isWell = true;
for (const [name, length] of [
	["a usual message", 0],
	["900 KB", 900_000],
] as const) {
	const body = textMessage({ payload: { text: length === 0 ? "你好" : denseText(length) } });
	const all: Awaited<ReturnType<typeof run>>[] = [];
	for (let n = 0; n < runs; n++) all.push(await run(body));
	const [first, later] = [
		all.map(({ times }) => times[0] ?? 0),
		all.flatMap(({ times }) => times.slice(1)),
	];
	const answers = new Set(all.flatMap((one) => one.answers));
	isWell &&= Math.max(...first, ...later) < LONGEST_MS && [...answers].join() === "503";
	rows.push([name, [...answers].join(), number(Math.max(...first)), number(Math.max(...later))]);
}
printMachine();
console.log(`\n${memory} MB, ${shareOf(memory).toFixed(2)} of a CPU, ${runs} processes each\n`);
printTable(["queue and table hang", "answer", "first ms, most", "later ms, most"], rows);
await quota.close();
silent.close();
console.log(isWell ? "within 3 s" : "NOT within 3 s");
process.exit(isWell ? 0 : 1);
