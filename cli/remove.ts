import { execa } from "execa";
import { readRegion } from "../lib/archive/caller.ts";
import { deleteEmptyQueues, lookAt, planOf, QUIET_MS } from "../lib/archive/removal.ts";
import { projectRoot, serverlessCommand } from "../local/definitions.ts";
import { ask } from "./ask.ts";
import { runCommand, wrongUse } from "./command.ts";
import { words } from "./language.ts";
import { enterStage } from "./stage.ts";

await runCommand({
	name: "remove",
	usage: words.removeCommand.usage,
	options: {
		stage: { type: "string" },
		region: { type: "string" },
		profile: { type: "string" },
		"lose-messages": { type: "boolean", default: false },
	},
	async run({ stage, region, profile, "lose-messages": losesMessages }) {
		if (stage === undefined || stage === "local") {
			throw wrongUse(words.removeCommand.wantsStage);
		}
		const names = await enterStage({ stage, region, profile });
		// Serverless would look for a region elsewhere than the SDK does.
		const there = await readRegion();
		const { text, refusal } = planOf(
			{ stage, region: there },
			names,
			await lookAt(names),
			losesMessages,
			words.removeCommand,
		);
		console.log(text);
		if (refusal !== undefined) throw new Error(refusal);
		if ((await ask(words.removeCommand.ask)) !== stage)
			throw new Error(words.removeCommand.otherName);
		await execa(
			process.execPath,
			[serverlessCommand, "remove", "--stage", stage, "--region", there],
			{ cwd: projectRoot, stdio: "inherit" },
		);
		if (!losesMessages) console.log(words.removeCommand.waits(QUIET_MS / 60_000));
		const left = await deleteEmptyQueues(names, losesMessages);
		// What came while the API was being removed.
		for (const name of left) console.log(words.removeCommand.queueStays(name));
	},
});
