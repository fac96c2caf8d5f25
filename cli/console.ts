import getPort from "get-port";
import { deployedStage } from "../console/deployed.ts";
import { startConsole } from "../console/server.ts";
import { lookAt } from "../lib/archive/removal.ts";
import { countOf, runCommand, wrongUse } from "./command.ts";
import { words } from "./language.ts";
import { enterStage, stageOptions } from "./stage.ts";

const USAGE = `npm run console -- --stage NAME [options]

Shows a deployed stage in the browser, with your AWS credentials: messages, other callbacks, dead
letters, queues and dashboard. It reads, and sends dead letters back when you say so.

  --port N         of the page, on this machine only (default: 3001, or a free one)
${words.stage.usage}`;

const USUAL_PORT = 3_001;

await runCommand({
	name: "npm run console",
	usage: USAGE,
	options: { ...stageOptions, port: { type: "string" } },
	async run(values) {
		const { stage, port } = values;
		if (stage === "local") {
			throw wrongUse(
				"say which stage: --stage NAME; that of this machine has its page with npm start",
			);
		}
		const wanted = port === undefined ? undefined : countOf("port", port);
		const names = await enterStage(values);
		// What is wrong with the credentials or the stage is told here, not on the page.
		const { table } = await lookAt(names);
		if (!table) throw new Error(`there is no table ${names.tableName} in this account and region`);
		const page = await startConsole(
			deployedStage(stage, names),
			wanted ?? (await getPort({ host: "127.0.0.1", port: USUAL_PORT })),
		);
		for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
			process.once(signal, () => void page.stop().then(() => process.exit()));
		}
		console.log(`Stage ${stage}: ${page.url} (Ctrl-C ends it)`);
	},
});
