import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "preact/hooks";
import { alarmName } from "../../lib/words/alarm.ts";
import { isLanguage, type Language, languageCodes, languages } from "../../lib/words/languages.ts";
import type { Draft, Filled, Setup } from "../protocol.ts";
import { placeOf } from "../watch/filter.ts";
import { useAction } from "./action.ts";
import { DeadLetters, OnTheWay } from "./attention.tsx";
import { Chat } from "./chat.tsx";
import { Compose } from "./compose.tsx";
import { fetchOlder, listen, post, sendRequest } from "./connection.ts";
import { CopyButton } from "./copy.tsx";
import { DashboardView } from "./dashboard.tsx";
import { CallbackDrawer, MessageDrawer, RequestDrawer } from "./detail.tsx";
import { firstLanguage, rememberedLanguage, rememberLanguage } from "./language.ts";
import { hashOf, type Opened, type Place, readPlace, viewOf, withOpened } from "./place.ts";
import { ReaderContext, useReader } from "./reader.ts";
import { Requests } from "./requests.tsx";
import { Samples, type Sending, Sent } from "./samples.tsx";
import { nothing, reduce, type State } from "./state.ts";
import { Strip } from "./strip.tsx";
import { zoneName } from "./time.ts";
import { Timeline } from "./timeline.tsx";

/** What a newcomer sends first. */
const FIRST_SAMPLE = "type7";
/** How many older messages are asked for at a time. */
const PAGE = 100;

/** The whole page. */
export function App() {
	const [state, dispatch] = useReducer(reduce, nothing);
	const [language, setLanguage] = useState(() =>
		firstLanguage(rememberedLanguage(), navigator.languages),
	);
	const [place, setPlace] = useState(() => readPlace(location.hash));
	const [sending, setSending] = useState<Sending>();
	const [draft, setDraft] = useState<Draft>();
	const [connects, setConnects] = useState(0);
	const reader = useMemo(() => ({ language, words: languages[language].page }), [language]);
	const { view, filter, opened } = place;
	const hours = view === "dashboard" ? place.hours : 0;
	const isLoading = useRef(false);
	const filterKey = JSON.stringify(filter);
	const shownFilter = useRef(filterKey);
	shownFilter.current = filterKey;
	useEffect(
		() =>
			listen(
				filter,
				hours,
				(update) => dispatch({ update }),
				() => dispatch("gone"),
			),
		[filterKey, hours, connects],
	);
	useEffect(() => {
		document.documentElement.lang = languages[language].page.locale;
		document.title = `${languages[language].page.title} · miaohui-receiver`;
	}, [language]);
	useEffect(() => {
		const follow = (): void => setPlace(readPlace(location.hash));
		addEventListener("hashchange", follow);
		return () => removeEventListener("hashchange", follow);
	}, []);
	const go = (next: Place, isStep = true): void => {
		// Typing in the search is no step of its own to go back.
		if (isStep) history.pushState(null, "", hashOf(next));
		else history.replaceState(null, "", hashOf(next));
		setPlace(next);
	};
	const send = useCallback(async (what: string | Draft): Promise<void> => {
		setSending("sending");
		setSending(await sendRequest(what).catch(() => "failed" as const));
	}, []);
	const pause = (): void => {
		dispatch(state.isPaused ? "resume" : "pause");
		if (state.isPaused) setConnects(connects + 1);
	};
	const loadOlder = async (): Promise<void> => {
		if (isLoading.current) return;
		isLoading.current = true;
		const last = state.list?.messages.at(-1);
		const before = last === undefined ? undefined : placeOf(last);
		const more = await fetchOlder(filter, before, PAGE).catch(() => undefined);
		isLoading.current = false;
		// Meanwhile another filter may have been chosen.
		if (more && shownFilter.current === filterKey) dispatch({ more });
	};
	const rows = useMemo(() => openable(state, place), [state, place]);
	const at = rows.findIndex((row) => isSame(row, opened));
	const step = (by: 1 | -1) => {
		const next = at < 0 ? undefined : rows[at + by];
		return next && (() => go(withOpened(place, next), false));
	};
	useKeys(opened ? { j: step(1), k: step(-1) } : {});
	const { run, canTakeTable, canSwitchUrl } = state.setup ?? {};
	const sent = <Sent sending={sending} onClose={() => setSending(undefined)} />;
	const drawer = {
		sent,
		onClose: () => go(withOpened(place, undefined)),
		onNext: step(1),
		onPrevious: step(-1),
		sending: run && { callbackUrl: run.callbackUrl, onSend: send, onEdit: setDraft },
	};
	return (
		<ReaderContext.Provider value={reader}>
			<button type="button" class="skip" onClick={() => document.getElementById("list")?.focus()}>
				{reader.words.skip}
			</button>
			<Header
				state={state}
				place={place}
				onLanguage={(next) => {
					setLanguage(next);
					rememberLanguage(next);
				}}
			/>
			<main id="main">
				<Strip state={state} />
				{run && (
					<div class="toolbar">
						<button
							type="button"
							class="primary"
							disabled={sending === "sending"}
							onClick={() => send(FIRST_SAMPLE)}
						>
							{reader.words.sendOne}
						</button>
						<Samples choices={run.samples} onSend={send} />
						<button type="button" onClick={() => setDraft(EMPTY)}>
							{reader.words.write}
						</button>
						{canTakeTable && <TableSwitch state={state} />}
						{canSwitchUrl && <UrlSwitch state={state} />}
						<CallbackUrl run={run} />
					</div>
				)}
				{!opened && sent}
				{view === "dashboard" ? (
					<DashboardView state={state} place={place} />
				) : view === "requests" ? (
					<Requests state={state} place={place} onPlace={go} />
				) : (
					<>
						<OnTheWay waiting={state.waiting} />
						<DeadLetters letters={state.deadLetters} setup={state.setup} />
						{view === "chat" ? (
							<Chat state={state} place={place} onOlder={loadOlder} />
						) : (
							<Timeline
								state={state}
								place={place}
								onPlace={go}
								onOlder={loadOlder}
								onPause={pause}
							/>
						)}
					</>
				)}
			</main>
			<footer class="note">{reader.words.keys}</footer>
			{opened?.kind === "message" && (
				<MessageDrawer
					key={opened.pk + opened.sk}
					rowKey={opened}
					version={versionOf(state, opened)}
					{...drawer}
				/>
			)}
			{opened?.kind === "callback" && (
				<CallbackDrawer key={opened.pk + opened.sk} rowKey={opened} {...drawer} />
			)}
			{opened?.kind === "request" && <RequestDrawer key={opened.id} id={opened.id} {...drawer} />}
			{draft && <Compose draft={draft} onSend={send} onClose={() => setDraft(undefined)} />}
		</ReaderContext.Provider>
	);
}

