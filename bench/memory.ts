import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { execa } from "execa";
import { packEnvelope, TEXT_ATTRIBUTE } from "../lib/storage/envelope.ts";
import { readDefinitions } from "../local/definitions.ts";
import { emulatorSettings, environmentWithoutAws } from "../local/environment.ts";
import { startQueueEmulator } from "../local/queue-emulator.ts";
import { startTableEmulator } from "../local/table-emulator.ts";
import { denseText, envelopeOf, textMessage } from "../test/callbacks.ts";

// What the functions need: the peak of their memory and the time of an invocation, with usual bodies
// and with the largest that are taken. memorySize and timeout of serverless.yml follow from it.

const INVOCATIONS = 200;
const BODIES = { usual: 0, largest: 900 * 1024 - 400 };

const [, , functionKey, size] = process.argv;
if (functionKey === undefined) await measureAll();
else await measure(functionKey, Number(size));

async function measureAll(): Promise<void> {
	const directory = await mkdtemp(join(tmpdir(), "memory-"));
	const [definitions, queue, table] = await Promise.all([
		readDefinitions(),
		startQueueEmulator(join(directory, "queue")),
		startTableEmulator("dynalite", join(directory, "table")),
	]);
	const queueUrl = await queue.create(definitions.queue);
	await table.create(definitions.table);
	const env = {
		...environmentWithoutAws(),
		...emulatorSettings({ queueEndpoint: queue.endpoint, tableEndpoint: table.endpoint }),
		QUEUE_URL: queueUrl,
		DEAD_LETTER_QUEUE_URL: queueUrl,
		CALLBACK_TOKEN_DIGESTS: "*",
		TABLE_NAME: definitions.table.TableName ?? "",
		POWERTOOLS_METRICS_DISABLED: "true",
	};
	for (const key of ["receive", "store"]) {
		for (const [name, bytes] of Object.entries(BODIES)) {
			const { stdout } = await execa(
				process.execPath,
				[fileURLToPath(import.meta.url), key, String(bytes)],
				{
					env,
					extendEnv: false,
				},
			);
			console.log(`${key.padEnd(8)} ${name.padEnd(8)} ${stdout.split("\n").at(-1)}`);
		}
	}
	await queue.stop();
	await table.stop();
	await rm(directory, { recursive: true, force: true });
}

async function measure(key: string, bytes: number): Promise<void> {
	const { handler } = createRequire(import.meta.url)(`../dist/${key}/index.cjs`);
	const eventOf = key === "receive" ? callbackEvent : batchEvent;
	const times: number[] = [];
	for (let i = 0; i < INVOCATIONS; i++) {
		const event = eventOf(i, bytes);
		const start = performance.now();
		await handler(event, { functionName: key, awsRequestId: String(i) });
		times.push(performance.now() - start);
	}
	times.sort((a, b) => a - b);
	const peak = (process.resourceUsage().maxRSS / 1024).toFixed(0);
	const [median = 0, slowest = 0] = [times[INVOCATIONS / 2], times.at(-1)];
	console.log(`peak ${peak} MB  median ${median.toFixed(1)} ms  slowest ${slowest.toFixed(1)} ms`);
}

function textOf(i: number, bytes: number): string {
	return textMessage({ messageId: `m${i}`, payload: { text: denseText(bytes) } });
}

function callbackEvent(i: number, bytes: number): object {
	return {
		body: textOf(i, bytes),
		isBase64Encoded: false,
		rawPath: "/message",
		rawQueryString: "",
		headers: {},
		requestContext: { timeEpoch: Date.now(), http: { method: "POST" } },
	};
}

/** The batch that Lambda hands over at most: ten messages, or 6 MB. */
function batchEvent(i: number, bytes: number): object {
	const count = bytes === 0 ? 10 : 5;
	const Records = Array.from({ length: count }, (_, n) => {
		const about = { receivedAt: new Date().toISOString(), conformance: "corrected" } as const;
		const { body, compressedText } = packEnvelope(envelopeOf(textOf(i * count + n, bytes), about));
		const binaryValue = compressedText && Buffer.from(compressedText).toString("base64");
		return {
			messageId: `${i}-${n}`,
			body,
			messageAttributes: binaryValue ? { [TEXT_ATTRIBUTE]: { binaryValue } } : {},
		};
	});
	return { Records };
}
