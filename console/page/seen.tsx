import { piecesOf } from "./visible.ts";

/** Words of a sender: always text, kept apart from the direction of the page's own words. */
export function Seen({ text, isRaw = false }: { text: string; isRaw?: boolean }) {
	return (
		<bdi>
			{piecesOf(text, isRaw).map((piece) =>
				piece.isEscape ? <span class="escape">{piece.text}</span> : piece.text,
			)}
		</bdi>
	);
}