const EMPTY: Draft = { method: "POST", path: "message", body: { text: "", encoding: "utf8" } };

/** What can be opened in a view, in its order. */
function openable(
	{ list, requests, callbacks }: State,
	{ view, isRefused, opened }: Place,
): Opened[] {
	if (view !== "requests") {
		return (list?.messages ?? []).map(({ pk, sk }) => ({ kind: "message", pk, sk }));
	}
	if (opened?.kind === "callback") {
		return callbacks.map(({ pk, sk }) => ({ kind: "callback", pk, sk }));
	}
	return requests
		.filter(({ status }) => !isRefused || status !== 200)
		.map(({ id }) => ({ kind: "request", id }));
}

function isSame(one: Opened, other: Opened | undefined): boolean {
	if (one.kind === "request") return other?.kind === "request" && other.id === one.id;
	return other?.kind === one.kind && other.pk === one.pk && other.sk === one.sk;
}

function versionOf({ list }: State, key: { readonly pk: string; readonly sk: string }): string {
	const message = list?.messages.find(({ pk, sk }) => pk === key.pk && sk === key.sk);
	return message ? `${message.revisions}/${message.duplicates}` : "";
}

/** Keys that mean something when nobody types; without an action they walk along the list. */
function useKeys(actions: Readonly<Record<string, (() => void) | undefined>>): void {
	useEffect(() => {
		const press = (event: KeyboardEvent): void => {
			const { key, target, ctrlKey, metaKey, altKey } = event;
			if (ctrlKey || metaKey || altKey) return;
			if (target instanceof HTMLElement && target.matches("input, textarea, select")) return;
			if (document.querySelector("dialog[open]")) {
				actions[key]?.();
				return;
			}
			const rows: Element[] = [...document.querySelectorAll("a.message, .chat-message > a")];
			const at = document.activeElement ? rows.indexOf(document.activeElement) : -1;
			const focus = (row: Element | undefined | null): void => {
				if (row instanceof HTMLElement) row.focus();
			};
			if (key === "j") focus(rows[at + 1]);
			else if (key === "k") focus(rows[Math.max(0, at - 1)]);
			else if (key === "/") focus(document.querySelector("input[type=search]"));
			else return;
			event.preventDefault();
		};
		addEventListener("keydown", press);
		return () => removeEventListener("keydown", press);
	});
}

