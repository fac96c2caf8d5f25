import { describe, expect, test } from "vitest";
import { objectionTo, regExpsOf } from "../../regexps.ts";
import { sourcesOf } from "../../sources.ts";

/** The checker tries attacks where it cannot calculate. */
const SLOW_CHECK_MS = 60_000;

const sources = sourcesOf(
	["lib", "functions", "cli", "local", "console", "resources"],
	["ts", "tsx", "cjs"],
).map((source) => ({ ...source, regExps: regExpsOf(source) }));

test("there is something to check, pages and configuration included", () => {
	const extensions = new Set(sources.map(({ file }) => file.split(".").at(-1)));
	expect(extensions).toEqual(new Set(["ts", "tsx", "cjs"]));
	expect(sources.flatMap(({ regExps }) => regExps).length).toBeGreaterThan(20);
});

test.each(sources.filter(({ regExps }) => regExps.length > 0))(
	"no text makes $file slow",
	({ regExps }) => {
		const offences = regExps
			.map(({ at, raw }) => ({ at, raw, objection: objectionTo(raw) }))
			.filter(({ objection }) => objection !== undefined);
		expect(offences.map(({ at, raw, objection }) => `${at} ${raw} ${objection}`)).toEqual([]);
	},
	SLOW_CHECK_MS,
);

describe("what is found", () => {
	const text = [
		"// 汉字 /comment/",
		'const half = (1 / 2) / 3; const word = "/string/";',
		"const generic = <T,>(value: T): RegExp => /^a/gu;",
		"const page = <p title='/text/'>it's / {/(b+)+$/.exec(word)?.[1]} /</p>;",
		"const made = [new RegExp(word), RegExp(/c/.source)];",
	].join("\n");

	test("literals and what is made at run time, with their lines", () => {
		expect(regExpsOf({ file: "x.tsx", text })).toEqual([
			{ at: "x.tsx:3", raw: "/^a/gu" },
			{ at: "x.tsx:4", raw: "/(b+)+$/" },
			{ at: "x.tsx:5", raw: "new RegExp(word)" },
			{ at: "x.tsx:5", raw: "RegExp(/c/.source)" },
			{ at: "x.tsx:5", raw: "/c/" },
		]);
	});

	test("a source that cannot be read is not passed over", () => {
		expect(() => regExpsOf({ file: "x.ts", text: "const = /a/" })).toThrow("x.ts cannot be parsed");
	});
});

const refused = [
	[/(a+)+$/, "slow: exponential"],
	[/^(?:a|a)*$/, "slow: exponential"],
	[/^\s+|\s+$/g, "slow: 2nd degree polynomial"],
	[/\(.*\)$/, "slow: 2nd degree polynomial"],
	[/^.*foo.*bar.*$/, "slow: 3rd degree polynomial"],
	[/(.)\1+$/, "slow: "],
	[/(?=a*b)c/, "slow: "],
	[/(?<=a)b/, "looks behind"],
	[/(?<!\\)"/g, "looks behind"],
	[/[\p{L}--[a-z]]/v, "cannot be checked: invalid"],
	["new RegExp(word)", "made at run time"],
	["RegExp(word)", "made at run time"],
] as const;

test.each(refused)(
	"%s is refused: %s",
	(regExp, objection) => {
		expect(objectionTo(String(regExp))).toContain(objection);
	},
	SLOW_CHECK_MS,
);

const taken = [
	/^\d+$/,
	/[\w-]+/g,
	/("token"\s*:\s*")([^"]*)/g,
	/^(?<first>a+)b*/u,
	/[\p{Cc}\p{Cf}\u2028\u2029]/gu,
	/^[0-9a-f]{64}$/,
];

test.each(taken)(
	"%s is taken",
	(regExp) => {
		expect(objectionTo(String(regExp))).toBeUndefined();
	},
	SLOW_CHECK_MS,
);
