import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { execa } from "execa";
import { deleteEmptyQueues, lookAt, planOf } from "../lib/archive/removal.ts";
import { projectRoot, serverlessCommand } from "../local/definitions.ts";
import { enterStage } from "./stage.ts";

const USAGE = `npm run remove -- --stage NAME [--region NAME] [--lose-messages]

Says what goes and what stays, asks for the stage's name, and removes the stack and its empty queues.
With a table of another name (tableName): TABLE_NAME=… before it.
`;

async function main(): Promise<void> {
	const { values } = parseArgs({
		options: {
			stage: { type: "string" },
			region: { type: "string" },
			"lose-messages": { type: "boolean", default: false },
			help: { type: "boolean", default: false },
		},
	});
	const { stage, region, help, "lose-messages": losesMessages } = values;
	if (help || stage === undefined || stage === "local") {
		process.stdout.write(USAGE);
		process.exitCode = help ? 0 : 1;
		return;
	}
	if (region !== undefined) process.env.AWS_REGION = region;
	const names = await enterStage(stage);
	const { text, refusal } = planOf(stage, names, await lookAt(names), losesMessages);
	console.log(text);
	if (refusal !== undefined) throw new Error(refusal);
	const asking = createInterface({ input: process.stdin, output: process.stdout });
	const answer = await asking.question("Type the stage's name to remove it: ");
	asking.close();
	if (answer.trim() !== stage) throw new Error("that is not its name; nothing was removed");
	await execa(
		process.execPath,
		[serverlessCommand, "remove", "--stage", stage, ...(region ? ["--region", region] : [])],
		{ cwd: projectRoot, stdio: "inherit" },
	);
	const left = await deleteEmptyQueues(names, losesMessages);
	// What came while the API was being removed.
	for (const name of left) console.log(`The queue ${name} holds messages, and stays.`);
}

main().catch((error: Error) => {
	console.error(`remove: ${error.message}`);
	process.exit(1);
});