function Header(props: { state: State; place: Place; onLanguage: (language: Language) => void }) {
	const { state, place, onLanguage } = props;
	const { words, language } = useReader();
	const { setup, connection } = state;
	return (
		<header class="top">
			<div class="top-line">
				<h1>
					miaohui-receiver{" "}
					<span class="quiet">{setup?.stage ? words.stage(setup.stage) : words.title}</span>
				</h1>
				<nav aria-label={words.views}>
					{(["messages", "requests", "dashboard"] as const).map((view) => (
						<a
							key={view}
							href={hashOf(viewOf(view))}
							aria-current={view === place.view ? "page" : undefined}
						>
							{words[view]}
						</a>
					))}
				</nav>
				<Health state={state} />
				<span class="quiet zone">{words.timesIn(zoneName())}</span>
				<select
					aria-label={words.languages}
					value={language}
					onChange={({ currentTarget: { value } }) => {
						if (isLanguage(value)) onLanguage(value);
					}}
				>
					{languageCodes.map((one) => (
						<option key={one} value={one}>
							{languages[one].page.self}
						</option>
					))}
				</select>
			</div>
			{connection === "gone" && (
				<p class="alert" role="alert">
					{words.gone}
				</p>
			)}
			{setup?.run?.isLogged === false && <p class="alert">{words.notLogged}</p>}
		</header>
	);
}

function CallbackUrl({ run: { callbackUrl, isOpenToAnyone } }: { run: NonNullable<Setup["run"]> }) {
	const { words } = useReader();
	return (
		<div class="callback-url">
			<span class="quiet">{words.callbackUrl}</span> <code>{callbackUrl}</code>{" "}
			<CopyButton text={callbackUrl}>{words.copy}</CopyButton>{" "}
			<span class="quiet">{isOpenToAnyone ? words.anyToken : words.listedTokens}</span>
		</div>
	);
}

function Health({ state: { path, connection, ringing } }: { state: State }) {
	const { words, language } = useReader();
	const nameOf = (title: string): string => alarmName(title, language);
	if (connection !== "open" || path === undefined) {
		return (
			<p class="health" role="status">
				{connection === "connecting" ? words.connecting : `? ${words.notKnown}`}
			</p>
		);
	}
	const { isApiUp, isQueueUp, isTableUp } = path;
	const isUp = isApiUp !== false && isQueueUp && isTableUp;
	const healthy = isApiUp === undefined ? words.answering : words.healthy;
	return (
		<>
			<p class={`health ${isUp ? "up" : "down"}`} role="status">
				<span aria-hidden="true">{isUp ? "●" : "✕"}</span> {isUp ? healthy : words.unhealthy}
			</p>
			{ringing.length > 0 && (
				<p class="health down" role="status">
					<a href={hashOf(viewOf("dashboard"))}>{words.ringing(ringing.map(nameOf))}</a>
				</p>
			)}
		</>
	);
}

/** The switch that turns the callback URL off, and what fetches the messages that it missed. */
function UrlSwitch({ state: { path, connection } }: { state: State }) {
	const { words } = useReader();
	const { isBusy, hasFailed, act } = useAction();
	const [filled, setFilled] = useState<Filled>();
	const isOff = path?.isApiUp === false;
	const begin = (action: () => Promise<Filled | undefined>): Promise<void> => {
		setFilled(undefined);
		return act(async () => setFilled(await action()));
	};
	const toggle = () => begin(async () => void (await post("api/url", { isThere: isOff })));
	const fill = () => begin(async () => (await post("api/fill")).json());
	const isDisabled = isBusy || connection !== "open";
	const outcome = filled ? words.gapFilled(filled.missing, filled.filled) : isOff && words.urlIsOff;
	return (
		<>
			<button type="button" id="url-switch" disabled={isDisabled} onClick={toggle}>
				{isOff ? words.urlOn : words.urlOff}
			</button>
			<button type="button" id="fill" disabled={isDisabled} onClick={fill}>
				{words.fillGap}
			</button>
			<p class="note" role="status">
				{hasFailed ? words.actionFailed : outcome}
			</p>
		</>
	);
}

/** The switch that takes the table away. */
function TableSwitch({ state: { path, connection } }: { state: State }) {
	const { words } = useReader();
	const { isBusy, hasFailed, act } = useAction();
	const isTaken = path?.isTableTaken ?? false;
	const toggle = () => act(() => post("api/table", { isThere: isTaken }));
	return (
		<>
			<button
				type="button"
				id="table-switch"
				disabled={isBusy || connection !== "open"}
				onClick={toggle}
			>
				{isTaken ? words.bringTable : words.takeTable}
			</button>
			<p class="note" role="status">
				{hasFailed ? words.actionFailed : isTaken && words.tableTaken}
			</p>
		</>
	);
}
