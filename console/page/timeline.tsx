import { useMemo, useState } from "preact/hooks";
import type { MessageSummary, PathState } from "../protocol.ts";
import { Badge } from "./badge.tsx";
import { Bubble } from "./bubble.tsx";
import { aspects, everything, type Filter, passes } from "./filter.ts";
import { hashOf } from "./place.ts";
import { typeNames, useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import { MOST_SHOWN } from "./state.ts";
import { clockOf } from "./time.ts";
import { TypeName } from "./type-name.tsx";

/** How many messages are listed at first, and with each press of the button. */
const PAGE = 50;

/** All messages, newest first, with what narrows them down. */
export function Timeline(props: {
	messages: readonly MessageSummary[];
	path: PathState | undefined;
	arrivals: number;
}) {
	const { messages, path, arrivals } = props;
	const { words } = useReader();
	const [filter, setFilter] = useState(everything);
	const [most, setMost] = useState(PAGE);
	const shown = useMemo(
		() => messages.filter((message) => passes(message, filter)),
		[messages, filter],
	);
	return (
		<section class="card timeline" aria-labelledby="timeline" id="timeline-list" tabIndex={-1}>
			<header class="card-head">
				<h2 id="timeline">{words.timeline}</h2>
				<span class="quiet">
					{words.shownCount(shown.length, messages.length)} · {words.newest}
				</span>
				<span class="visually-hidden" role="status">
					{arrivals > 0 ? words.newCount(arrivals) : ""}
				</span>
			</header>
			<Filters messages={messages} filter={filter} onFilter={setFilter} />
			{path?.isReading && <p class="note">{words.reading}</p>}
			{shown.length === 0 && !path?.isReading && (
				<p class="empty">{messages.length === 0 ? words.noMessages : words.noMatches}</p>
			)}
			<ul class="messages">
				{shown.slice(0, most).map((message) => (
					<Item key={message.id} message={message} />
				))}
			</ul>
			{shown.length > most && (
				<button type="button" class="more" onClick={() => setMost(most + PAGE)}>
					{words.showMore(Math.min(PAGE, shown.length - most))}
				</button>
			)}
			{messages.length >= MOST_SHOWN && <p class="note">{words.onlyNewest(MOST_SHOWN)}</p>}
		</section>
	);
}

function Item({ message }: { message: MessageSummary }) {
	const { words, language } = useReader();
	const { contact, contactId, room, roomId, bot, isSelf, type, arrivedAt } = message;
	const who = isSelf ? bot : (contact ?? contactId);
	const place = room ?? roomId;
	return (
		<li>
			<a class="message" href={hashOf(message)}>
				<span class="message-head">
					<strong>
						<Seen text={who ?? words.noName} />
					</strong>
					<span class="quiet where">
						<Seen
							text={
								place !== undefined
									? words.inRoom(place)
									: isSelf
										? words.ownMessage
										: words.sentBy(bot ?? "–")
							}
						/>
					</span>
					<time dateTime={arrivedAt}>{clockOf(arrivedAt, language)}</time>
				</span>
				<Bubble preview={message.preview} isSelf={isSelf} />
				<span class="message-foot">
					<TypeName type={type} />
					<Badge conformance={message.conformance} />
					{message.revisions > 1 && (
						<span class="tag">{words.revisionsCount(message.revisions)}</span>
					)}
					{message.duplicates > 0 && (
						<span class="tag">{words.duplicateCount(message.duplicates)}</span>
					)}
					{place !== undefined && bot !== undefined && (
						<span class="tag">
							<Seen text={words.sentBy(bot)} />
						</span>
					)}
				</span>
			</a>
		</li>
	);
}

function Filters(props: {
	messages: readonly MessageSummary[];
	filter: Filter;
	onFilter: (filter: Filter) => void;
}) {
	const { messages, filter, onFilter } = props;
	const { words, language } = useReader();
	const set = (name: keyof Filter, value: string): void => onFilter({ ...filter, [name]: value });
	const choice = (
		name: keyof typeof aspects,
		labelOf: (message: MessageSummary) => string,
	): preact.JSX.Element => (
		<Choice
			label={words[name]}
			value={filter[name]}
			options={optionsOf(messages, aspects[name], labelOf)}
			onChoice={(value) => set(name, value)}
		/>
	);
	return (
		<search class="filters" aria-label={words.filters}>
			<label class="search">
				<span>{words.search}</span>
				<input
					type="search"
					value={filter.search}
					onInput={({ currentTarget }) => set("search", currentTarget.value)}
				/>
			</label>
			{choice("type", ({ type }) => typeNames(type, language).name)}
			{choice("conformance", ({ conformance }) => words[conformance])}
			{choice("contact", ({ contact, contactId }) => contact ?? contactId ?? "")}
			{choice("room", ({ room, roomId }) => room ?? roomId ?? "")}
			{choice("chat", ({ chatId }) => chatId)}
			{filter !== everything && (
				<button type="button" class="plain" onClick={() => onFilter(everything)}>
					{words.clear}
				</button>
			)}
		</search>
	);
}

function optionsOf(
	messages: readonly MessageSummary[],
	keyOf: (message: MessageSummary) => string,
	labelOf: (message: MessageSummary) => string,
): [value: string, label: string][] {
	const found = new Map<string, string>();
	for (const message of messages) {
		const value = keyOf(message);
		if (value !== "" && !found.has(value)) found.set(value, labelOf(message));
	}
	return [...found].sort(([, a], [, b]) => a.localeCompare(b));
}

function Choice(props: {
	label: string;
	value: string;
	options: readonly (readonly [value: string, label: string])[];
	onChoice: (value: string) => void;
}) {
	const { label, value, options, onChoice } = props;
	const { words } = useReader();
	return (
		<label>
			<span>{label}</span>
			<select value={value} onChange={({ currentTarget }) => onChoice(currentTarget.value)}>
				<option value="">{words.allOf}</option>
				{options.map(([key, name]) => (
					<option key={key} value={key}>
						{name}
					</option>
				))}
			</select>
		</label>
	);
}
