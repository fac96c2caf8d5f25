import type { ComponentChildren } from "preact";
import type { MessageSummary, Waiting } from "../protocol.ts";
import { JourneySteps } from "./journey.tsx";
import { hashOf, viewOf } from "./place.ts";
import { useReader } from "./reader.ts";
import type { State } from "./state.ts";

/** The way of a message as a strip: how each part is, and what went through it in this run. */
export function Strip({ state }: { state: State }) {
	const { words } = useReader();
	const { path, connection, list, waiting } = state;
	if (path === undefined) return null;
	const isKnown = connection === "open";
	const upOf = (isUp: boolean | undefined): boolean | undefined => (isKnown ? isUp : undefined);
	const { counts, queued, deadLetters } = path;
	const { taken = 0, refused = 0, stored = 0, duplicates = 0, failed = 0 } = counts ?? {};
	const counted = (words: string): string => (counts ? words : "");
	return (
		<section class="strip" aria-label={words.way}>
			<ol class="path">
				<Node name={words.nodeUrl} isUp={upOf(path.isApiUp)} flow={taken + refused}>
					<b>{counted(words.requestsCount(taken + refused))}</b>
				</Node>
				<Node name={words.nodeReceive} isUp={upOf(path.isApiUp)} flow={taken}>
					<b>{counted(words.takenCount(taken))}</b>
					{refused > 0 && (
						<a class="bad" href={hashOf({ ...viewOf("requests"), isRefused: true })}>
							{words.refusedCount(refused)}
						</a>
					)}
				</Node>
				<Node name={words.nodeQueue} isUp={upOf(path.isQueueUp)} flow={stored + duplicates}>
					<b class={queued ? "waits" : ""}>
						{queued === undefined || !isKnown ? words.unknown : words.queuedCount(queued)}
					</b>
					{deadLetters !== undefined && deadLetters > 0 && (
						<span class="bad">{words.deadCount(deadLetters)}</span>
					)}
				</Node>
				<Node name={words.nodeStore} isUp={upOf(path.isApiUp)} flow={stored}>
					{duplicates > 0 && <span>{words.duplicatesCount(duplicates)}</span>}
					{failed > 0 && <span class="bad">{words.failedCount(failed)}</span>}
				</Node>
				<Node name={words.nodeTable} isUp={upOf(path.isTableUp)}>
					<b>{counted(words.rowsCount(stored))}</b>
				</Node>
			</ol>
			{counts ? (
				<Last taken={taken} message={list?.messages[0]} waiting={waiting[0]} />
			) : (
				<p class="last note">{words.waysUnknown}</p>
			)}
		</section>
	);
}

/**
 * @param isUp whether it works; undefined when nobody knows.
 * @param flow changes when something goes on to the next part.
 */
function Node(props: {
	name: string;
	isUp: boolean | undefined;
	flow?: number;
	children: ComponentChildren;
}) {
	const { name, isUp, flow, children } = props;
	const { words } = useReader();
	const [how, sign, word] =
		isUp === undefined
			? ["unsure", "?", words.unknown]
			: isUp
				? ["up", "●", words.works]
				: ["down", "✕", words.away];
	return (
		<li class={isUp === false ? "node is-away" : "node"}>
			<strong>{name}</strong>
			<span class={`status ${how}`}>
				<span aria-hidden="true">{sign}</span> {word}
			</span>
			<span class="node-count">{children}</span>
			{flow !== undefined && (
				<span class="arrow" aria-hidden="true">
					{flow > 0 && <i key={flow} class="dot" />}
				</span>
			)}
		</li>
	);
}

/** What happened to the newest message, in words. */
function Last(props: {
	taken: number;
	message: MessageSummary | undefined;
	waiting: Waiting | undefined;
}) {
	const { taken, message, waiting } = props;
	const { words } = useReader();
	const journey = message?.journey;
	const isWaiting = (waiting?.takenAt ?? "") > (journey?.takenAt ?? "");
	const shown = isWaiting ? waiting : journey;
	if (taken === 0 || shown === undefined) return <p class="last note">{words.nothingYet}</p>;
	const isRow = !isWaiting && shown.outcome !== "duplicate" && message !== undefined;
	return (
		<details class="last">
			<summary>{words.lastMessage}</summary>
			<JourneySteps journey={shown} {...(isRow && { receivedAt: message.arrivedAt })} />
		</details>
	);
}
