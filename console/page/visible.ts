/** A part of a text, and whether it stands for something that could not be seen. */
export interface Piece {
	readonly text: string;
	readonly isEscape: boolean;
}

/** Control characters, what turns the direction of a line, and halves of a character. */
const UNSEEN = /([\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff\p{Cs}])/u;
/** In the raw text every character without a shape counts, joiners of emoji included. */
const UNSEEN_RAW = /([\p{Cc}\p{Cf}\u2028\u2029\p{Cs}])/u;

/**
 * Splits a text so that nothing in it stays hidden or moves the rest of the line.
 *
 * @param isRaw whether the text is shown for its bytes rather than for its meaning.
 */
export function piecesOf(text: string, isRaw = false): Piece[] {
	return text
		.split(isRaw ? UNSEEN_RAW : UNSEEN)
		.map((part, i) => {
			const isEscape = i % 2 === 1 && part !== "\n";
			return { text: isEscape ? escapeOf(part) : part, isEscape };
		})
		.filter((piece) => piece.text !== "");
}

function escapeOf(character: string): string {
	const code = character.codePointAt(0) ?? 0;
	return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
