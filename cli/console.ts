import getPort from "get-port";
import { deployedStage } from "../console/deployed.ts";
import { startConsole } from "../console/server.ts";
import { lookAt } from "../lib/archive/removal.ts";
import { countOf, runCommand, wrongUse } from "./command.ts";
import { words } from "./language.ts";
import { enterStage, stageOptions } from "./stage.ts";

const USUAL_PORT = 3_001;

await runCommand({
	name: "npm run console",
	usage: words.consoleCommand.usage + words.stage.usage,
	options: { ...stageOptions, port: { type: "string" } },
	async run(values) {
		const { stage, port } = values;
		if (stage === "local") throw wrongUse(words.consoleCommand.wantsStage);
		const wanted = port === undefined ? undefined : countOf("port", port);
		const names = await enterStage(values);
		// What is wrong with the credentials or the stage is told here, not on the page.
		const { table } = await lookAt(names);
		if (!table) throw new Error(words.consoleCommand.noTable(names.tableName));
		const page = await startConsole(
			deployedStage(stage, names),
			wanted ?? (await getPort({ host: "127.0.0.1", port: USUAL_PORT })),
		);
		for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
			process.once(signal, () => void page.stop().then(() => process.exit()));
		}
		console.log(words.consoleCommand.opened(stage, page.url));
	},
});
