import { globSync, readFileSync } from "node:fs";

const root = new URL("../", import.meta.url);

/** A file of this project. */
export interface Source {
	/** Below the project's directory. */
	readonly file: string;
	readonly text: string;
}

/** The files below some directories whose names end in one of the extensions. */
export function sourcesOf(
	directories: readonly string[],
	extensions: readonly string[],
): readonly Source[] {
	const pattern = `{${directories.join(",")}}/**/*.{${extensions.join(",")}}`;
	return globSync(pattern, { cwd: root })
		.sort()
		.map((file) => ({ file, text: readFileSync(new URL(file, root), "utf8") }));
}
