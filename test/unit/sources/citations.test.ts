import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { sourcesOf } from "../../sources.ts";

const page = readFileSync(new URL("../../../docs/platform.md", import.meta.url), "utf8");
const sections = new Set(page.matchAll(/^## (.+)$/gm).map((heading) => heading[1]));

/** The sections that a text cites; an empty name for a citation without a section. */
function citedIn(text: string): string[] {
	const unwrapped = text.replace(/\n\s*(?:\*|\/\/)\s?/g, " ");
	return [...unwrapped.matchAll(/\bplatform\.md(?: "([^"]*)")?/g)].map(([, name]) => name ?? "");
}

const citations = sourcesOf(
	["lib", "functions", "cli", "local", "console", "resources"],
	["ts", "tsx", "cjs"],
)
	.filter(({ text }) => text.includes("platform.md"))
	.map(({ file, text }) => ({ file, cited: citedIn(text) }));

test("the sources cite the page", () => {
	expect(citations.flatMap(({ cited }) => cited).length).toBeGreaterThan(9);
});

test.each(citations)("the sections that $file cites exist", ({ cited }) => {
	expect(cited.filter((name) => !sections.has(name))).toEqual([]);
});

describe("what counts as a citation", () => {
	test.each([
		['/** Six (docs/platform.md "Retry"). */', ["Retry"]],
		['\t * as told in docs/platform.md\n\t * "Sibling\n\t * callbacks"', ["Sibling callbacks"]],
		['// docs/platform.md\n// "Retry"', ["Retry"]],
		["// docs/platform.md, at its end", [""]],
		["// no page", []],
	])("%j", (text, cited) => {
		expect(citedIn(text)).toEqual(cited);
	});
});
