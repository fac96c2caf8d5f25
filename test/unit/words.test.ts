import { describe, expect, test } from "vitest";
import { languageOf } from "../../cli/language.ts";
import { allCorrections } from "../../lib/schema/corrected-schema.ts";
import { alarmName, alarmWords } from "../../lib/words/alarm.ts";
import { failure, wordsOfFailure } from "../../lib/words/failure.ts";
import { languages } from "../../lib/words/languages.ts";
import { typeName } from "../../lib/words/type.ts";
import { violationWords } from "../../lib/words/violation.ts";
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

describe("an alarm", () => {
	const facts = { stage: "prod", silence: 30, pause: 35 };

	test("has a name, and says what happened and what to do", () => {
		expect(alarmName("silent", "en")).toBe("No callback");
		expect(alarmWords("silent", facts, "en")).toEqual({
			name: "No callback",
			description: "No callback for 30 minutes. See the alarm silence.",
		});
		expect(alarmWords("silent", undefined, "zh")).toEqual({ name: alarmName("silent", "zh") });
		expect(alarmWords("silent", facts, "zh").description).toMatch(/30.*silence/);
	});

	test("that nobody knows is called by its title", () => {
		for (const title of ["of-another-version", "constructor"]) {
			expect(alarmWords(title, facts, "en")).toEqual({ name: title });
		}
	});
});

test("an error is English, and says the same in another language to who asks", () => {
	const error = failure(({ checks }) => checks.root);
	expect(error.message).toBe(languages.en.checks.root);
	expect(wordsOfFailure(error, languages.zh)).toBe(languages.zh.checks.root);
	for (const cause of [undefined, null, "say", {}]) {
		expect(wordsOfFailure(new Error("no", { cause }), languages.zh)).toBeUndefined();
	}
});

test("a type is called as it is known, or by its number", () => {
	const { page } = languages.en;
	const names = [7, 4_242, undefined].map((type) => typeName(type, page));
	expect(names).toEqual([page.types[7], "Type 4242", "No type"]);
});

test("a violation that has no words of its own is told as it is", () => {
	const told = (text: string) => violationWords(text, languages.en.page);
	expect(told("unexpected RangeError")).toBe(languages.en.page.violation.unexpected("RangeError"));
	expect(told("enum /data/source 9")).toBe(languages.en.page.violation.enum("data.source"));
	expect(told("enum /data/type")).toBe(languages.en.page.violation.enum("data.type"));
	expect(told("minimum /data/a~1b/m~01 >= 5")).toBe(
		languages.en.page.violation.other("data.a/b.m~1", "minimum >= 5"),
	);
	expect(told("type /data/x odd,number")).toContain("odd, ");
	expect(told("required /data/x 4242")).toBe(
		languages.en.page.violation.required("data.x", "4242"),
	);
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
