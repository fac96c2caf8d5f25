import { createInterface } from "node:readline/promises";
import { execa } from "execa";
import { deleteEmptyQueues, lookAt, planOf } from "../lib/archive/removal.ts";
import { projectRoot, serverlessCommand } from "../local/definitions.ts";
import { runCommand, wrongUse } from "./command.ts";
import { enterStage } from "./stage.ts";

const USAGE = `npm run remove -- --stage NAME [--region NAME] [--profile NAME] [--lose-messages]

Says what goes and what stays, asks for the stage's name, and removes the stack and its empty queues.
With a table of another name (tableName): TABLE_NAME=… before it.
`;

await runCommand({
	name: "remove",
	usage: USAGE,
	options: {
		stage: { type: "string" },
		region: { type: "string" },
		profile: { type: "string" },
		"lose-messages": { type: "boolean", default: false },
	},
	async run({ stage, region, profile, "lose-messages": losesMessages }) {
		if (stage === undefined || stage === "local") {
			throw wrongUse("--stage wants the name of a deployed stage");
		}
		const names = await enterStage({ stage, region, profile });
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
	},
});
