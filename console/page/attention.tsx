import { useEffect, useState } from "preact/hooks";
import { typeName } from "../../lib/words/type.ts";
import type { DeadLetterList, DeadLetterSummary, Setup, Waiting } from "../protocol.ts";
import { useAction } from "./action.ts";
import { post } from "./connection.ts";
import { Ask, type Question } from "./dialog.tsx";
import { useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import { clockOf } from "./time.ts";

const MOST_LINES = 20;

/** What is acknowledged and no row yet; nothing when there is none. */
export function OnTheWay({ waiting }: { waiting: readonly Waiting[] }) {
	const { words } = useReader();
	const [now, setNow] = useState(Date.now());
	useEffect(() => {
		const timer = setInterval(() => setNow(Date.now()), 1_000);
		return () => clearInterval(timer);
	}, []);
	if (waiting.length === 0) return null;
	const nextTry = (at: string | undefined): string => {
		if (at === undefined) return words.inQueue;
		const seconds = Math.ceil((Date.parse(at) - now) / 1_000);
		return seconds > 0 ? words.nextTry(seconds) : words.nextTrySoon;
	};
	return (
		<section class="card waiting" aria-labelledby="waiting">
			<header class="card-head">
				<h2 id="waiting">{words.waiting}</h2>
				<span class="quiet">{words.waitingNote}</span>
			</header>
			<ul class="lines">
				{waiting.slice(0, MOST_LINES).map(({ id, type, chat, messageId, ...one }) => (
					<li key={id}>
						<strong>{typeName(type, words)}</strong>
						{chat && <Seen text={chat} />}
						{messageId && (
							<code>
								<Seen text={messageId} />
							</code>
						)}
						<span class="waits">{nextTry(one.nextTryAt)}</span>
						{one.failures.length > 0 && (
							<span class="quiet">{words.tries(one.failures.length)}</span>
						)}
						{one.takenAt && <time dateTime={one.takenAt}>{clockOf(one.takenAt, words)}</time>}
					</li>
				))}
			</ul>
			{waiting.length > MOST_LINES && (
				<p class="note">{words.moreWaiting(waiting.length - MOST_LINES)}</p>
			)}
		</section>
	);
}

/** What could not be stored; nothing when there is none, or nobody knows of any. */
export function DeadLetters(props: { letters: DeadLetterList; setup: Setup | undefined }) {
	const { words } = useReader();
	const { isBusy, hasFailed, act } = useAction();
	const [question, setQuestion] = useState<Question>();
	const { count = 0, found, isLooking } = props.letters;
	const { stage, canDiscard = false } = props.setup ?? {};
	if (count === 0) return null;
	const askRedrive = (n: number, id?: string): void =>
		setQuestion({
			words: words.redriveSure(n, stage),
			yes: words.redrive,
			act: () => void act(() => post("api/redrive", { id })),
		});
	const askDiscard = (id: string): void =>
		setQuestion({
			words: words.discardSure,
			yes: words.discard,
			act: () => void act(() => post("api/discard", { id })),
		});
	return (
		<section class="card dead-letters" aria-labelledby="dead-letters">
			<header class="card-head">
				<h2 id="dead-letters">{words.deadLetters}</h2>
				<span class="count bad">{count}</span>
				<span class="quiet">{words.deadLettersNote}</span>
			</header>
			<ul class="lines">
				{found.map((letter) => (
					<Letter
						key={letter.id}
						letter={letter}
						isBusy={isBusy}
						onRedrive={() => askRedrive(1, letter.id)}
						onDiscard={canDiscard ? () => askDiscard(letter.id) : undefined}
					/>
				))}
			</ul>
			{isLooking && <p class="note">{words.looking}</p>}
			{hasFailed && (
				<p class="reply bad" role="alert">
					{words.actionFailed}
				</p>
			)}
			<div class="buttons">
				<button type="button" class="strong" disabled={isBusy} onClick={() => askRedrive(count)}>
					{words.redriveAll}
				</button>
				<button
					type="button"
					disabled={isLooking || isBusy}
					onClick={() => act(() => post("api/look"))}
				>
					{words.look}
				</button>
			</div>
			{question && <Ask question={question} onClose={() => setQuestion(undefined)} />}
		</section>
	);
}

function Letter(props: {
	letter: DeadLetterSummary;
	isBusy: boolean;
	onRedrive: () => void;
	onDiscard: (() => void) | undefined;
}) {
	const { isBusy, onRedrive, onDiscard } = props;
	const { queuedAt, holds, body, reason } = props.letter;
	const { words } = useReader();
	return (
		<li>
			<strong class={holds ? "" : "bad"}>
				{holds === undefined
					? words.notReadable
					: holds.type === undefined
						? ""
						: typeName(holds.type, words)}
			</strong>
			{holds && (
				<code>
					<Seen text={holds.name} />
				</code>
			)}
			<time dateTime={queuedAt}>{clockOf(queuedAt, words)}</time>
			<button type="button" disabled={isBusy} onClick={onRedrive}>
				{words.redrive}
			</button>
			{onDiscard && (
				<button type="button" class="plain" disabled={isBusy} onClick={onDiscard}>
					{words.discard}
				</button>
			)}
			{reason && (
				<code class="reason">
					<Seen text={reason} />
				</code>
			)}
			<details class="letter-body">
				<summary>{words.body}</summary>
				<pre>
					<Seen text={body} isRaw={true} />
				</pre>
			</details>
		</li>
	);
}
