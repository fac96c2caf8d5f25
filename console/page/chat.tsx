import { typeName } from "../../lib/words/type.ts";
import type { MessageSummary } from "../protocol.ts";
import { Badge } from "./badge.tsx";
import { Bubble } from "./bubble.tsx";
import { hashOf, type Place, viewOf, withOpened } from "./place.ts";
import { useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import type { State } from "./state.ts";
import { clockOf } from "./time.ts";
import { Count, hasMore } from "./timeline.tsx";

/** One chat as a chat: the oldest on top, and a recall beside the message that it withdraws. */
export function Chat(props: { state: State; place: Place; onOlder: () => void }) {
	const { state, place, onOlder } = props;
	const { list, facets } = state;
	const { words } = useReader();
	const { chat } = place.filter;
	const messages = list?.messages ?? [];
	const { room, contact } = messages.find((one) => one.room ?? (one.contact && !one.isSelf)) ?? {};
	const name = facets?.chat.find(({ value }) => value === chat)?.name ?? room ?? contact ?? chat;
	return (
		<section class="card chat" aria-labelledby="chat" id="list" tabIndex={-1}>
			<header class="card-head">
				<h2 id="chat">
					<Seen text={name} />
				</h2>
				<code class="quiet">
					<Seen text={chat} />
				</code>
				<span class="quiet">
					<Count state={state} />
				</span>
				<a class="button" href={hashOf(viewOf("messages", { chat }))}>
					{words.messages}
				</a>
				<a class="button" href={hashOf(viewOf("messages"))}>
					{words.allMessages}
				</a>
			</header>
			{list !== undefined && (messages.length < list.matched || hasMore(list)) && (
				<button type="button" class="more" onClick={onOlder}>
					{words.earlier}
				</button>
			)}
			<ol class="chat-messages">
				{messages.toReversed().map((message) => (
					<ChatMessage key={message.id} message={message} place={place} />
				))}
			</ol>
			{list !== undefined && messages.length === 0 && !list.isReading && (
				<p class="empty">{words.noMatches}</p>
			)}
		</section>
	);
}

function ChatMessage({ message, place }: { message: MessageSummary; place: Place }) {
	const { words } = useReader();
	const { pk, sk, bot, contact, contactId, isSelf, type, sentAt, conformance, recalled } = message;
	return (
		<li class={`chat-message ${isSelf ? "self" : ""}`}>
			<a href={hashOf(withOpened(place, { kind: "message", pk, sk }))}>
				<span class="quiet">
					<Seen text={(isSelf ? bot : (contact ?? contactId)) ?? words.noName} />{" "}
					<time dateTime={sentAt} title={words.sentAt(sentAt)}>
						{clockOf(sentAt, words)}
					</time>
				</span>
				<Bubble preview={message.preview} isSelf={isSelf} />
				<span class="tags">
					<span class="type">{typeName(type, words)}</span>
					{conformance === "unrecognized" && <Badge conformance={conformance} />}
				</span>
			</a>
			{recalled && (
				<a
					class="tag bad"
					href={hashOf(withOpened(place, { kind: "message", pk: recalled.pk, sk: recalled.sk }))}
				>
					{words.withdrawn(clockOf(recalled.sentAt, words))}
				</a>
			)}
		</li>
	);
}
