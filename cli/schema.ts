import { parseArgs } from "node:util";
import Table from "cli-table3";
import { allCorrections, correctedSchema } from "../lib/schema/corrected-schema.ts";

const { values } = parseArgs({ options: { diff: { type: "boolean", default: false } } });

if (values.diff) {
	const table = new Table({
		head: ["id", "where", "wrong", "fix", "evidence", "confidence"],
		colWidths: [5, 34, 34, 34, 34, 14],
		wordWrap: true,
		style: { head: [], border: [] },
	});
	for (const { id, pointer, wrong, fix, evidence, confidence } of allCorrections()) {
		// A key's trailing TAB is the point of many a correction, so it is shown.
		const where = pointer.replace("/properties/data", "…").replaceAll("\t", "\\t");
		table.push([id, where, wrong, fix, evidence, confidence]);
	}
	console.log(table.toString());
} else {
	console.log(JSON.stringify(correctedSchema(), null, "\t"));
}
