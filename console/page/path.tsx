import type { ComponentChildren } from "preact";
import type { PathState } from "../protocol.ts";
import { useReader } from "./reader.ts";

/** The way of a message as a picture, with what goes through each part and how it is. */
export function Path({ path }: { path: PathState }) {
	const { words } = useReader();
	return (
		<ol class="path" aria-label={words.pathTitle}>
			<Node
				name={words.nodeUrl}
				does={words.nodeUrlDoes}
				isUp={path.isApiUp}
				flow={path.taken + path.refused}
				code="POST /message"
			>
				<b>{words.requests(path.taken + path.refused)}</b>
			</Node>
			<Node
				name={words.nodeReceive}
				does={words.nodeReceiveDoes}
				isUp={path.isApiUp}
				flow={path.taken}
				code="Lambda"
			>
				<b>{words.takenCount(path.taken)}</b>
				{path.refused > 0 && <span class="bad">{words.refusedCount(path.refused)}</span>}
			</Node>
			<Node
				name={words.nodeQueue}
				does={words.nodeQueueDoes}
				isUp={path.isQueueUp}
				flow={path.stored + path.duplicates}
				code="SQS"
				aside={<DeadLetterQueue path={path} />}
			>
				<b class={path.queued > 0 ? "waits" : ""}>{words.queuedCount(path.queued)}</b>
			</Node>
			<Node
				name={words.nodeStore}
				does={words.nodeStoreDoes}
				isUp={path.isApiUp}
				flow={path.stored}
				code="Lambda"
			>
				{path.duplicates > 0 && <span>{words.duplicatesCount(path.duplicates)}</span>}
				{path.failed > 0 && <span class="bad">{words.failedCount(path.failed)}</span>}
				{path.duplicates + path.failed === 0 && <span class="quiet">–</span>}
			</Node>
			<Node name={words.nodeTable} does={words.nodeTableDoes} isUp={path.isTableUp} code="DynamoDB">
				<b>{words.rowsCount(path.stored)}</b>
			</Node>
		</ol>
	);
}

/** @param flow changes when something goes on to the next part. */
function Node(props: {
	name: string;
	does: string;
	code: string;
	isUp: boolean;
	flow?: number;
	aside?: ComponentChildren;
	children: ComponentChildren;
}) {
	const { name, does, code, isUp, flow, aside, children } = props;
	return (
		<li class={isUp ? "" : "is-away"}>
			<div class="node">
				<div class="node-head">
					<h3>{name}</h3>
					<code>{code}</code>
				</div>
				<p>{does}</p>
				<div class="node-count">{children}</div>
				<Status isUp={isUp} />
			</div>
			{flow !== undefined && (
				<span class="arrow" aria-hidden="true">
					{flow > 0 && <i key={flow} class="dot" />}
				</span>
			)}
			{aside}
		</li>
	);
}

/** Whether a part works: a sign, a colour and a word. */
function Status({ isUp }: { isUp: boolean }) {
	const { words } = useReader();
	return (
		<span class={`status ${isUp ? "up" : "down"}`}>
			<span aria-hidden="true">{isUp ? "●" : "✕"}</span> {isUp ? words.works : words.away}
		</span>
	);
}

function DeadLetterQueue({ path }: { path: PathState }) {
	const { words } = useReader();
	return (
		<div class={`dead ${path.deadLetters > 0 ? "has-letters" : ""}`}>
			<h3>{words.nodeDead}</h3>
			<p>{words.nodeDeadDoes}</p>
			<b>{words.deadCount(path.deadLetters)}</b>
		</div>
	);
}
