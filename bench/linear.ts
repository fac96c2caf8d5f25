import { fork } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { SQSRecord } from "aws-lambda";
import { sealSecret } from "../lib/intake/secret.ts";
import { TEXT_ATTRIBUTE } from "../lib/storage/envelope.ts";
import { families, type HostileRequest } from "./families.ts";
import type { Job } from "./linear-way.ts";
import { number, printMachine, printTable } from "./rounds.ts";
import { environmentOf, TOKEN } from "./ways.ts";

// CPU time of both functions for hostile texts, by their length. Ends with 1 when one is out of bounds.

const { values } = parseArgs({
	options: { runs: { type: "string", default: "7" }, only: { type: "string", default: "" } },
});
const SIZES = [100, 200, 400, 900];
/** From one size to the next, of which the last is 2.25 times as long. */
const MOST_GROWTH = 2.5;
/** Times that `JSON.parse` of the same text takes. */
const MOST_BEFORE = 2;
const MOST_AFTER = 3;
/** For hashing, signing and compression, ms. */
const ALLOWANCE = 30;
/** What a request costs beside its text, and the noise of the clock, ms. */
const NOISE = 0.3;

let queued: { MessageBody: string; MessageAttributes?: Record<string, { BinaryValue: string }> };
const sqs = createServer(async (request, response) => {
	queued = JSON.parse(await text(request));
	const MD5OfMessageBody = createHash("md5").update(queued.MessageBody).digest("hex");
	response.end(JSON.stringify({ MessageId: "m", MD5OfMessageBody }));
});
const dynamo = createServer(async (request, response) => {
	await text(request);
	response.setHeader("content-type", "application/x-amz-json-1.0").end("{}");
});

async function listen(server: Server): Promise<string> {
	server.keepAliveTimeout = 60_000;
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("no port");
	return `http://127.0.0.1:${address.port}`;
}

const endpoint = await listen(sqs);
const env = {
	...environmentOf({ endpoint, url: `${endpoint}/000000000000/messages` }),
	DEAD_LETTER_QUEUE_URL: `${endpoint}/000000000000/dead-letters`,
	AWS_ENDPOINT_URL_DYNAMODB: await listen(dynamo),
	// Two tokens, as while one is exchanged, and a key.
	CALLBACK_TOKEN_DIGESTS: [TOKEN, "0123456789abcdef01234567"].map(sealSecret).join(","),
	CALLBACK_KEY_DIGESTS: sealSecret("a-key-of-the-base-url"),
};
const here = fileURLToPath(new URL("linear-way.ts", import.meta.url));
const child = fork(here, {
	env,
	execArgv: ["--expose-gc"],
	stdio: ["ignore", "ignore", "inherit", "ipc"],
});

const ended = once(child, "exit").then(() => Promise.reject(new Error("the functions ended")));
// Unless somebody waits for it, the end is the usual one.
ended.catch(() => undefined);

/** @returns CPU milliseconds a run: the least of several, for what else the machine does only adds. */
async function measure(job: Job, count: number): Promise<number> {
	const times: number[] = [];
	for (let run = 0; run <= Number(values.runs); run++) {
		child.send({ job, count });
		const [took] = await Promise.race([once(child, "message"), ended]);
		if (run > 0) times.push(Number(took));
	}
	return Math.min(...times);
}

function sqsRecord(): SQSRecord {
	const binaryValue = queued.MessageAttributes?.[TEXT_ATTRIBUTE]?.BinaryValue;
	const attributes = {
		ApproximateReceiveCount: "1",
		SentTimestamp: "0",
		SenderId: "",
		ApproximateFirstReceiveTimestamp: "0",
	};
	return {
		...{ messageId: "1", receiptHandle: "", body: queued.MessageBody, attributes },
		messageAttributes:
			binaryValue === undefined ? {} : { [TEXT_ATTRIBUTE]: { dataType: "Binary", binaryValue } },
		...{ md5OfBody: "", eventSource: "aws:sqs", eventSourceARN: "", awsRegion: "us-east-1" },
	};
}

interface Measured {
	readonly parse: number;
	readonly before: number;
	readonly receive: number;
	readonly store: number;
}

/** A URL that API Gateway cannot deliver is refused; so is what makes a body too large. */
function isTaken({ path = "", query = "" }: HostileRequest): boolean {
	return path.length + query.length < 16_384;
}

async function measureAt(family: (typeof families)[number], kilobytes: number): Promise<Measured> {
	// The frame around it, and what a unit leaves over, have to fit as well.
	const bytes = kilobytes * 1_000 - 500;
	const wrong = family.make(bytes, "0123456789abcdef0000wrong");
	const right = family.make(bytes, TOKEN);
	const count = kilobytes < 400 ? 8 : 4;
	const parse = await measure({ kind: "parse", text: right.body }, 4 * count);
	const refused = isTaken(wrong) ? 401 : 413;
	const before = await measure({ kind: "receive", request: wrong, status: refused }, 4 * count);
	const taken = isTaken(right) ? 200 : 413;
	const receive = await measure({ kind: "receive", request: right, status: taken }, count);
	const store = taken === 200 ? await measure({ kind: "store", record: sqsRecord() }, count) : 0;
	return { parse, before, receive, store };
}

function growthsOf(all: readonly Measured[], column: keyof Measured): number[] {
	return all.slice(1).map((one, i) => (one[column] + NOISE) / ((all[i]?.[column] ?? 0) + NOISE));
}

function problemsOf(all: readonly Measured[]): string[] {
	const last = all.at(-1);
	if (last === undefined) return [];
	// With many members `JSON.parse` itself grows more, when V8 makes room for them; a tenth is noise.
	const most = Math.max(MOST_GROWTH, 1.1 * Math.max(...growthsOf(all, "parse")));
	const growths = (["before", "receive", "store"] as const).map((column) => ({
		column,
		growth: Math.max(...growthsOf(all, column)),
	}));
	return [
		...growths
			.filter(({ growth }) => growth > most)
			.map(({ column, growth }) => `${column} grows ${number(growth)} times`),
		...(last.before > MOST_BEFORE * last.parse + NOISE ? ["slow before authentication"] : []),
		...(last.receive > MOST_AFTER * last.parse + ALLOWANCE ? ["receive is slow"] : []),
		...(last.store > MOST_AFTER * last.parse + ALLOWANCE ? ["store is slow"] : []),
	];
}

printMachine();
console.log(`\nCPU ms at ${SIZES.join(", ")} KB, the least of ${values.runs} runs\n`);
const rows: string[][] = [];
for (const family of families.filter(({ name }) => name.includes(values.only))) {
	const all: Measured[] = [];
	for (const size of SIZES) all.push(await measureAt(family, size));
	const column = (name: keyof Measured): string => all.map((one) => number(one[name])).join(" / ");
	const problems = problemsOf(all);
	if (problems.length > 0) process.exitCode = 1;
	rows.push([
		family.name,
		...(["parse", "before", "receive", "store"] as const).map(column),
		problems.join("; ") || "✓",
	]);
}
printTable(["", "JSON.parse", "a stranger's, in receive", "in receive", "in store", ""], rows);
child.kill();
for (const server of [sqs, dynamo]) {
	server.close();
	server.closeAllConnections();
}
