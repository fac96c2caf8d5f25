import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { useReader } from "./reader.ts";

/** Copies a text, and says so. */
export function CopyButton({ text, children }: { text: string; children: ComponentChildren }) {
	const { words } = useReader();
	const [copied, setCopied] = useState<string>();
	const copy = async (): Promise<void> => {
		await navigator.clipboard.writeText(text);
		setCopied(text);
	};
	return (
		<button type="button" onClick={() => void copy().catch(() => undefined)}>
			<span aria-live="polite">{copied === text ? words.copied : children}</span>
		</button>
	);
}
