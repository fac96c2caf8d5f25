import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useReader } from "./reader.ts";

/**
 * What is opened above the page.
 *
 * @param label the id of its heading.
 * @param children get how to close it.
 */
export function Dialog(props: {
	label: string;
	class: string;
	onClose: () => void;
	children: (close: () => void) => ComponentChildren;
}) {
	const dialog = useRef<HTMLDialogElement>(null);
	useEffect(() => {
		if (dialog.current?.open === false) dialog.current.showModal();
	}, []);
	return (
		<dialog ref={dialog} class={props.class} aria-labelledby={props.label} onClose={props.onClose}>
			{props.children(() => dialog.current?.close())}
		</dialog>
	);
}

/** What is done only when somebody says yes. */
export interface Question {
	readonly words: string;
	/** What is done, on the button. */
	readonly yes: string;
	readonly act: () => void;
}

/** Asks. */
export function Ask({ question, onClose }: { question: Question; onClose: () => void }) {
	const { words } = useReader();
	return (
		<Dialog label="question" class="question-box" onClose={onClose}>
			{(close) => (
				<>
					<h2 id="question">{question.words}</h2>
					<div class="buttons">
						<button
							type="button"
							class="strong"
							onClick={() => {
								close();
								question.act();
							}}
						>
							{question.yes}
						</button>
						<button type="button" onClick={close}>
							{words.cancel}
						</button>
					</div>
				</>
			)}
		</Dialog>
	);
}
