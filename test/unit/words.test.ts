import { describe, expect, test } from "vitest";
import { languageOf } from "../../cli/language.ts";
import { allCorrections } from "../../lib/schema/corrected-schema.ts";
import { languages } from "../../lib/words/languages.ts";
import { latinIn } from "../latin.ts";

/** Every text of a language's words by its path; a function tells its text for some values. */
function textsOf(words: unknown, path: string): [path: string, text: string][] {
	if (typeof words === "string") return [[path, words]];
	if (typeof words === "function") {
		const facts = { stage: "0", silence: 30, pause: 35 };
		const values = path.endsWith(".alarms")
			? [facts]
			: /\.(?:ringing|oneOf)$/.test(path)
				? [["0"]]
				: [];
		return textsOf(words(...values, 1, 2, 3, 4), path);
	}
	return Object.entries(Object(words)).flatMap(([name, word]) => textsOf(word, `${path}.${name}`));
}

test("nothing in the Chinese words is left in English but names", () => {
	const left = textsOf(languages.zh, "zh").flatMap(([path, text]) =>
		latinIn(text).map((run) => `${path}: ${run}`),
	);
	expect(left).toEqual([]);
});

test("each language says all that the English says, in as many texts", () => {
	const paths = (words: unknown): string[] => textsOf(words, "").map(([path]) => path);
	const english = new Set(paths(languages.en));
	for (const words of Object.values(languages)) {
		const own = new Set(paths(words));
		expect([...english].filter((path) => !own.has(path))).toEqual([]);
	}
});

test("each correction is told in Chinese", () => {
	const ids = allCorrections().map(({ id }) => id);
	expect(Object.keys(languages.zh.corrections).toSorted()).toEqual(ids.toSorted());
	for (const { id, confidence } of allCorrections()) {
		const told = languages.zh.corrections[id]?.confidence ?? languages.zh.confidences[confidence];
		expect(told, id).toBeDefined();
	}
});

test("a usage names the same options in each language", () => {
	const optionsOf = (words: unknown): Record<string, string[]> =>
		Object.fromEntries(
			textsOf(words, "")
				.filter(([path]) => path.endsWith(".usage"))
				.map(([path, text]) => [path, (text.match(/--[a-z-]+/g) ?? []).toSorted()]),
		);
	expect(optionsOf(languages.zh)).toEqual(optionsOf(languages.en));
	expect(Object.keys(optionsOf(languages.en)).length).toBeGreaterThan(5);
});

describe("the language of a command", () => {
	test.each([
		[[], {}, "en"],
		[[], { LANG: "zh_CN.UTF-8" }, "zh"],
		[[], { LANG: "zh_CN.UTF-8", LC_ALL: "C" }, "en"],
		[[], { LANG: "C", LC_MESSAGES: "zh_CN" }, "zh"],
		[[], { LANG: "fr_FR.UTF-8" }, "en"],
		[["--lang", "zh"], { LANG: "C" }, "zh"],
		[["--json", "--lang=en"], { LANG: "zh_CN.UTF-8" }, "en"],
		[["--lang"], { LANG: "zh_CN.UTF-8" }, "en"],
		[["--lang", "constructor"], {}, "en"],
	])("%j with %j is %s", (args, environment, language) => {
		expect(languageOf(args, environment)).toBe(language);
	});
});
