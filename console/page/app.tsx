import { useCallback, useEffect, useMemo, useReducer, useState } from "preact/hooks";
import type { RowKey } from "../../lib/storage/row.ts";
import type { MessageSummary, PathState, Setup, Update } from "../protocol.ts";
import { dictionary, type Language } from "../words/words.ts";
import { listen, sendSample } from "./connection.ts";
import { DashboardView } from "./dashboard.tsx";
import { Detail } from "./detail.tsx";
import { JourneySteps } from "./journey.tsx";
import { firstLanguage, rememberedLanguage, rememberLanguage } from "./language.ts";
import { Path } from "./path.tsx";
import { readPlace } from "./place.ts";
import { ReaderContext, useReader } from "./reader.ts";
import { Exchanges, Samples, type Sending } from "./samples.tsx";
import { nothing, type State, updated } from "./state.ts";
import { Timeline } from "./timeline.tsx";
import { BreakIt, DeadLetters, OnTheWay, OtherCallbacks, Refused } from "./trouble.tsx";

/** What a newcomer sends first. */
const FIRST_SAMPLE = "type7";

/** The whole page. */
export function App() {
	const [state, dispatch] = useReducer(reduce, nothing);
	const [language, setLanguage] = useState(() =>
		firstLanguage(rememberedLanguage(), navigator.languages),
	);
	const [place, setPlace] = useState(() => readPlace(location.hash));
	const [sending, setSending] = useState<Sending>({ isSending: false, exchanges: [] });
	const reader = useMemo(() => ({ language, words: dictionary[language] }), [language]);
	useEffect(() => listen(dispatch, () => dispatch("gone")), []);
	useEffect(() => {
		document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
		document.title = `${dictionary[language].title} · miaohui-receiver`;
	}, [language]);
	useEffect(() => {
		const follow = (): void => setPlace(readPlace(location.hash));
		addEventListener("hashchange", follow);
		return () => removeEventListener("hashchange", follow);
	}, []);
	const send = useCallback(async (sample: string): Promise<void> => {
		setSending({ isSending: true, exchanges: [] });
		const exchanges = await sendSample(sample).catch(() => []);
		setSending({ isSending: false, exchanges });
	}, []);
	const changeLanguage = (next: Language): void => {
		setLanguage(next);
		rememberLanguage(next);
	};
	const { message } = place;
	const close = (): void => {
		history.pushState(null, "", "#");
		setPlace(readPlace(""));
	};
	return (
		<ReaderContext.Provider value={reader}>
			{place.view === "messages" && (
				<a class="skip" href="#timeline-list">
					{reader.words.skip}
				</a>
			)}
			<Header state={state} view={place.view} onLanguage={changeLanguage} />
			{place.view === "dashboard" && state.dashboard ? (
				<DashboardView dashboard={state.dashboard} />
			) : (
				<Messages state={state} sending={sending} onSend={send} />
			)}
			{message && (
				<Detail
					key={message.pk + message.sk}
					rowKey={message}
					version={versionOf(state.messages, message)}
					onClose={close}
				/>
			)}
		</ReaderContext.Provider>
	);
}

function reduce(state: State, action: Update | "gone"): State {
	return action === "gone" ? { ...state, connection: "gone" } : updated(state, action);
}

function versionOf(messages: readonly MessageSummary[], key: RowKey): string {
	const message = messages.find(({ pk, sk }) => pk === key.pk && sk === key.sk);
	return message ? `${message.revisions}/${message.duplicates}` : "";
}

function Header(props: {
	state: State;
	view: "messages" | "dashboard";
	onLanguage: (language: Language) => void;
}) {
	const { state, view, onLanguage } = props;
	const { words, language } = useReader();
	return (
		<header class="top">
			<div class="top-line">
				<div class="brand">
					<h1>
						miaohui-receiver <span class="quiet">{words.title}</span>
					</h1>
				</div>
				<nav aria-label={words.views}>
					<a href="#messages" aria-current={view === "messages" ? "page" : undefined}>
						{words.messages}
					</a>
					<a href="#dashboard" aria-current={view === "dashboard" ? "page" : undefined}>
						{words.dashboard}
					</a>
				</nav>
				<button
					type="button"
					class="plain"
					lang={language === "zh" ? "en" : "zh"}
					aria-label={words.languageLabel}
					onClick={() => onLanguage(language === "zh" ? "en" : "zh")}
				>
					{words.language}
				</button>
			</div>
			{state.setup && (
				<div class="top-line">
					<CallbackUrl setup={state.setup} />
					<Health state={state} />
				</div>
			)}
			{state.connection === "gone" && (
				<p class="alert" role="alert">
					{words.gone}
				</p>
			)}
			{state.setup?.isLogged === false && <p class="alert">{words.notLogged}</p>}
		</header>
	);
}

