import { printable } from "../lib/message/printable.ts";
import { engineLog, readyPython } from "../local/rehearsal/python.ts";
import { rehearse } from "../local/rehearsal/rehearsal.ts";
import { withEngine } from "../local/rehearsal/stage.ts";
import { steps } from "../local/rehearsal/steps.ts";
import { runCommand, wrongUse } from "./command.ts";

const USAGE = `npm run rehearse

Runs the real deploy against a local AWS (ministack), shows there what is promised, and removes the
stage again. Needs python3, 3.10 or newer, with venv and pip; without it ends with 2. The engine is
installed into .rehearsal/, its log is there, too.
`;

await runCommand({
	name: "rehearse",
	usage: USAGE,
	options: {},
	async run() {
		const { python, lacks } = await readyPython();
		if (python === undefined) throw wrongUse(`not rehearsed: ${lacks}`);
		const failed = await withEngine(python, (stage) =>
			rehearse(stage, steps, (line) => console.log(printable(line))),
		);
		if (failed > 0)
			throw new Error(`${failed} steps failed; ${engineLog} tells what the engine did`);
	},
});
