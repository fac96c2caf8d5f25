import { allCorrections, correctedSchema } from "../lib/schema/corrected-schema.ts";
import { runCommand } from "./command.ts";
import { words } from "./language.ts";

await runCommand({
	name: "schema",
	usage: words.schemaCommand.usage,
	options: { diff: { type: "boolean", default: false } },
	async run({ diff }) {
		if (!diff) {
			console.log(JSON.stringify(correctedSchema(), null, "\t"));
			return;
		}
		const heads = words.schemaCommand;
		for (const { id, pointer, ...said } of allCorrections()) {
			const { wrong, fix, evidence, confidence } = { ...said, ...words.corrections[id] };
			// A key's trailing TAB is the point of many a correction, so it is shown.
			const where = pointer.replace("/properties/data", "…").replaceAll("\t", "\\t");
			console.log(`${id}  ${where}`);
			const sure = words.confidences[confidence] ?? confidence;
			console.log(`     ${heads.wrong}${wrong}\n     ${heads.fix}${fix}`);
			console.log(`     ${heads.evidence}${evidence} (${sure})\n`);
		}
	},
});
