import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import getPort from "get-port";
import { type Console, startConsole } from "../console/server.ts";
import { type Stack, startStack } from "../local/stack.ts";
import { stageOf } from "../local/stage.ts";
import type { Run } from "./dashboard-picture.ts";
import { sendSample, toldBy } from "./told.ts";

const SECONDS = 150;
/** When the table is away, in seconds after the beginning. */
const OUTAGE = [70, 90] as const;
const SAMPLES = ["type7", "type6", "retry", "revision", "twoBots", "future", "type12", "notJson"];
const POINTS = 30;

/** Lets a stack run for a while, with an outage of its table, so that the picture has a run's data. */
async function run(stack: Stack, page: Console): Promise<Run> {
	for (let second = 0; second < SECONDS; second++) {
		if (second === OUTAGE[0]) await stack.table.stop();
		if (second === OUTAGE[1]) await stack.table.start();
		// More in the middle than at the ends, as on a day.
		const messages = Math.round(4 * Math.sin((Math.PI * second) / SECONDS));
		for (let i = 0; i < messages; i++) {
			await sendSample(page.url, SAMPLES[(second * 3 + i) % SAMPLES.length] ?? "");
		}
		await setTimeout(1_000);
	}
	const { dashboard } = await toldBy(page.url, "hours=1&limit=0");
	const graphs = (dashboard?.rows ?? []).flatMap((row) => row.graphs);
	return Object.fromEntries(
		graphs.map(({ title, lines }) => [
			title,
			Object.fromEntries(lines.map(({ label, points }) => [label, points.slice(-POINTS - 1, -1)])),
		]),
	);
}

const directory = await mkdtemp(join(tmpdir(), "dashboard-"));
const stack = await startStack({
	port: await getPort({ host: "127.0.0.1" }),
	engine: "dynalite",
	directory,
	settings: { LOG_LEVEL: "INFO", CALLBACK_TOKENS: "" },
});
Object.assign(process.env, stack.environment);
const page = await startConsole(
	stageOf(stack, { tokens: [], isLogged: true }),
	await getPort({ host: "127.0.0.1" }),
);
try {
	const data = `${JSON.stringify(await run(stack, page))}\n`;
	await writeFile(new URL("dashboard-run.json", import.meta.url), data);
} finally {
	await page.stop();
	await stack.stop();
	await rm(directory, { recursive: true, force: true });
}
