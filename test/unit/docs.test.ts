import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import bench from "../../bench/package.json" with { type: "json" };
import { MAX_BODY_BYTES } from "../../lib/intake/body.ts";
import { refusals } from "../../lib/intake/reply.ts";
import { STORING_SHARDS } from "../../lib/storage/row.ts";
import { languages } from "../../lib/words/languages.ts";
import root from "../../package.json" with { type: "json" };
import { alarmTable } from "../../resources/alarms.ts";
import { parameters, readSettings } from "../../resources/parameters.ts";
import { readQuietHours } from "../../resources/quiet-hours.ts";

const PAGES = [
	"README",
	...["platform", "operations", "record", "schemas", "commands", "scale"].map(
		(name) => `docs/${name}`,
	),
];
const LONGEST_README = 120;

const pairs = PAGES.map((name) => ({
	name,
	en: pageOf(`${name}.md`),
	zh: pageOf(`${name}.zh-CN.md`),
}));
const pages = pairs.flatMap(({ en, zh }) => [en, zh]);

interface Page {
	readonly file: string;
	readonly text: string;
	/** The text without its code blocks. */
	readonly prose: string;
	readonly blocks: readonly string[];
}

function pageOf(file: string): Page {
	const text = readFileSync(file, "utf8");
	const blocks = [...text.matchAll(/^ *```\w*\n(.*?)^ *```$/gms)].map(([, block = ""]) => block);
	return { file, text, blocks, prose: text.replaceAll(/^ *```\w*\n.*?^ *```$/gms, "") };
}

