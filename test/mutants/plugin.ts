import type { Mutant } from "./mutants.ts";

// What Stryker loads: it tells of each mutant as it is tried, and what is not worth trying.

/** All mutants that were tried so far in this process. */
export const tried: Mutant[] = [];

interface Path {
	readonly node: { readonly type: string; readonly callee?: { readonly name?: string } };
	readonly parentPath: Path | null;
}

export const strykerPlugins = [
	{
		kind: "Reporter",
		name: "tried",
		value: { onMutantTested: (mutant: Mutant) => void tried.push(mutant) },
	},
	{
		kind: "Ignore",
		name: "words",
		value: {
			/** The words of an error are for a person; a test that has them too would only restate them. */
			shouldIgnore({ node, parentPath }: Path): string | undefined {
				if (node.type !== "StringLiteral" && node.type !== "TemplateLiteral") return undefined;
				for (let path = parentPath; path !== null; path = path.parentPath) {
					if (path.node.type !== "NewExpression") continue;
					return path.node.callee?.name?.endsWith("Error") ? "an error's words" : undefined;
				}
				return undefined;
			},
		},
	},
];
