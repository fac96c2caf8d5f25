import { printable } from "../lib/message/printable.ts";
import { engineLog, readyPython } from "../local/rehearsal/python.ts";
import { rehearse } from "../local/rehearsal/rehearsal.ts";
import { withEngine } from "../local/rehearsal/stage.ts";
import { steps } from "../local/rehearsal/steps.ts";
import { runCommand, wrongUse } from "./command.ts";
import { words } from "./language.ts";

await runCommand({
	name: "rehearse",
	usage: words.rehearseCommand.usage,
	options: {},
	async run() {
		const { python, lacks } = await readyPython();
		if (python === undefined) throw wrongUse(words.rehearseCommand.lacks(lacks));
		const failed = await withEngine(python, (stage) =>
			rehearse(stage, steps, (line) => console.log(printable(line))),
		);
		if (failed > 0) throw new Error(words.rehearseCommand.failed(failed, engineLog));
	},
});
