import { useMemo, useRef } from "preact/hooks";
import { typeName } from "../../lib/words/type.ts";
import type { Exchange, SampleChoice } from "../protocol.ts";
import { linesOf } from "./layout.ts";
import { useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";

/** What was sent last, and what came back. */
export type Sending = "sending" | "failed" | readonly Exchange[] | undefined;

/** The menu of samples; it stays open, so that several can be sent. */
export function Samples(props: {
	choices: readonly SampleChoice[];
	onSend: (sample: string) => void;
}) {
	const { choices, onSend } = props;
	const { words } = useReader();
	const menu = useRef<HTMLDetailsElement>(null);
	const stories = choices.filter(({ type }) => type === undefined);
	const types = choices.filter(({ type }) => type !== undefined);
	return (
		<details
			ref={menu}
			class="menu"
			onKeyDown={({ key }) => {
				if (key === "Escape" && menu.current) menu.current.open = false;
			}}
		>
			<summary class="button">{words.samples}</summary>
			<div class="menu-panel">
				<p class="note">{words.samplesNote}</p>
				<h2>{words.stories}</h2>
				<ul class="stories">
					{stories.map(({ id }) => (
						<li key={id}>
							<button type="button" data-sample={id} onClick={() => onSend(id)}>
								<strong>{words.story[id]?.[0] ?? id}</strong>
								<span class="quiet">{words.story[id]?.[1]}</span>
							</button>
						</li>
					))}
				</ul>
				<h2>{words.everyType}</h2>
				<ul class="chips">
					{types.map(({ id, type }) => (
						<li key={id}>
							<button type="button" data-sample={id} onClick={() => onSend(id)}>
								{typeName(type, words)}
							</button>
						</li>
					))}
				</ul>
			</div>
		</details>
	);
}

/** The requests that were sent last, with their answers: always in sight. */
export function Sent({ sending, onClose }: { sending: Sending; onClose: () => void }) {
	const { words } = useReader();
	return (
		<div class={sending === undefined ? "visually-hidden" : "sent"} role="status">
			{sending === "sending" && <p class="note">{words.sending}</p>}
			{sending === "failed" && <p class="reply bad">{words.notSent}</p>}
			{Array.isArray(sending) &&
				sending.map((exchange, i) => <ExchangeView key={i} exchange={exchange} />)}
			{sending !== undefined && (
				<button type="button" class="plain" onClick={onClose}>
					{words.close}
				</button>
			)}
		</div>
	);
}

function ExchangeView({ exchange }: { exchange: Exchange }) {
	const { words } = useReader();
	const { method, path, body, status, reply, ms } = exchange;
	// The page is drawn again each second.
	const lines = useMemo(() => linesOf(body.text), [body.text]);
	return (
		<details class="exchange">
			<summary class={`reply ${status === 200 ? "good" : "bad"}`}>
				<code>
					<Seen text={`${method} /${path}`} />
				</code>{" "}
				<b>{status ?? words.noReply}</b>{" "}
				<code>
					<Seen text={reply ?? ""} longest={LONGEST_SHOWN} />
				</code>{" "}
				<span class="quiet">{ms} ms</span>
			</summary>
			<pre>
				<Seen
					text={lines.length > 0 ? lines.map((line) => line.text).join("\n") : body.text}
					longest={LONGEST_SHOWN}
				/>
			</pre>
			<p class="note">{words.tokenHidden}</p>
		</details>
	);
}

const LONGEST_SHOWN = 20_000;
