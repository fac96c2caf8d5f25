import { execa } from "execa";
import { countOf, runCommand } from "../cli/command.ts";
import { projectRoot } from "../local/definitions.ts";

const USAGE = `npm run random -- [--seed N] [--times N]

Runs the properties, the interleavings and the ledger with another seed and so many times as often.
  --seed N   the one to repeat (default: a new one)
  --times N  how many times as often (default: 20)
`;

const LARGEST_SEED = 2 ** 31;

await runCommand({
	name: "random",
	usage: USAGE,
	options: {
		seed: { type: "string", default: String(Math.ceil(Math.random() * LARGEST_SEED)) },
		times: { type: "string", default: "20" },
	},
	async run(values) {
		const seed = countOf("seed", values.seed);
		const times = countOf("times", values.times);
		console.log(`seed ${seed}, ${times} times as many runs`);
		const { exitCode = 1 } = await execa(
			"vitest",
			[
				"run",
				"test/unit",
				"test/table",
				"--project",
				"unit",
				"--project",
				"dynalite",
				"--testTimeout=0",
			],
			{
				...{ cwd: projectRoot, preferLocal: true, stdio: "inherit", reject: false },
				env: { SEED: String(seed), TIMES: String(times) },
			},
		);
		process.exitCode = exitCode;
	},
});
