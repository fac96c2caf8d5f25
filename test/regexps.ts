import { parseSync, Visitor } from "oxc-parser";
import { checkSync } from "recheck";
import type { Source } from "./sources.ts";

// The checker's other ways are a Java and a native process.
process.env.RECHECK_BACKEND = "pure";

/** The regular expressions of a source, as they are written, and where. */
export function regExpsOf({ file, text }: Source): readonly { at: string; raw: string }[] {
	const { program, errors } = parseSync(file, text);
	if (errors[0] !== undefined) throw new Error(`${file} cannot be parsed: ${errors[0].message}`);
	const found: { start: number; end: number }[] = [];
	const constructed = ({ callee, start, end }: Constructed): void => {
		if (callee.type === "Identifier" && callee.name === "RegExp") found.push({ start, end });
	};
	new Visitor({
		Literal: (node) => {
			if ("regex" in node) found.push(node);
		},
		NewExpression: constructed,
		CallExpression: constructed,
	}).visit(program);
	return found
		.sort((a, b) => a.start - b.start)
		.map(({ start, end }) => ({
			at: `${file}:${text.slice(0, start).split("\n").length}`,
			raw: text.slice(start, end),
		}));
}

interface Constructed {
	readonly callee: { readonly type: string; readonly name?: unknown };
	readonly start: number;
	readonly end: number;
}

/**
 * Why a regular expression must not meet a text that someone else wrote.
 *
 * @param raw as it is written in a source.
 * @returns undefined when its time is linear in the length of every text.
 */
export function objectionTo(raw: string): string | undefined {
	if (!raw.startsWith("/")) return "made at run time, so nobody can check it";
	if (/\(\?<[=!]/.test(raw)) return "looks behind, from every place anew";
	const end = raw.lastIndexOf("/");
	const result = checkSync(raw.slice(1, end), raw.slice(end + 1), { timeout: null });
	switch (result.status) {
		case "safe":
			return undefined;
		case "vulnerable":
			return `slow: ${result.complexity.summary}`;
		case "unknown":
			return `cannot be checked: ${result.error.kind}`;
	}
}
