import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { typeName } from "../../lib/words/type.ts";
import type { Facet, FacetName, MessageList, MessageSummary } from "../protocol.ts";
import { everything, type Filter, NO_TYPE } from "../watch/filter.ts";
import { Badge } from "./badge.tsx";
import { Bubble } from "./bubble.tsx";
import { hashOf, type Place, viewOf, withOpened } from "./place.ts";
import { useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import type { State } from "./state.ts";
import { clockOf } from "./time.ts";

/** How many messages are listed at first, and with each press of the button. */
const PAGE = 50;

/** All messages, newest first, with what narrows them down. */
export function Timeline(props: {
	state: State;
	place: Place;
	onPlace: (place: Place, isStep?: boolean) => void;
	onOlder: () => void;
	onPause: () => void;
}) {
	const { state, place, onPlace, onOlder, onPause } = props;
	const { list, arrivals, isPaused } = state;
	const { words } = useReader();
	const [most, setMost] = useState(PAGE);
	const messages = list?.messages ?? [];
	const isNarrowed = isNarrow(place.filter);
	const more = (): void => {
		setMost(most + PAGE);
		if (messages.length < most + PAGE) onOlder();
	};
	// Something is said each second, and thousands of rows are not drawn in no time: one that was drawn
	// stays as it is.
	const drawn = useMemo(
		() => new WeakMap<MessageSummary, VNode>(),
		[place.view, place.filter, words],
	);
	const row = (message: MessageSummary): VNode => {
		const item = drawn.get(message) ?? <Item key={message.id} message={message} place={place} />;
		drawn.set(message, item);
		return item;
	};
	return (
		<section class="card timeline" aria-labelledby="timeline" id="list" tabIndex={-1}>
			<header class="card-head">
				<h2 id="timeline">{words.timeline}</h2>
				<span class="quiet">
					<Count state={state} />
				</span>
				<span class="visually-hidden" role="status">
					{arrivals > 0 ? words.newCount(arrivals) : ""}
				</span>
				<button type="button" class={isPaused ? "strong pause" : "pause"} onClick={onPause}>
					{isPaused ? words.resume(arrivals) : words.pause}
				</button>
			</header>
			<Filters state={state} place={place} onPlace={onPlace} />
			{list !== undefined && list.matched === 0 && !list.isReading && !hasMore(list) && (
				<p class="empty">{isNarrowed ? words.noMatches : words.noMessages}</p>
			)}
			<ul class="messages">{messages.slice(0, most).map(row)}</ul>
			{list !== undefined && (
				<More
					list={list}
					shown={Math.min(most, messages.length)}
					isSearch={isNarrowed}
					onMore={more}
				/>
			)}
		</section>
	);
}

/** Whether there may be older messages than those that are known. */
export function hasMore({ backTo, isFull = false }: MessageList): boolean {
	return backTo !== undefined && !isFull;
}

function isNarrow(filter: Filter): boolean {
	return Object.values(filter).some((value) => value !== "");
}

/** The end of the list. What is there comes when one scrolls to it; a search goes on when it is told to. */
function More(props: { list: MessageList; shown: number; isSearch: boolean; onMore: () => void }) {
	const { list, shown, isSearch, onMore } = props;
	const { backTo = "", isFull = false, isReading, matched } = list;
	const { words } = useReader();
	const button = useRef<HTMLButtonElement>(null);
	const left = matched - shown;
	const canRead = left > 0 || (hasMore(list) && !isReading);
	const comesByItself = canRead && (left > 0 || !isSearch);
	useEffect(() => {
		if (!button.current || !comesByItself) return;
		const observer = new IntersectionObserver(
			(seen) => seen.some(({ isIntersecting }) => isIntersecting) && onMore(),
			{ rootMargin: "300px" },
		);
		observer.observe(button.current);
		return () => observer.disconnect();
	}, [list, shown, comesByItself]);
	if (isFull && left === 0) return <p class="note">{words.full(matched)}</p>;
	if (!canRead) return null;
	return (
		<button type="button" class="more" ref={button} onClick={onMore}>
			{left > 0 ? words.showMore(Math.min(PAGE, left)) : words.searchOn(clockOf(backTo, words))}
		</button>
	);
}

/** As many as the server can vouch for, and what it cannot. */
export function Count({ state: { list, connection } }: { state: State }) {
	const { words } = useReader();
	if (list === undefined || connection !== "open") return null;
	const { matched, known, backTo, isReading, isPartial } = list;
	return (
		<>
			{matched !== known && words.someCount(matched, known)}{" "}
			{isReading
				? words.reading(known)
				: backTo !== undefined
					? words.readCount(known, clockOf(backTo, words))
					: matched === known && words.allCount(known)}{" "}
			{isPartial && words.partial}
		</>
	);
}

function Item({ message, place }: { message: MessageSummary; place: Place }) {
	const { words } = useReader();
	const { contact, contactId, room, roomId, bot, isSelf, type, recalled } = message;
	const { arrivedAt, sentAt } = message;
	const who = isSelf ? bot : (contact ?? contactId);
	const where = room ?? roomId;
	const { pk, sk } = message;
	return (
		<li>
			<a class="message" href={hashOf(withOpened(place, { kind: "message", pk, sk }))}>
				<time
					dateTime={arrivedAt}
					title={`${words.arrivedAt(arrivedAt)} · ${words.sentAt(sentAt)}`}
				>
					{clockOf(arrivedAt, words)}
				</time>
				<span class="who">
					<strong>
						<Seen text={who ?? words.noName} />
					</strong>{" "}
					<span class="quiet">
						<Seen
							text={
								where !== undefined
									? words.inRoom(where)
									: isSelf
										? words.ownMessage
										: words.sentBy(bot ?? "–")
							}
						/>
					</span>
				</span>
				<Bubble preview={message.preview} isLine={true} />
				<span class="tags">
					{recalled && (
						<span class="tag bad">{words.withdrawn(clockOf(recalled.sentAt, words))}</span>
					)}
					{message.revisions > 1 && (
						<span class="tag">{words.revisionsCount(message.revisions)}</span>
					)}
					{message.duplicates > 0 && (
						<span class="tag">{words.duplicateCount(message.duplicates)}</span>
					)}
					{message.origin && <span class="tag">{words.fromHistory}</span>}
					<span class="type">{typeName(type, words)}</span>
					<Badge conformance={message.conformance} />
				</span>
			</a>
		</li>
	);
}

function Filters(props: {
	state: State;
	place: Place;
	onPlace: (place: Place, isStep?: boolean) => void;
}) {
	const { state, place, onPlace } = props;
	const { filter } = place;
	const { words } = useReader();
	const set = (name: keyof Filter, value: string): void =>
		onPlace({ ...place, filter: { ...filter, [name]: value } }, name !== "search");
	const active = Object.entries(filter).filter(
		([name, value]) => name !== "search" && value !== "",
	);
	const choice = (name: FacetName | "conformance", options: readonly Facet[]) => (
		<label>
			<span>{words[name]}</span>
			<select value={filter[name]} onChange={({ currentTarget }) => set(name, currentTarget.value)}>
				<option value="">{words.allOf}</option>
				{[...options, ...missingIn(options, filter[name])].map(({ value, name: label }) => (
					<option key={value} value={value}>
						{label}
					</option>
				))}
			</select>
		</label>
	);
	const facets = (name: FacetName): readonly Facet[] => state.facets?.[name] ?? [];
	return (
		<search aria-label={words.filters}>
			<div class="filters">
				<label class="search" title={words.searchNote}>
					<span class="visually-hidden">{words.search}</span>
					<input
						type="search"
						placeholder={words.search}
						value={filter.search}
						onInput={({ currentTarget }) => set("search", currentTarget.value)}
					/>
				</label>
				{filter.chat !== "" && (
					<a class="button" href={hashOf(viewOf("chat", { chat: filter.chat }))}>
						{words.openChat}
					</a>
				)}
				{isNarrow(filter) && (
					<button
						type="button"
						class="plain"
						onClick={() => onPlace({ ...place, filter: everything })}
					>
						{words.clear}
					</button>
				)}
			</div>
			{filter.search !== "" && <p class="note">{words.searchNote}</p>}
			<details class="more-filters" open={active.length > 0}>
				<summary>
					{words.filters}
					{active.length > 0 && ` (${active.length})`}
				</summary>
				<div class="filters">
					{choice(
						"type",
						facets("type").map(({ value }) => ({ value, name: typeLabel(value) })),
					)}
					{choice(
						"conformance",
						(["documented", "corrected", "unrecognized"] as const).map((value) => ({
							value,
							name: words[value],
						})),
					)}
					{choice("chat", facets("chat"))}
					{choice("contact", facets("contact"))}
					{choice("room", facets("room"))}
					{choice("bot", facets("bot"))}
					{(["since", "until"] as const).map((name) => (
						<label key={name}>
							<span>{words[name]}</span>
							<input
								type="date"
								value={filter[name]}
								onChange={({ currentTarget }) => set(name, currentTarget.value)}
							/>
						</label>
					))}
				</div>
			</details>
		</search>
	);

	function typeLabel(value: string): string {
		return value === NO_TYPE ? words.noType : typeName(Number(value), words);
	}
}

/** What an address names may be no choice of the list. */
function missingIn(options: readonly Facet[], value: string): Facet[] {
	const isThere = value === "" || options.some((option) => option.value === value);
	return isThere ? [] : [{ value, name: value }];
}
