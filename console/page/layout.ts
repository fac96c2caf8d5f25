import { createScanner, type Edit, format, visit } from "jsonc-parser";

/** One line of a body that is laid out to be read. */
export interface BodyLine {
	readonly text: string;
	readonly isMarked: boolean;
}

/** Of longer bodies only the beginning is laid out. */
const MOST_LINES = 1_000;
const LONGEST_LAID_OUT = 300_000;
/** The parser is recursive, and each level is indented: a hostile body would fill the memory. */
const DEEPEST_LAID_OUT = 100;

/**
 * Lays a JSON text out, one member a line. Its literals stay as they are written: ids longer than a
 * number holds, duplicate keys and escapes.
 *
 * @param places keys of the members to be marked; where one is missing, the nearest one around it.
 * @returns nothing when the text is too long or too deep to be laid out.
 */
export function linesOf(text: string, places: readonly (readonly string[])[] = []): BodyLine[] {
	if (text.length > LONGEST_LAID_OUT || depthOf(text) > DEEPEST_LAID_OUT) return [];
	const options = { insertSpaces: true, tabSize: 2, eol: "\n" };
	const laidOut = edited(text, format(text, undefined, options));
	const marked = markedLines(laidOut, places);
	return laidOut
		.split("\n")
		.slice(0, MOST_LINES)
		.map((line, i) => ({ text: line, isMarked: marked.has(i) }));
}

/** In one pass: the parser's own `applyEdits` copies the whole text for each edit. */
function edited(text: string, edits: readonly Edit[]): string {
	const parts: string[] = [];
	let at = 0;
	for (const { offset, length, content } of edits.toSorted((a, b) => a.offset - b.offset)) {
		parts.push(text.slice(at, offset), content);
		at = offset + length;
	}
	return [...parts, text.slice(at)].join("");
}

function depthOf(text: string): number {
	const scanner = createScanner(text);
	let [depth, deepest] = [0, 0];
	for (;;) {
		scanner.scan();
		switch (text[scanner.getTokenOffset()]) {
			case undefined:
				return deepest;
			case "{":
			case "[":
				depth++;
				break;
			case "}":
			case "]":
				depth--;
				break;
			default:
				break;
		}
		deepest = Math.max(deepest, depth);
	}
}

function markedLines(text: string, places: readonly (readonly string[])[]): Set<number> {
	const found = new Map<string, { depth: number; lines: Set<number> }>();
	const note = (keys: readonly string[], line: number): void => {
		for (const place of places) {
			const isAround = keys.every((key, i) => fits(key, place[i]));
			if (!isAround || keys.length > place.length) continue;
			const id = JSON.stringify(place);
			const known = found.get(id);
			if (known && known.depth > keys.length) continue;
			if (known?.depth === keys.length) known.lines.add(line);
			else found.set(id, { depth: keys.length, lines: new Set([line]) });
		}
	};
	visit(text, {
		onObjectProperty: (name, _offset, _length, line, _character, pathOf) =>
			note([...pathOf().map(String), name], line),
	});
	return new Set([...found.values()].flatMap(({ lines }) => [...lines]));
}

/** The schemas judge keys without the white space around them. */
function fits(key: string, segment: string | undefined): boolean {
	return key === segment || key.trim() === segment;
}
