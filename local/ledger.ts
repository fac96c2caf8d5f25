import { setTimeout } from "node:timers/promises";
import { SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import pMap from "p-map";
import pWaitFor from "p-wait-for";
import { openDeadLetters } from "../lib/archive/dead-letters.ts";
import { countQueue } from "../lib/archive/queue-counts.ts";
import { type Reader, readTable } from "../lib/archive/reader.ts";
import type { StageNames } from "../lib/archive/removal.ts";
import { withText } from "../lib/archive/revisions.ts";
import type { Fault, FaultProxy } from "./fault-proxy.ts";
import { type Delivery, deliveries, randomFrom } from "./ledger-mix.ts";
import {
	BEGIN,
	fillLast,
	fillMeanwhile,
	isOff,
	type Off,
	offOf,
	reconcileHistory,
} from "./ledger-off.ts";
import { type Stack, withStack } from "./stack.ts";
import type { Engine } from "./table-emulator.ts";

/** What was sent, what was said to it, and what became of it. */
export interface Ledger {
	readonly sent: number;
	/** Tries that the platform would have had to repeat. */
	readonly repeated: number;
	readonly acknowledged: number;
	readonly refused: number;
	/** Never acknowledged within the platform's tries. */
	readonly givenUp: number;
	/** Not even tried, because the URL was off. */
	readonly unsent: number;
	/** What the back-fill had to do, if the URL was off. */
	readonly messagesOfPlatform?: number;
	readonly filled?: number;
	readonly backfills?: number;
	readonly historyFaults?: number;
	readonly distinctAcknowledged: number;
	/** One for each distinct body that was acknowledged, or that was given up but had been taken. */
	readonly rows: number;
	readonly rowsOfGivenUp: number;
	readonly redriven: number;
	readonly perSecond: number;
	readonly p50: number;
	readonly p99: number;
	/** Empty when every promise was kept. */
	readonly differences: readonly string[];
}

/** What a ledger is kept of. SDK clients of this process have to be set up for it. */
export interface Receiver extends StageNames {
	readonly callbackUrl: string;
	readonly queueUrl: string;
	readonly deadLetterQueueUrl: string;
}

/** The first try and 5 repetitions (docs/platform.md "Retry"). */
const TRIES = 6;
/** Not published; longer than a fault lasts here, much shorter than a platform would wait. */
const BETWEEN_TRIES_MS = 500;
const CONCURRENCY = 8;
/** Short, so that a run with faults ends soon; deployed it is a minute. */
const VISIBILITY_SECONDS = "2";

/**
 * Sends a mix of callbacks through a stack of its own, while faults come and go if wished, and
 * compares what was acknowledged with what lies in the table.
 *
 * @param options.withOff whether the URL is off for parts of the run, while back-fills fetch what it
 *   misses from a history that fails, too, if `withFaults` says so.
 */
export async function keepLedger(options: {
	readonly messages: number;
	readonly withFaults: boolean;
	readonly withOff?: boolean;
	readonly seed: number;
	readonly engine: Engine;
}): Promise<Ledger & { readonly faults: number }> {
	const { engine, seed, messages, withOff, withFaults } = options;
	return withStack({ engine, withFaults: true }, async (stack) => {
		await stack.queue.client.send(
			new SetQueueAttributesCommand({
				QueueUrl: stack.queueUrl,
				Attributes: { VisibilityTimeout: VISIBILITY_SECONDS },
			}),
		);
		const calm = options.withFaults ? stir(stack, seed) : () => {};
		const { queue, deadLetterQueue } = stack.definitions;
		const receiver = { ...stack, queueName: queue.name, deadLetterQueueName: deadLetterQueue.name };
		const off = withOff ? await offOf(stack, withFaults) : undefined;
		const ledger = await keepLedgerOf(receiver, { messages, seed, off }, calm);
		const { faults } = stack;
		return { ...ledger, faults: (faults?.queue.failed ?? 0) + (faults?.table.failed ?? 0) };
	});
}

/**
 * The same of whatever receives. What its table holds already is no part of it.
 *
 * @param options.off how the URL can be off, if it is to be.
 * @param onSent is called when the last callback has its answer.
 */
export async function keepLedgerOf(
	receiver: Receiver,
	options: { readonly messages: number; readonly seed: number; readonly off?: Off | undefined },
	onSent: () => void = () => {},
): Promise<Ledger> {
	const { messages, seed, off } = options;
	const reader = readTable(receiver.tableName);
	const before = new Set(await keptTexts(reader));
	const filling = off && fillMeanwhile(off, messages, seed);
	const start = performance.now();
	const mix = deliveries(messages, seed, off && BEGIN);
	const outcomes = await pMap(
		mix,
		(one, n) => {
			if (one.path === "message") off?.platform.remember(one.body);
			return off && isOff(n) ? unsent(one) : deliver(receiver, one);
		},
		{ concurrency: CONCURRENCY },
	);
	const seconds = (performance.now() - start) / 1_000;
	onSent();
	const filled = await filling?.stop();
	let redriven = await settle(receiver);
	if (off) {
		await fillLast(off, messages);
		redriven += await settle(receiver);
		// Some of what was not sent comes after all, when the history has already told it.
		const late = outcomes
			.filter(({ verdict }) => verdict === "unsent")
			.filter((_, n) => n % 5 === 0);
		outcomes.push(...(await pMap(late, ({ delivery }) => deliver(receiver, delivery))));
		redriven += await settle(receiver);
	}
	const kept = (await keptTexts(reader)).filter((text) => !before.has(text));
	const { differences, ...found } = reconcile(outcomes, kept);
	const history = off && (await reconcileHistory(off, reader));
	return {
		...{ ...found, ...history, ...filled, redriven, perSecond: messages / seconds },
		differences: [...differences, ...(history?.differences ?? [])],
	};
}

/** The platform has it, but does not try to send it. */
async function unsent(delivery: Delivery): Promise<Outcome> {
	return { delivery, verdict: "unsent", status: 0, tries: 1, took: 0 };
}

interface Outcome {
	readonly delivery: Delivery;
	readonly verdict: "acknowledged" | "refused" | "givenUp" | "unsent";
	readonly status: number;
	readonly tries: number;
	/** Of the last try, in ms. */
	readonly took: number;
}

/** As the platform does: again and again while there is no answer or a 503. */
async function deliver(receiver: Receiver, delivery: Delivery): Promise<Outcome> {
	for (let tries = 1; ; tries++) {
		const start = performance.now();
		const status = await post(receiver, delivery);
		const took = performance.now() - start;
		if (status === 200) return { delivery, verdict: "acknowledged", status, tries, took };
		if (status >= 400 && status < 500) return { delivery, verdict: "refused", status, tries, took };
		if (tries === TRIES) return { delivery, verdict: "givenUp", status, tries, took };
		await setTimeout(BETWEEN_TRIES_MS);
	}
}

async function post({ callbackUrl }: Receiver, { method, path, body }: Delivery): Promise<number> {
	try {
		const init = { method, ...(method !== "GET" && { body }) };
		const { status } = await fetch(new URL(path, callbackUrl), init);
		return status;
	} catch {
		return 0;
	}
}

const FAULTS: readonly (Fault | undefined)[] = [
	...([undefined, undefined, undefined] as const),
	...(["hang", "reset", "refuse", "throttle", "acceptThenHang", "acceptThenReset"] as const),
];

/** Lets faults of queue and table come and go, each for a moment. */
function stir({ faults }: Stack, seed: number): () => void {
	const random = randomFrom(seed + 1);
	const proxies: FaultProxy[] = faults ? [faults.queue, faults.table] : [];
	const timer = setInterval(() => {
		for (const proxy of proxies) proxy.fail(FAULTS[Math.floor(random() * FAULTS.length)]);
	}, 400);
	return () => {
		clearInterval(timer);
		for (const proxy of proxies) proxy.fail();
	};
}

/** Waits until nothing is on its way any more, bringing back what failed too often meanwhile. */
async function settle(receiver: Receiver): Promise<number> {
	const { queueName, deadLetterQueueName, queueUrl, deadLetterQueueUrl } = receiver;
	const client = new SQSClient({ useQueueUrlAsEndpoint: false });
	const deadLetters = openDeadLetters(queueName, deadLetterQueueName);
	const waiting = async (url: string): Promise<number> => (await countQueue(client, url)).all;
	let redriven = 0;
	await pWaitFor(
		async () => {
			if ((await waiting(deadLetterQueueUrl)) > 0) redriven += await deadLetters.redrive();
			return (await waiting(queueUrl)) === 0 && (await waiting(deadLetterQueueUrl)) === 0;
		},
		{ interval: 200, timeout: 300_000 },
	);
	return redriven;
}

/** All that callbacks brought, in the form in which a delivery expects it; with repetitions. */
export async function keptTexts(reader: Reader): Promise<string[]> {
	const kept: string[] = [];
	for await (const page of reader.allRows()) {
		for (const row of page) {
			if (row.origin) continue;
			kept.push((await withText(reader, row).text()) ?? "incomplete");
		}
	}
	for await (const page of reader.callbackRows()) {
		for (const row of page) {
			const text = await withText(reader, row).text();
			kept.push(JSON.stringify([row.method, row.path, row.query, text]));
		}
	}
	return kept;
}

function reconcile(outcomes: readonly Outcome[], kept: readonly string[]) {
	const of = (verdict: Outcome["verdict"]): Outcome[] =>
		outcomes.filter((one) => one.verdict === verdict);
	const acknowledged = new Set(of("acknowledged").map(({ delivery }) => delivery.kept));
	const sent = new Set(outcomes.map(({ delivery }) => delivery.kept));
	const counts = new Map<string, number>();
	for (const text of kept) counts.set(text, (counts.get(text) ?? 0) + 1);
	const quote = (text: string): string => JSON.stringify(text.slice(0, 160));
	const times = of("acknowledged")
		.map(({ took }) => took)
		.sort((a, b) => a - b);
	return {
		sent: outcomes.length,
		repeated: outcomes.reduce((sum, { tries }) => sum + tries - 1, 0),
		acknowledged: of("acknowledged").length,
		refused: of("refused").length,
		givenUp: of("givenUp").length,
		unsent: of("unsent").length,
		distinctAcknowledged: acknowledged.size,
		rows: kept.length,
		rowsOfGivenUp: [...counts.keys()].filter((text) => !acknowledged.has(text)).length,
		p50: times[Math.floor(times.length * 0.5)] ?? 0,
		p99: times[Math.floor(times.length * 0.99)] ?? 0,
		differences: [
			...[...acknowledged]
				.filter((text) => !counts.has(text))
				.map((text) => `lost or altered: ${quote(text)}`),
			...[...counts]
				.filter(([, count]) => count > 1)
				.map(([text]) => `stored twice: ${quote(text)}`),
			...[...counts.keys()]
				.filter((text) => !sent.has(text))
				.map((text) => `never sent: ${quote(text)}`),
			...of("refused")
				.filter(({ delivery, status }) => delivery.refusedWith !== status)
				.map(({ delivery, status }) => `refused with ${status}: ${quote(delivery.body)}`),
			...of("acknowledged")
				.filter(({ delivery }) => delivery.refusedWith !== undefined)
				.map(({ delivery }) => `should have been refused: ${quote(delivery.body)}`),
		],
	};
}
