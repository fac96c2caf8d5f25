import { readState } from "../local/state.ts";

/**
 * Prepares this process to read a stage: the running local stack, or a deployed one with the usual
 * AWS credentials and region.
 *
 * @returns the name of the stage's table.
 * @throws Error in words for a person when the local stack does not run.
 */
export async function enterStage(stage: string): Promise<string> {
	if (stage !== "local") return `miaohui-receiver-${stage}-messages`;
	const state = await readState();
	if (state === undefined)
		throw new Error("the local stack does not run; start it with: npm start");
	Object.assign(process.env, state.environment);
	return state.tableName;
}
