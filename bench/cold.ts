import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readDefinitions } from "../local/definitions.ts";
import { startQueueEmulator } from "../local/queue-emulator.ts";
import { textMessage } from "../test/callbacks.ts";
import { makeCertificates } from "../test/certificates.ts";
import { eventOf } from "../test/event.ts";
import { batchOf } from "./batch.ts";
import { type Start, startFunction } from "./lambda.ts";
import prices from "./prices.json" with { type: "json" };
import { NO_QUOTA, openQuota, shareOf } from "./quota.ts";
import { measureRounds, median, number, printMachine, printResults, printTable } from "./rounds.ts";
import { startTlsServices } from "./tls-services.ts";
import { environmentOf, FLOOR, storeWays, TOKEN, ways } from "./ways.ts";

// From the start of a process to its first acknowledged callback, or its first batch: Lambda's own
// runtime client and environment. First without hindrance, with a real send to the local queue. Then
// as Lambda runs it: over TLS, and from the first event on with the share of a CPU that memory buys.

const { values } = parseArgs({
	options: {
		runs: { type: "string", default: "15" },
		memory: { type: "string", default: "512,1024,1769" },
		/** Which tables: `plain`, `receive`, `store`. */
		tables: { type: "string", default: "plain,receive,store" },
	},
});
const runs = Number(values.runs);
const tables = values.tables.split(",");

const directory = await mkdtemp(join(tmpdir(), "cold-"));
let started = 0;
const callback = (): object =>
	eventOf(textMessage({ messageId: `cold-${++started}`, token: TOKEN }));

printMachine();
const quota = await openQuota();
if (tables.includes("plain")) await measurePlain();
const certificates = await makeCertificates();
/** For NODE_EXTRA_CA_CERTS: what to trust beside all that Node trusts anyway. */
const trusted = join(directory, "ca.pem");
await writeFile(trusted, certificates.ca);
const services = await startTlsServices(certificates, "answers");
for (const memory of values.memory.split(",").map(Number)) {
	if (quota === undefined) continue;
	if (tables.includes("receive")) await measureShared("receive", ways, callback, memory);
	if (tables.includes("store")) await measureShared("store", storeWays, () => batchOf(10), memory);
}
if (quota === undefined) console.log(`\nAs Lambda runs it: ${NO_QUOTA}`);
await quota?.close();
await services.stop();
await rm(directory, { recursive: true, force: true });

async function measurePlain(): Promise<void> {
	const queue = await startQueueEmulator(directory);
	const url = await queue.create((await readDefinitions()).queue);
	const environment = environmentOf({ endpoint: queue.endpoint, url });
	const columns = Object.entries({ "empty handler": "dist/empty/", ...ways }).map(
		([name, bundle]) => ({
			name,
			async measure() {
				const { init, invoke } = await startFunction(
					bundle,
					environment,
					callback(),
					async () => undefined,
				);
				return init + invoke;
			},
		}),
	);
	const title = `Cold start to the first acknowledged callback, unhindered, without TLS, ${runs} rounds`;
	printResults(title, "ms", FLOOR, await measureRounds(columns, runs, FLOOR));
	await queue.stop();
}

async function measureShared(
	key: string,
	compared: Readonly<Record<string, string>>,
	event: () => object,
	memory: number,
): Promise<void> {
	const environment = {
		...environmentOf({
			endpoint: services.endpoint,
			url: `${services.endpoint}/000000000000/messages`,
		}),
		AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
		NODE_EXTRA_CA_CERTS: trusted,
	};
	const measured = new Map<string, Start[]>(Object.keys(compared).map((name) => [name, []]));
	for (let round = -1; round < runs; round++) {
		for (const [name, bundle] of Object.entries(compared)) {
			const one = await startFunction(bundle, environment, event(), async ({ pid }) =>
				quota?.hold(Number(pid), memory),
			);
			if (round >= 0) measured.get(name)?.push(one);
		}
	}
	console.log(
		`\nFirst ${key === "receive" ? "callback" : "batch of 10"} with ${memory} MB, ${shareOf(memory).toFixed(2)} of a CPU after the start, over TLS, ${runs} rounds\n`,
	);
	const floor = measured.get(FLOOR) ?? [];
	const together = ({ init, invoke }: Start): number => init + invoke;
	const ratio = (starts: readonly Start[], part: (one: Start) => number): string =>
		number(median(starts.map((one, n) => part(one) / part(floor[n] ?? one))));
	/** Dollars for a million of them; both parts are billed. */
	const price = (starts: readonly Start[], perGbSecond: number): string =>
		number(median(starts.map(together)) * 1e3 * (memory / 1_024) * perGbSecond);
	const { lambdaPerGbSecondArm, lambdaPerGbSecondX86 } = prices["us-east-1"];
	printTable(
		[
			...["", "init ms", "invoke ms", "together", "min", "invoke × floor", "together × floor"],
			...["$ arm64", "$ x86"],
		],
		[...measured].map(([name, starts]) => [
			name,
			number(median(starts.map(({ init }) => init))),
			number(median(starts.map(({ invoke }) => invoke))),
			number(median(starts.map(together))),
			number(Math.min(...starts.map(together))),
			ratio(starts, ({ invoke }) => invoke),
			ratio(starts, together),
			price(starts, lambdaPerGbSecondArm),
			price(starts, lambdaPerGbSecondX86),
		]),
	);
}
