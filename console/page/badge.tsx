import type { Conformance } from "../../lib/message/verdict.ts";
import { useReader } from "./reader.ts";

const SIGNS: Readonly<Record<Conformance, string>> = {
	documented: "✓",
	corrected: "≈",
	unrecognized: "?",
};

/** How a message fits the schemas: a colour, a sign and a word. */
export function Badge({ conformance }: { conformance: Conformance }) {
	const { words } = useReader();
	return (
		<span class={`badge ${conformance}`}>
			<span aria-hidden="true">{SIGNS[conformance]}</span> {words[conformance]}
		</span>
	);
}
