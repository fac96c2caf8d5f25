import type { Exchange, SampleChoice } from "../protocol.ts";
import { storyWords } from "../words/words.ts";
import { linesOf } from "./layout.ts";
import { typeNames, useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";

/** What was sent last, and what came back. */
export interface Sending {
	readonly isSending: boolean;
	readonly exchanges: readonly Exchange[];
}

/** The menu of samples, and the last request with its reply. */
export function Samples(props: {
	choices: readonly SampleChoice[];
	onSend: (sample: string) => void;
}) {
	const { choices, onSend } = props;
	const { words, language } = useReader();
	return (
		<section class="card" aria-labelledby="samples">
			<header class="card-head">
				<h2 id="samples">{words.samples}</h2>
			</header>
			<p class="note">{words.samplesNote}</p>
			<h3>{words.stories}</h3>
			<ul class="stories">
				{choices
					.filter(({ type }) => type === undefined)
					.map(({ id }) => (
						<li key={id}>
							<button type="button" data-sample={id} onClick={() => onSend(id)}>
								<strong>{storyWords[language][id]?.name ?? id}</strong>
								<span class="quiet">{storyWords[language][id]?.shows}</span>
							</button>
						</li>
					))}
			</ul>
			<h3>{words.everyType}</h3>
			<ul class="chips">
				{choices
					.filter(({ type }) => type !== undefined)
					.map(({ id, type }) => (
						<li key={id}>
							<button type="button" data-sample={id} onClick={() => onSend(id)}>
								{typeNames(type, language).name}{" "}
								<span class="quiet" lang={language === "zh" ? "en" : "zh"}>
									{typeNames(type, language).other}
								</span>
							</button>
						</li>
					))}
			</ul>
		</section>
	);
}

/** The requests of the last sample, with their replies. */
export function Exchanges({ sending }: { sending: Sending }) {
	const { words } = useReader();
	return (
		<div class="exchanges" aria-live="polite">
			{sending.isSending && <p class="note">{words.sending}</p>}
			{sending.exchanges.map((exchange, i) => (
				<ExchangeView key={i} exchange={exchange} />
			))}
		</div>
	);
}

function ExchangeView({ exchange }: { exchange: Exchange }) {
	const { words } = useReader();
	const { method, url, body, status, reply, ms } = exchange;
	const lines = linesOf(body);
	return (
		<div class="exchange">
			<details>
				<summary>
					<span class="visually-hidden">{words.request}: </span>
					<code>
						{method} {new URL(url).pathname}
					</code>
				</summary>
				<pre>
					<Seen text={lines.length > 0 ? lines.map((line) => line.text).join("\n") : body} />
				</pre>
				<p class="note">{words.tokenHidden}</p>
			</details>
			<p class={`reply ${status === 200 ? "good" : "bad"}`}>
				<span class="visually-hidden">{words.reply}: </span>
				<b>{status ?? words.noReply}</b> <code>{reply}</code> <span class="quiet">{ms} ms</span>
			</p>
		</div>
	);
}
