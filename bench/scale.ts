import { parseArgs } from "node:util";
import { number, printTable } from "./rounds.ts";
import { type Scenario, simulate } from "./scale-model.ts";

// The figures of docs/scale.md.

const { values } = parseArgs({ options: { seed: { type: "string", default: "1" } } });
const seed = Number(values.seed);

const set1000 = { throttleRate: 2_000, throttleBurst: 2_000, storeConcurrency: 20 };
const set10000 = {
	...{ throttleRate: 12_000, storeConcurrency: 200 },
	...{ concurrency: 2_000, warm: 15_000 },
};
const callbacks: readonly Scenario[] = [
	{ name: "10/s, as deployed", rate: 10, seconds: 300 },
	{ name: "10/s, an account with concurrency 10", rate: 10, seconds: 300, concurrency: 10 },
	{ name: "100/s, as deployed", rate: 100, seconds: 300 },
	{ name: "100/s, an account with concurrency 10", rate: 100, seconds: 300, concurrency: 10 },
	{ name: "1,000/s, as deployed", rate: 1_000, seconds: 120 },
	{ name: "1,000/s, set", rate: 1_000, seconds: 300, ...set1000 },
	{
		name: "1,000/s, set but for storeConcurrency",
		rate: 1_000,
		seconds: 300,
		...set1000,
		storeConcurrency: 5,
	},
	{ name: "10,000/s, set", rate: 10_000, seconds: 60, ...set10000 },
	{
		name: "10,000/s, set, concurrency 1,000",
		rate: 10_000,
		seconds: 60,
		...set10000,
		concurrency: 1_000,
	},
	{
		name: "10,000/s, set, the table not warm",
		rate: 10_000,
		seconds: 60,
		...set10000,
		warm: 4_000,
	},
	{ name: "one chat at 900/s, set as for 1,000", rate: 900, seconds: 300, ...set1000, hot: 1 },
	{ name: "one chat at 1,000/s", rate: 1_000, seconds: 300, ...set1000, hot: 1 },
	{ name: "one chat at 1,200/s", rate: 1_200, seconds: 300, ...set1000, hot: 1 },
];
const backlog = { rate: 10, seconds: 60, backlog: 10_000_000 };
const backlogs: readonly Scenario[] = [
	{ name: "as deployed", ...backlog },
	{ name: "storeConcurrency 20", ...backlog, storeConcurrency: 20 },
	{ name: "storeConcurrency 100", ...backlog, storeConcurrency: 100 },
	{
		name: "storeConcurrency 100, warm for 20,000",
		...backlog,
		storeConcurrency: 100,
		warm: 20_000,
	},
];

const whole = (value: number): string => Math.round(value).toLocaleString("en");
const percent = (part: number, all: number): string => `${number((100 * part) / all)} %`;
const duration = (seconds: number): string =>
	seconds < 600
		? `${number(seconds)} s`
		: seconds < 7_200
			? `${whole(seconds / 60)} min`
			: `${number(seconds / 3_600)} h`;

console.log(`Seed ${seed}\n`);
printTable(
	[
		...["", "acknowledged", "429", "503", "ack p50 / p99 ms", "row p50 / p99"],
		...["most waiting", "receives", "stores", "puts throttled", "last row after"],
	],
	callbacks.map((scenario) => {
		const one = simulate(scenario, seed);
		return [
			scenario.name,
			percent(one.acknowledged, one.sent),
			percent(one.tooMany, one.sent),
			percent(one.noRoom, one.sent),
			`${number(one.ack50)} / ${number(one.ack99)}`,
			`${duration(one.row50)} / ${duration(one.row99)}`,
			whole(one.mostWaiting),
			whole(one.mostReceives),
			whole(one.mostStores),
			percent(one.throttledPart, 1),
			duration(one.doneAt),
		];
	}),
);
console.log("\nA backlog of 10 million, and 10 callbacks a second for a minute\n");
printTable(
	["", "gone after", "stores at once", "puts throttled"],
	backlogs.map((scenario) => {
		const one = simulate(scenario, seed);
		return [
			scenario.name,
			duration(one.doneAt),
			whole(one.mostStores),
			percent(one.throttledPart, 1),
		];
	}),
);
