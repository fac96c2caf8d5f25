/**
 * A text that cannot move a cursor, colour a terminal or turn the line around it: what Unicode itself
 * calls a control, a format, a line end, half a pair or of the bidirectional algorithm becomes an
 * escape.
 *
 * JSON stays the same JSON: only inside of a string can such a character stand.
 */
export function printable(text: string): string {
	return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, escaped);
}

function escaped(character: string): string {
	const json = JSON.stringify(character).slice(1, -1);
	if (json !== character) return json;
	const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
	return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
