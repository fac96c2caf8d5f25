import { readState } from "../local/state.ts";

/** What the parts of a stage are called; `serverless.yml` names them so. */
export interface StageNames {
	readonly tableName: string;
	readonly queueName: string;
	readonly deadLetterQueueName: string;
}

/**
 * Prepares this process to read a stage: the running local stack, or a deployed one with the usual
 * AWS credentials and region.
 *
 * @returns the names of the stage's table and queues.
 * @throws Error in words for a person when the local stack does not run.
 */
export async function enterStage(stage: string): Promise<StageNames> {
	const prefix = `miaohui-receiver-${stage}`;
	const names = {
		tableName: nameOfTable(stage, prefix),
		queueName: `${prefix}-messages`,
		deadLetterQueueName: `${prefix}-dead-letters`,
	};
	if (stage !== "local") return names;
	const state = await readState();
	if (state === undefined)
		throw new Error("the local stack does not run; start it with: npm start");
	Object.assign(process.env, state.environment);
	return names;
}

/** A stage that was deployed with `tableName` has a table of another name; the environment says it. */
function nameOfTable(stage: string, prefix: string): string {
	const { TABLE_NAME } = process.env;
	return stage !== "local" && TABLE_NAME ? TABLE_NAME : `${prefix}-messages`;
}
