import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import { judge } from "../lib/message/verdict.ts";

// What a verdict costs: CPU per message beside the JSON.parse of the same body, bytes and import
// time of the two validators. Interleaved runs; the minimum and the median are printed.

const RUNS = 15;
const MESSAGES = 50_000;
const body = readFileSync(
	new URL("../samples/t07-text-2025-private.json", import.meta.url),
	"utf8",
);
const documented = readFileSync(
	new URL("../samples/t07-text-verbatim-tabs.json", import.meta.url),
	"utf8",
);

/** Nanoseconds a call. */
function time(call: () => unknown): number {
	const start = process.hrtime.bigint();
	for (let i = 0; i < MESSAGES; i++) call();
	return Number(process.hrtime.bigint() - start) / MESSAGES;
}

function report(name: string, values: number[], unit: string): void {
	const sorted = values.toSorted((a, b) => a - b);
	const [minimum = 0, median = 0] = [sorted[0], sorted[Math.floor(sorted.length / 2)]];
	console.log(`${name.padEnd(58)} min ${minimum.toFixed(2)}  median ${median.toFixed(2)} ${unit}`);
}

const parse: number[] = [];
const corrected: number[] = [];
const asDocumented: number[] = [];
for (let run = 0; run < RUNS; run++) {
	const alone = time(() => JSON.parse(body));
	parse.push(alone / 1_000);
	corrected.push((time(() => judge(JSON.parse(body))) - alone) / 1_000);
	const verbatim = time(() => JSON.parse(documented));
	asDocumented.push((time(() => judge(JSON.parse(documented))) - verbatim) / 1_000);
}
report("JSON.parse of a text message", parse, "µs");
report("verdict on it, both schemas asked (target: 2 over it)", corrected, "µs more");
report("verdict on a documented one", asDocumented, "µs more");

const generated = new URL("../lib/schema/generated/", import.meta.url);
const modules = ["documented.js", "corrected.js"];
const bytes = modules.map(
	(file) =>
		buildSync({
			entryPoints: [fileURLToPath(new URL(file, generated))],
			minify: true,
			bundle: true,
			format: "esm",
			write: false,
		}).outputFiles[0]?.contents.length ?? 0,
);
console.log(`validators, minified (target: 40 KB): ${bytes.join(" + ")} bytes`);

const imports: number[] = [];
for (let run = 0; run < RUNS; run++) {
	const start = performance.now();
	for (const file of modules) await import(new URL(`${file}?${run}`, generated).href);
	imports.push(performance.now() - start);
}
report("import of both (target: 5)", imports, "ms");