/** What a line of a shell does; its comment may be in any language. */
const commandsOf = ({ blocks }: Page): string[] =>
	blocks.map((block) => block.replaceAll(/\s+(?:#|\/\/) .*$/gm, ""));

/** Rows and columns of each table; a bar in code is none of a column. */
function tablesOf({ prose }: Page): string[] {
	const tables = prose.match(/(?:^\|.*\|\n)+/gm) ?? [];
	return tables.map((table) => {
		const rows = table.trim().split("\n");
		const columns = rows.map((row) => row.replaceAll(/`[^`]*`/g, "").split("|").length - 2);
		return `${rows.length} × ${[...new Set(columns)].join()}`;
	});
}

/** What stands as code within sentences: names, values, commands. */
const codeOf = ({ prose }: Page): string[] =>
	[...new Set([...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code))].toSorted();

/** As GitHub makes the anchor of a heading. */
function anchorsOf(text: string): Set<string> {
	const headings = text.replaceAll(/^```.*?^```$/gms, "").matchAll(/^#+ (.+)$/gm);
	return new Set(
		[...headings].map(([, heading = ""]) =>
			heading
				.replaceAll(/`|\*|\[([^\]]*)\]\([^)]*\)/g, "$1")
				.toLowerCase()
				.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
				.replaceAll(" ", "-"),
		),
	);
}

describe.each(pairs)("$name in both languages", ({ en, zh }) => {
	test("each leads to the other in its first line", () => {
		const [own, other] = [en, zh].map(({ file }) => file.split("/").at(-1));
		expect(en.text.split("\n")[0]).toBe(`English · [中文](${other})`);
		expect(zh.text.split("\n")[0]).toBe(`[English](${own}) · 中文`);
	});

	test("the same headings by number", () => {
		const levels = ({ prose }: Page): string[] => prose.match(/^#+(?= )/gm) ?? [];
		expect(levels(zh)).toEqual(levels(en));
	});

	test("the same code blocks", () => {
		expect(commandsOf(zh)).toEqual(commandsOf(en));
	});

	test("the same tables' shape", () => {
		expect(tablesOf(zh)).toEqual(tablesOf(en));
	});

	test("the same names and commands within sentences", () => {
		expect(codeOf(zh)).toEqual(codeOf(en));
	});

	test("the same links", () => {
		const links = ({ prose }: Page): string[] =>
			[...prose.matchAll(/\]\(([^)#]*)[^)]*\)/g)]
				.map(([, link = ""]) => link.replace(/(\.zh-CN)?\.md$/, ".md").replace("-zh", "-en"))
				.toSorted();
		expect(links(zh)).toEqual(links(en));
	});
});

test.each(pages)("no link of $file is dead", ({ file, prose }) => {
	const dead = [...prose.matchAll(/\]\(([^)]+)\)/g)].flatMap(([, link = ""]) => {
		if (link.startsWith("https://")) return [];
		const [path = "", anchor] = link.split("#");
		const target = path === "" ? file : join(dirname(file), path);
		if (!existsSync(target)) return [link];
		const isThere = anchor === undefined || anchorsOf(readFileSync(target, "utf8")).has(anchor);
		return isThere ? [] : [link];
	});
	expect(dead).toEqual([]);
});

/** Options of programs that are not ours: npm, Serverless, AWS's and this page's own examples. */
const FOREIGN = /^--(?:param|silent|overwrite|help|warm-throughput)$/;

test.each(pages)("every command and option that $file names exists", ({ file, text }) => {
	const scripts = new Set([...Object.keys(root.scripts), ...Object.keys(bench.scripts)]);
	const named = [...text.matchAll(/npm run (?:--silent )?([a-z-]+)/g)].map(([, name = ""]) => name);
	expect(
		named.filter((name) => !scripts.has(name)),
		file,
	).toEqual([]);
	const options = new Set(
		["cli", "test", "bench"].flatMap((folder) =>
			sources(folder).flatMap((source) => [
				...[...source.matchAll(/"?([a-z-]+)"?: \{ type: "/g)].map(([, name]) => `--${name}`),
			]),
		),
	);
	const ours = text.replaceAll(/`?aws [^`\n]*/g, "").matchAll(/(?<![\w-])--[a-z][a-z-]+/g);
	const unknown = [...ours].map(([name]) => name).filter((name) => !options.has(name));
	expect(unknown.filter((name) => !FOREIGN.test(name))).toEqual([]);
});

function sources(folder: string): string[] {
	return readdirSync(folder, { recursive: true })
		.map(String)
		.filter((name) => name.endsWith(".ts") && !name.includes("node_modules"))
		.map((name) => readFileSync(join(folder, name), "utf8"));
}

test.each(pairs.filter(({ name }) => name === "README"))("$name is short", ({ en, zh }) => {
	for (const { text } of [en, zh]) {
		expect(text.split("\n").length - 1).toBeLessThanOrEqual(LONGEST_README);
	}
});

test("the alarms are those of the template, in each language", () => {
	const operations = pairs.find(({ name }) => name === "docs/operations");
	const quietHours = readQuietHours("22:00-08:00 Asia/Shanghai", 2026);
	const all = { silenceMinutes: 30, quietHours, history: {} };
	expect(operations?.en.text).toContain(alarmTable(all, languages.en));
	expect(operations?.zh.text).toContain(alarmTable(all, languages.zh));
});

test.each(pairs)("the figures of $name's tables are the same in both languages", ({ en, zh }) => {
	const alarms = /^\| `(?:[a-z]+-)*[a-z]+` \|.*\|.*\|.*\|$/;
	const figures = ({ prose }: Page): string[] =>
		(prose.match(/^\|.*\|$/gm) ?? [])
			.filter((row) => !alarms.test(row))
			.map((row) => (row.match(/\d[\d,.]*\d|\d/g) ?? []).toSorted().join(" "));
	expect(figures(zh)).toEqual(figures(en));
});

const serverless = readFileSync("serverless.yml", "utf8");
const queues = readFileSync("resources/queues.yml", "utf8");

test.each([
	["README", `${MAX_BODY_BYTES / 1_024} KiB`],
	["README", `${Number(/MessageRetentionPeriod: (\d+)/.exec(queues)?.[1]) / 86_400} `],
	["docs/record", `${MAX_BODY_BYTES / 1_024} KiB`],
	["docs/record", ` ${STORING_SHARDS.length} `],
	["docs/operations", `${/memorySize: (\d+)/.exec(serverless)?.[1]} MB`],
	["docs/operations", Number(/maxReceiveCount: (\d+)/.exec(queues)?.[1]).toLocaleString("en")],
	["docs/operations", `${parameters.throttleRate.fallback}/s`],
	["docs/scale", `${parameters.throttleBurst.fallback}`],
])("%s says %j, as its source does", (name, figure) => {
	const pair = pairs.find((one) => one.name === name);
	for (const page of [pair?.en, pair?.zh]) expect(page?.text, page?.file).toContain(figure);
});

test("the README has every answer of the contract", () => {
	const { en, zh } = pairs[0] ?? {};
	for (const { status, errcode } of Object.values(refusals)) {
		if (errcode === refusals.unrecognized.errcode) continue;
		for (const page of [en, zh]) expect(page?.text).toContain(`| ${status} | ${errcode} |`);
	}
});

test("each parameter has its default in both languages", () => {
	const operations = pairs.find(({ name }) => name === "docs/operations");
	for (const [name, { fallback }] of Object.entries(parameters)) {
		for (const [page, none] of [
			[operations?.en, "none"],
			[operations?.zh, "无"],
		] as const) {
			const row = page?.text.split("\n").find((line) => line.startsWith(`| \`${name}\` |`));
			expect(row?.split(" | ")[1]?.replaceAll("`", ""), name).toBe(fallback || none);
		}
	}
});

test("what docs/scale advises to set may be set", () => {
	const scale = pairs.find(({ name }) => name === "docs/scale");
	const rows = (scale?.en.text ?? "").matchAll(/`([a-zA-Z]+)` ([\d,]+)/g);
	const given = [...rows]
		.filter(([, name = ""]) => Object.hasOwn(parameters, name))
		.map(([, name, value = ""]) => `${name}=${value.replaceAll(",", "")}`);
	expect(given.length).toBeGreaterThan(5);
	const problems = given.flatMap((one) => readSettings([one], {}, "p").problems);
	expect(problems).toEqual([]);
});

test("the platform's words, and no others for the same", () => {
	const others = /聊天室|群组|好友|机器人账号|回调 ?URL|回调链接|小程式|应用号|会话框|停用/g;
	const words =
		readFileSync("lib/words/zh.ts", "utf8") + readFileSync("lib/words/page/zh.ts", "utf8");
	for (const text of [words, ...pairs.map(({ zh }) => zh.text)]) {
		expect(text.match(others)).toBeNull();
	}
});
