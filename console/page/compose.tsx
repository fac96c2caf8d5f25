import { useState } from "preact/hooks";
import type { Draft } from "../protocol.ts";
import { Dialog } from "./dialog.tsx";
import { useReader } from "./reader.ts";

const METHODS = ["POST", "GET", "PUT", "DELETE"];

/** A request to be written, or to be changed before it is sent. */
export function Compose(props: {
	draft: Draft;
	onSend: (draft: Draft) => void;
	onClose: () => void;
}) {
	const { draft, onSend, onClose } = props;
	const { words } = useReader();
	const [method, setMethod] = useState(draft.method);
	const [path, setPath] = useState(draft.path);
	const [text, setText] = useState(draft.body.text);
	return (
		<Dialog label="compose" class="drawer" onClose={onClose}>
			{(close) => (
				<form
					onSubmit={(event) => {
						event.preventDefault();
						onSend({ method, path, body: { ...draft.body, text } });
						close();
					}}
				>
					<header class="drawer-head">
						<h2 id="compose">{words.write}</h2>
						<button type="submit" class="primary">
							{words.send}
						</button>
						<button type="button" onClick={close}>
							{words.close}
						</button>
					</header>
					<div class="compose">
						<label>
							<span>{words.method}</span>
							<select
								value={method}
								onChange={({ currentTarget }) => setMethod(currentTarget.value)}
							>
								{[...new Set([draft.method, ...METHODS])].map((one) => (
									<option key={one}>{one}</option>
								))}
							</select>
						</label>
						<label>
							<span>{words.path}</span>
							<input value={path} onInput={({ currentTarget }) => setPath(currentTarget.value)} />
						</label>
						<label class="wide">
							<span>{words.body}</span>
							<textarea
								rows={24}
								spellcheck={false}
								value={text}
								onInput={({ currentTarget }) => setText(currentTarget.value)}
							/>
						</label>
						<p class="note wide">
							{draft.body.encoding === "base64" ? words.base64 : words.tokenHidden}
						</p>
					</div>
				</form>
			)}
		</Dialog>
	);
}
