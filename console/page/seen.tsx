import { useReader } from "./reader.ts";
import { piecesOf } from "./visible.ts";

/**
 * Words of a sender: always text, kept apart from the direction of the page's own words.
 *
 * @param longest of a longer text only the beginning is shown, and how much more there is.
 */
export function Seen(props: { text: string; isRaw?: boolean; longest?: number }) {
	const { text, isRaw = false, longest = text.length } = props;
	const { words } = useReader();
	// No character is cut in two.
	const isCut = text.length > longest && /\p{Surrogate}$/u.test(text.slice(0, longest));
	const end = isCut ? longest - 1 : longest;
	return (
		<bdi>
			{piecesOf(text.slice(0, end), isRaw).map((piece) =>
				piece.isEscape ? <span class="escape">{piece.text}</span> : piece.text,
			)}
			{text.length > end && <em>{words.tooLong(text.length - end)}</em>}
		</bdi>
	);
}