function CallbackUrl({ setup }: { setup: Setup }) {
	const { words } = useReader();
	const [isCopied, setCopied] = useState(false);
	const copy = async (): Promise<void> => {
		await navigator.clipboard.writeText(setup.callbackUrl);
		setCopied(true);
	};
	return (
		<div class="callback-url">
			<span class="quiet">{words.callbackUrl}</span>
			<code>{setup.callbackUrl}</code>
			<button type="button" onClick={() => void copy().catch(() => undefined)}>
				<span aria-live="polite">{isCopied ? words.copied : words.copy}</span>
			</button>
			<span class="quiet token">{setup.isOpenToAnyone ? words.anyToken : words.listedTokens}</span>
		</div>
	);
}

function Health({ state: { path, connection } }: { state: State }) {
	const { words } = useReader();
	const isUp =
		connection === "open" && path !== undefined && path.isApiUp && path.isQueueUp && path.isTableUp;
	return (
		<p class={`health ${isUp ? "up" : "down"}`} role="status">
			<span aria-hidden="true">{isUp ? "●" : "✕"}</span> {isUp ? words.healthy : words.unhealthy}
		</p>
	);
}

function Messages(props: { state: State; sending: Sending; onSend: (sample: string) => void }) {
	const { state, sending, onSend } = props;
	const { words } = useReader();
	const { path, setup, messages, waiting, refused, deadLetters, callbacks } = state;
	const areDead = deadLetters.count > 0;
	if (!path || !setup)
		return (
			<main id="main" class="empty">
				{words.connecting}
			</main>
		);
	return (
		<main id="main">
			<section class="card hero" aria-labelledby="path">
				<div class="hero-head">
					<div>
						<h2 id="path">{words.pathTitle}</h2>
						<p class="note">{words.tagline}</p>
					</div>
					<button
						type="button"
						class="primary"
						disabled={sending.isSending}
						onClick={() => onSend(FIRST_SAMPLE)}
					>
						{words.sendOne}
					</button>
				</div>
				<Path path={path} />
				<div class="hero-foot">
					<LastMessage path={path} message={messages[0]} waiting={waiting[0]} />
					<Exchanges sending={sending} />
				</div>
			</section>
			<div class="columns">
				<div class="column">
					<OnTheWay waiting={waiting} />
					{areDead && <DeadLetters letters={deadLetters} />}
					<Timeline messages={messages} path={path} arrivals={state.arrivals} />
				</div>
				<div class="column">
					<Samples choices={setup.samples} onSend={onSend} />
					<BreakIt path={path} hasWaiting={waiting.some(({ isDead }) => !isDead)} />
					{!areDead && <DeadLetters letters={deadLetters} />}
					<Refused refused={refused} />
					<OtherCallbacks callbacks={callbacks} />
				</div>
			</div>
		</main>
	);
}

/** What happened to the newest message, in words. */
function LastMessage(props: {
	path: PathState;
	message: MessageSummary | undefined;
	waiting: State["waiting"][number] | undefined;
}) {
	const { path, message, waiting } = props;
	const { words } = useReader();
	const shown = newerOf(message, waiting);
	if (path.taken === 0 || shown === undefined) {
		return <p class="last note">{words.nothingYet}</p>;
	}
	return (
		<div class="last">
			<h3>{words.lastMessage}</h3>
			<JourneySteps {...shown} />
		</div>
	);
}

function newerOf(
	message: MessageSummary | undefined,
	waiting: State["waiting"][number] | undefined,
): Parameters<typeof JourneySteps>[0] | undefined {
	const journey = message?.journey;
	const isWaitingNewer = (waiting?.takenAt ?? "") > (journey?.takenAt ?? "");
	if (waiting && isWaitingNewer) return { journey: waiting, isDead: waiting.isDead };
	if (!journey || !message) return undefined;
	return journey.outcome === "duplicate" ? { journey } : { journey, receivedAt: message.arrivedAt };
}
