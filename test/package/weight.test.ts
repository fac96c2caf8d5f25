import { readdirSync, readFileSync, statSync } from "node:fs";
import { execa } from "execa";
import { expect, test } from "vitest";

// Everything here is paid for at each cold start, and an update of a dependency must not bring more
// unnoticed. A smaller figure is to be entered as well.

const dist = new URL("../../dist/", import.meta.url);

test.each([
	[
		"receive",
		{ "index.mjs": 0, "index.cjs": 134_000, "table.cjs": 333_000, "explained.cjs": 79_000 },
	],
	["store", { "index.mjs": 0, "index.cjs": 401_000 }],
])("bytes of the files of %s, to the next thousand", (key, files) => {
	const folder = new URL(`${key}/`, dist);
	const weighed = readdirSync(folder).map((file) => [
		file,
		Math.round(statSync(new URL(file, folder)).size / 1_000) * 1_000,
	]);
	expect(Object.fromEntries(weighed)).toEqual(files);
});

/** Loads a bundle as Lambda does, and tells what that has loaded: files, and modules of Node itself. */
const LOAD = `
const before = new Set(process.moduleLoadList);
require(process.argv[1]).ready.then(() => {
	const builtIn = process.moduleLoadList.filter((name) => !before.has(name) && name.startsWith("NativeModule"));
	console.log(JSON.stringify({ files: Object.keys(require.cache).length, builtIn }));
	process.exit();
});
`;

test.each([
	["receive", 60],
	["store", 76],
])("modules that the start of %s loads", async (key, count) => {
	const environment = {
		AWS_REGION: "us-east-1",
		AWS_ACCESS_KEY_ID: "a",
		AWS_SECRET_ACCESS_KEY: "b",
		CALLBACK_TOKEN_DIGESTS: "*",
		QUEUE_URL: "http://127.0.0.1/",
		DEAD_LETTER_QUEUE_URL: "http://127.0.0.1/",
		TABLE_NAME: "messages",
		AWS_ENDPOINT_URL_DYNAMODB: "http://127.0.0.1/",
		POWERTOOLS_METRICS_NAMESPACE: "test",
	};
	const bundle = new URL(`${key}/index.cjs`, dist).pathname;
	const { stdout } = await execa(process.execPath, ["--eval", LOAD, bundle], {
		env: { PATH: process.env.PATH, ...environment },
		extendEnv: false,
	});
	const { files, builtIn } = JSON.parse(stdout);
	expect(files).toBe(1);
	expect(builtIn).toHaveLength(count);
});

test.each(["receive/index.cjs", "store/index.cjs"])(
	"%s has no import(): of node:http it would evaluate undici too, 15 ms",
	(file) => {
		expect(readFileSync(new URL(file, dist), "utf8")).not.toMatch(/\bimport\(/);
	},
);
