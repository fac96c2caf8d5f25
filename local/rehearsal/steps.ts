import assert from "node:assert/strict";
import pWaitFor from "p-wait-for";
import { lookAt } from "../../lib/archive/removal.ts";
import { expected, sampleBody, sampleNames } from "../samples.ts";
import type { Step } from "./rehearsal.ts";
import type { Ended, RehearsedStage } from "./stage.ts";

/** How long anything may take that happens by itself. */
const DEADLINE = { interval: 250, timeout: 60_000 };

const firstDeploy: Step = {
	title: "first deploy",
	isGround: true,
	async run(stage) {
		succeeded(await stage.deploy());
		assert.equal(await post(stage, "{}"), 401, "a stranger is refused");
		return { shown: "npm run deploy made the stack, and a stranger gets 401" };
	},
};

const samples: Step = {
	title: "all samples",
	async run(stage) {
		for (const name of sampleNames) {
			const isRefused = expected[`${name}.json`]?.conformance === "unreadable";
			// Some have no token; with a key in the path everything is kept, even what cannot be read.
			const path = isRefused ? "message" : `${stage.key}/message`;
			assert.equal(await post(stage, sampleBody(name), path), isRefused ? 400 : 200, name);
		}
		const wanted = new Map(
			sampleNames
				.filter((name) => expected[`${name}.json`]?.conformance !== "unreadable")
				.map((name) => [
					sampleBody(name).replaceAll(stage.token, ""),
					expected[`${name}.json`]?.conformance,
				]),
		);
		const rows = await rowsWhen(stage, (found) => found.length >= wanted.size);
		assert.deepEqual(
			new Map(rows.map(({ message, conformance }) => [message, conformance])),
			wanted,
		);
		assert.equal(rows.length, wanted.size);
		return {
			shown: `${rows.length} texts are rows to the letter, with the verdict they should have`,
		};
	},
};

const remove: Step = {
	title: "remove",
	async run(stage) {
		succeeded(await stage.command("remove", ["--lose-messages"], `${stage.stage}\n`));
		const { table, waiting, deadLetters } = await lookAt(stage);
		assert.deepEqual([waiting, deadLetters], [undefined, undefined], "the queues are gone");
		assert.notEqual(table, undefined, "the table stays");
		return { shown: `the queues are gone, the table stays with ${table?.rows} rows` };
	},
};

/** All that is rehearsed, in this order. */
export const steps: readonly Step[] = [firstDeploy, samples, remove];

function succeeded({ exitCode, all }: Ended): void {
	assert.equal(exitCode, 0, all);
}

/** @returns the HTTP status. */
async function post(stage: RehearsedStage, body: string, path = "message"): Promise<number> {
	const { status } = await fetch(new URL(path, stage.callbackUrl), { method: "POST", body });
	return status;
}

/** A row as `messages --json` prints it. */
type PrintedRow = Readonly<Record<string, unknown>>;

/** @returns what `npm run messages` prints, each revision of each message, as soon as that is enough. */
async function rowsWhen(
	stage: RehearsedStage,
	isEnough: (rows: readonly PrintedRow[]) => boolean,
): Promise<PrintedRow[]> {
	let rows: PrintedRow[] = [];
	await pWaitFor(async () => {
		rows = await printed(stage, ["--revisions"]);
		return isEnough(rows);
	}, DEADLINE);
	return rows;
}

async function printed(
	stage: RehearsedStage,
	options: readonly string[] = [],
): Promise<PrintedRow[]> {
	const ended = await stage.command("messages", ["--json", ...options]);
	succeeded(ended);
	return ended.stdout
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line));
}
