import { askCaller } from "../lib/archive/caller.ts";
import type { StageNames } from "../lib/archive/removal.ts";
import { isLocked } from "../local/lock.ts";
import { localDirectory, readState } from "../local/state.ts";
import { wrongUse } from "./command.ts";
import { words } from "./language.ts";

/** The options of every command that looks into a stage. */
export const stageOptions = {
	stage: { type: "string", default: "local" },
	region: { type: "string" },
	profile: { type: "string" },
} as const;

/**
 * Prepares this process to read a stage: the running local stack, or a deployed one.
 *
 * @returns the names of the stage's table and queues.
 * @throws Error in words for a person when the local stack does not run.
 */
export async function enterStage(values: {
	readonly stage: string;
	readonly region?: string | undefined;
	readonly profile?: string | undefined;
}): Promise<StageNames> {
	const { stage, region, profile } = values;
	const prefix = `miaohui-receiver-${stage}`;
	const names = {
		tableName: nameOfTable(stage, prefix),
		queueName: `${prefix}-messages`,
		deadLetterQueueName: `${prefix}-dead-letters`,
	};
	if (stage !== "local") {
		if (region !== undefined) process.env.AWS_REGION = region;
		if (profile !== undefined) process.env.AWS_PROFILE = profile;
		return names;
	}
	if (region !== undefined || profile !== undefined) {
		throw wrongUse(words.stage.regionIsOfDeployed);
	}
	const state = (await isLocked(localDirectory)) ? await readState() : undefined;
	if (state === undefined) throw new Error(words.stage.localDoesNotRun);
	Object.assign(process.env, state.environment);
	return names;
}

/** @returns what tells a stage from others of its name, in another region or account, whichever way they were said. */
export async function placeOf(stage: string): Promise<string[]> {
	if (stage === "local") return [stage];
	const { account, region } = await askCaller();
	return [stage, region, account];
}

/** A stage that was deployed with `tableName` has a table of another name; the environment says it. */
function nameOfTable(stage: string, prefix: string): string {
	const { TABLE_NAME } = process.env;
	return stage !== "local" && TABLE_NAME ? TABLE_NAME : `${prefix}-messages`;
}
