import { useState } from "preact/hooks";
import type { CallbackSummary, DeadLetterList, PathState, Refusal, Waiting } from "../protocol.ts";
import { refusalWords } from "../words/words.ts";
import { Badge } from "./badge.tsx";
import { post } from "./connection.ts";
import { useNow } from "./now.ts";
import { typeNames, useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import { clockOf } from "./time.ts";
import { TypeName } from "./type-name.tsx";
import { readViolation } from "./violation.ts";

/** What is acknowledged and no row yet; nothing when there is none. */
export function OnTheWay({ waiting }: { waiting: readonly Waiting[] }) {
	const { words, language } = useReader();
	const now = useNow();
	if (waiting.length === 0) return null;
	return (
		<section class="card waiting" aria-labelledby="waiting">
			<header class="card-head">
				<h2 id="waiting">{words.waiting}</h2>
				<span class="quiet">{words.waitingNote}</span>
			</header>
			<ul class="lines">
				{waiting.slice(0, MOST_LINES).map(({ id, type, conformance, takenAt, ...one }) => (
					<li key={id}>
						<TypeName type={type} />
						{conformance && <Badge conformance={conformance} />}
						{takenAt && <time dateTime={takenAt}>{clockOf(takenAt, language)}</time>}
						<span class={one.isDead ? "bad" : "waits"}>
							{one.isDead ? words.inDeadLetters : nextTryOf(one.nextTryAt, now)}
						</span>
						{one.failures.length > 0 && (
							<span class="quiet">{words.tries(one.failures.length)}</span>
						)}
					</li>
				))}
			</ul>
			{waiting.length > MOST_LINES && <p class="note">{words.queuedCount(waiting.length)}</p>}
		</section>
	);

	function nextTryOf(nextTryAt: string | undefined, time: number): string {
		if (nextTryAt === undefined) return words.inQueue;
		const seconds = Math.ceil((Date.parse(nextTryAt) - time) / 1_000);
		return seconds > 0 ? words.nextTry(seconds) : words.nextTrySoon;
	}
}

const MOST_LINES = 20;

/** The switch that takes the table away. */
export function BreakIt({ path, hasWaiting }: { path: PathState; hasWaiting: boolean }) {
	const { words } = useReader();
	const [isBusy, setBusy] = useState(false);
	const { isTableTaken, retrySeconds } = path;
	const toggle = async (): Promise<void> => {
		setBusy(true);
		await post("api/table", { isThere: isTableTaken }).catch(() => undefined);
		setBusy(false);
	};
	return (
		<section class="card" aria-labelledby="break">
			<header class="card-head">
				<h2 id="break">{words.breakIt}</h2>
			</header>
			<p class="note">{words.breakItNote}</p>
			<button type="button" id="table-switch" disabled={isBusy} onClick={toggle}>
				{isTableTaken ? words.bringTable : words.takeTable}
			</button>
			<p class="note" role="status">
				{isTableTaken && words.tableTaken}
				{!isTableTaken && hasWaiting && path.failed > 0 && words.tableWaits(retrySeconds)}
			</p>
		</section>
	);
}

/** What could not be stored, and the button that sends it back. */
export function DeadLetters({ letters }: { letters: DeadLetterList }) {
	const { words, language } = useReader();
	const [isBusy, setBusy] = useState(false);
	const redrive = async (): Promise<void> => {
		setBusy(true);
		await post("api/redrive").catch(() => undefined);
		setBusy(false);
	};
	return (
		<section class="card" aria-labelledby="dead-letters">
			<header class="card-head">
				<h2 id="dead-letters">{words.deadLetters}</h2>
				{letters.count > 0 && <span class="count bad">{letters.count}</span>}
			</header>
			{letters.count === 0 ? (
				<p class="note">{words.noDeadLetters}</p>
			) : (
				<>
					<p class="note">{words.deadLettersNote}</p>
					<ul class="lines">
						{letters.found.slice(0, MOST_LINES).map(({ id, queuedAt, holds, reason }) => (
							<li key={id}>
								{holds === undefined ? (
									<span class="bad">{words.notReadable}</span>
								) : (
									<>
										{holds.type !== undefined && (
											<strong>{typeNames(holds.type, language).name}</strong>
										)}
										<code>
											<Seen text={holds.name} />
										</code>
									</>
								)}
								<time dateTime={queuedAt}>{clockOf(queuedAt, language)}</time>
								{reason && (
									<code class="reason">
										<Seen text={reason} />
									</code>
								)}
							</li>
						))}
					</ul>
					{letters.isLooking && <p class="note">{words.looking}</p>}
					<div class="buttons">
						<button type="button" class="strong" disabled={isBusy} onClick={redrive}>
							{isBusy ? words.redriving : words.redrive}
						</button>
						<button
							type="button"
							class="plain"
							disabled={letters.isLooking || isBusy}
							onClick={() => void post("api/look").catch(() => undefined)}
						>
							{words.look}
						</button>
					</div>
				</>
			)}
		</section>
	);
}

/** What was not acknowledged, and why. */
export function Refused({ refused }: { refused: readonly Refusal[] }) {
	const { words, language } = useReader();
	return (
		<section class="card" aria-labelledby="refused">
			<header class="card-head">
				<h2 id="refused">{words.refused}</h2>
				{refused.length > 0 && <span class="count">{refused.length}</span>}
			</header>
			<p class="note">{refused.length === 0 ? words.nothingRefused : words.refusedNote}</p>
			<ul class="lines">
				{refused.slice(0, MOST_LINES).map(({ id, at, reason, violations }) => (
					<li key={id}>
						<span>{refusalWords[language][reason]}</span>
						<time dateTime={at}>{clockOf(at, language)}</time>
						{violations.map((violation) => (
							<span class="quiet">{readViolation(violation, language).words}</span>
						))}
					</li>
				))}
			</ul>
		</section>
	);
}

/** Requests to other paths; nothing when there are none. */
export function OtherCallbacks({ callbacks }: { callbacks: readonly CallbackSummary[] }) {
	const { words, language } = useReader();
	if (callbacks.length === 0) return null;
	return (
		<section class="card" aria-labelledby="callbacks">
			<header class="card-head">
				<h2 id="callbacks">{words.otherCallbacks}</h2>
				<span class="count">{callbacks.length}</span>
			</header>
			<p class="note">{words.otherCallbacksNote}</p>
			<ul class="lines">
				{callbacks.slice(0, MOST_LINES).map(({ id, method, path, query, receivedAt }) => (
					<li key={id}>
						<code>
							<Seen text={`${method} /${path}${query && `?${query}`}`} />
						</code>
						<time dateTime={receivedAt}>{clockOf(receivedAt, language)}</time>
					</li>
				))}
			</ul>
		</section>
	);
}
