import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { denseText, textMessage } from "../test/callbacks.ts";
import { makeCertificates } from "../test/certificates.ts";
import { eventOf } from "../test/event.ts";
import { startFunction } from "./lambda.ts";
import { NO_QUOTA, openQuota, shareOf } from "./quota.ts";
import { number, printMachine, printTable } from "./rounds.ts";
import { BEHAVIOURS, type Behaviour, startTlsServices, type TlsServices } from "./tls-services.ts";
import { environmentOf, TOKEN } from "./ways.ts";

// How long a callback is answered in when the queue fails, and the table answers or fails as well: the
// first one of a process, with the share of a CPU that memory buys, over TLS. Ends with 1 when one of them
// takes the 3 s that are promised, the start included, or is answered otherwise than the contract says.

const PROMISED_MS = 3_000;

const { values } = parseArgs({
	options: {
		runs: { type: "string", default: "3" },
		memory: { type: "string", default: "512" },
	},
});
const memory = Number(values.memory);
const quota = await openQuota();
if (quota === undefined) throw new Error(NO_QUOTA);
const directory = await mkdtemp(join(tmpdir(), "failing-"));
const certificates = await makeCertificates();
const trusted = join(directory, "ca.pem");
await writeFile(trusted, certificates.ca);
const services = new Map<Behaviour, TlsServices>();
for (const behaviour of BEHAVIOURS) {
	services.set(behaviour, await startTlsServices(certificates, behaviour));
}

let sent = 0;
const bodies = {
	usual: () => textMessage({ messageId: `failing-${sent++}`, token: TOKEN }),
	largest: () =>
		textMessage({ messageId: `failing-${sent++}`, token: TOKEN, payload: { text: LONGEST } }),
};
const LONGEST = denseText(900 * 1024 - 500);

const rows: string[][] = [];
let isWell = true;
for (const queue of BEHAVIOURS.filter((behaviour) => behaviour !== "answers")) {
	for (const table of BEHAVIOURS) {
		const row = [`${queue}; ${table}`];
		for (const body of Object.values(bodies)) {
			const starts = [];
			for (let run = 0; run < Number(values.runs); run++) {
				starts.push(await start(queue, table, body()));
			}
			const invoke = Math.max(...starts.map((one) => one.invoke));
			const statuses = new Set(starts.map(({ status }) => status));
			const longest = Math.max(...starts.map((one) => one.init + one.invoke));
			isWell &&= longest < PROMISED_MS;
			isWell &&= [...statuses].join() === (table === "answers" ? "200" : "503");
			row.push(number(Math.max(...starts.map(({ init }) => init))), number(invoke));
			row.push([...statuses].join(", "));
		}
		rows.push(row);
	}
}
printMachine();
console.log(
	`\nThe slowest of ${values.runs} first callbacks with ${memory} MB, ${shareOf(memory).toFixed(2)} of a CPU after the start\n`,
);
printTable(
	["the queue; the table", "init ms", "usual ms", "answer", "init ms", "largest ms", "answer"],
	rows,
);
await quota.close();
for (const service of services.values()) await service.stop();
await rm(directory, { recursive: true, force: true });
if (!isWell) process.exitCode = 1;

function start(queue: Behaviour, table: Behaviour, body: string) {
	const endpoint = services.get(queue)?.endpoint ?? "";
	const environment = {
		...environmentOf({ endpoint, url: `${endpoint}/000000000000/messages` }),
		AWS_ENDPOINT_URL_DYNAMODB: services.get(table)?.endpoint,
		AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memory),
		NODE_EXTRA_CA_CERTS: trusted,
		POWERTOOLS_LOG_LEVEL: "CRITICAL",
	};
	return startFunction("../dist/receive/", environment, eventOf(body), async ({ pid }) =>
		quota?.hold(Number(pid), memory),
	);
}
