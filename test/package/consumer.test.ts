import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { marshall } from "@aws-sdk/util-dynamodb";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { buildPackage } from "../../build/package.ts";
import { MAX_BODY_BYTES } from "../../lib/intake/body.ts";
import { type Item, itemsOf, type Part } from "../../lib/storage/record.ts";
import { projectRoot } from "../../local/definitions.ts";
import { sampleBody } from "../../samples/samples.ts";
import { denseText, envelopeOf, textMessage } from "../callbacks.ts";

let project: string;

const run = (file: string, input: unknown) =>
	execa("node", [file], { cwd: project, input: JSON.stringify(input), env: { NODE_PATH: "" } });

beforeAll(async () => {
	project = await mkdtemp(join(tmpdir(), "consumer-"));
	await buildPackage();
	const { stdout } = await execa(
		"npm",
		["pack", "--ignore-scripts", "--json", "--pack-destination", project],
		{ cwd: projectRoot },
	);
	const [{ filename }] = JSON.parse(stdout);
	await writeFile(join(project, "package.json"), '{"name":"consumer","private":true}');
	// From its cache npm could take what is not there, so it gets an empty one.
	const options = ["--offline", "--no-audit", "--no-fund", "--cache", join(project, "cache")];
	await execa("npm", ["install", ...options, `./${filename}`], { cwd: project });
	const reading = (load: string): string => `
${load}
let input = "";
process.stdin.on("data", (text) => { input += text; });
process.stdin.on("end", () => {
	const { records, rows } = JSON.parse(input);
	const stored = [
		...records.map(({ record, parts }) => readStreamRecord(record, parts)),
		...rows.map((row) => readRow(row)),
	];
	console.log(JSON.stringify(stored.map((one) => ({ ...one, isCallback: isCallback(one.callback) }))));
});
`;
	const names = "{ isCallback, readRow, readStreamRecord }";
	const name = '"miaohui-receiver/message"';
	await writeFile(join(project, "read.mjs"), reading(`import ${names} from ${name};`));
	await writeFile(join(project, "read.cjs"), reading(`const ${names} = require(${name});`));
});
afterAll(() => rm(project, { recursive: true, force: true }));

/** As Lambda hands an item of the stream out: bytes as Base64. */
function imageOf(item: Item | Part): unknown {
	const image = marshall(item, { removeUndefinedValues: true });
	return Object.fromEntries(
		Object.entries(image).map(([name, value]) => [
			name,
			value.B ? { B: Buffer.from(value.B).toString("base64") } : value,
		]),
	);
}

test.each(["read.mjs", "read.cjs"])(
	"a record of the stream and a row are read with %s",
	async (file) => {
		const spaced = itemsOf(envelopeOf(sampleBody("t07-text-verbatim-tabs"))).row;
		const long = itemsOf(envelopeOf(textMessage({ payload: { text: "长".repeat(9_000) } }))).row;
		const huge = itemsOf(
			envelopeOf(textMessage({ payload: { text: denseText(MAX_BODY_BYTES - 400) } })),
		);
		const parts = huge.parts.map((part) => ({
			...part,
			messageGzip: Buffer.from(part.messageGzip).toString("base64"),
		}));
		const records = [spaced, long, huge.row].map((item) => ({
			record: { eventName: "INSERT", dynamodb: { NewImage: imageOf(item) } },
		}));
		const whole = { ...records[2], parts };
		const removed = { record: { eventName: "REMOVE", dynamodb: { Keys: {} } } };
		const rows = [spaced, huge.parts[0], { pk: "chat#x", sk: "odd" }, null];
		const { stdout } = await run(file, { records: [...records, whole, removed], rows });
		const stored = JSON.parse(stdout);
		const text = { kind: "message", isCallback: true, reading: { type: 7 } };
		expect(stored).toMatchObject([
			{ ...text, text: spaced.message, reading: { contactName: expect.any(String) } },
			{ ...text, callback: { data: { payload: { text: "长".repeat(9_000) } } } },
			{ kind: "incomplete", partKeys: huge.parts.map(({ pk, sk }) => ({ pk, sk })) },
			{ ...text, row: { messageId: huge.row.sk.split("#")[1] } },
			{ kind: "other" },
			{ ...text, text: spaced.message },
			{ kind: "other" },
			{ kind: "other" },
			{ kind: "other" },
		]);
	},
);

test("nothing else is installed, and the types tell what a text holds", async () => {
	const { stdout } = await execa("npm", ["ls", "--all", "--parseable"], { cwd: project });
	expect(stdout.split("\n").slice(1)).toEqual([join(project, "node_modules/miaohui-receiver")]);
	const source = `
import { isCallback, normalize, readStreamRecord } from "miaohui-receiver/message";
const stored = readStreamRecord({});
export const text: string | undefined =
	stored.kind === "message" && isCallback(stored.callback) && stored.callback.data.type === 7
		? stored.callback.data.payload.text
		: undefined;
export const keys: readonly { pk: string; sk: string }[] =
	stored.kind === "incomplete" ? stored.partKeys : [];
export const other: object = normalize({});
// @ts-expect-error: a wrong word does not compile.
stored.kind === "massage";
`;
	await Promise.all(
		["types.mts", "types.cts"].map((file) => writeFile(join(project, file), source)),
	);
	const options = ["--strict", "--noEmit", "--module", "nodenext", "--target", "es2024"];
	const files = [join(project, "types.mts"), join(project, "types.cts")];
	const tsc = join(projectRoot, "node_modules/.bin/tsc");
	await execa(tsc, ["--ignoreConfig", ...options, "--types", "", ...files], { cwd: project });
});
