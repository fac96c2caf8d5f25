import { allCorrections, correctedSchema } from "../lib/schema/corrected-schema.ts";
import { runCommand } from "./command.ts";

const USAGE = `npm run --silent schema            the corrected schema
npm run --silent schema -- --diff  what it corrects of the published one, and on what evidence
`;

await runCommand({
	name: "schema",
	usage: USAGE,
	options: { diff: { type: "boolean", default: false } },
	async run({ diff }) {
		if (!diff) {
			console.log(JSON.stringify(correctedSchema(), null, "\t"));
			return;
		}
		for (const { id, pointer, wrong, fix, evidence, confidence } of allCorrections()) {
			// A key's trailing TAB is the point of many a correction, so it is shown.
			const where = pointer.replace("/properties/data", "…").replaceAll("\t", "\\t");
			console.log(`${id}  ${where}`);
			console.log(`     wrong     ${wrong}\n     fix       ${fix}`);
			console.log(`     evidence  ${evidence} (${confidence})\n`);
		}
	},
});
