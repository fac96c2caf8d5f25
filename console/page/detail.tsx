import type { ComponentChildren } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { readViolation } from "../../lib/message/violation.ts";
import type { RowKey } from "../../lib/storage/row.ts";
import { languages } from "../../lib/words/languages.ts";
import { typeName } from "../../lib/words/type.ts";
import { segmentsOf, violationWords } from "../../lib/words/violation.ts";
import type {
	CorrectionSummary,
	Draft,
	KeptBody,
	MessageDetail,
	RevisionDetail,
} from "../protocol.ts";
import { Badge } from "./badge.tsx";
import { Bubble } from "./bubble.tsx";
import { changesOf } from "./changes.ts";
import { fetchCallback, fetchCorrections, fetchMessage, fetchRequest } from "./connection.ts";
import { CopyButton } from "./copy.tsx";
import { curlOf } from "./curl.ts";
import { Dialog } from "./dialog.tsx";
import { JourneySteps } from "./journey.tsx";
import { linesOf } from "./layout.ts";
import { hashOf, viewOf } from "./place.ts";
import { useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import { clockOf, sizeOf } from "./time.ts";

/** What every drawer can do. */
export interface DrawerProps {
	readonly onClose: () => void;
	/** Opens the one below in the list; undefined when there is none. */
	readonly onNext: (() => void) | undefined;
	readonly onPrevious: (() => void) | undefined;
	/** Where and how a request can be sent, on a stage where it can. */
	readonly sending:
		| {
				readonly callbackUrl: string;
				readonly onSend: (draft: Draft) => void;
				readonly onEdit: (draft: Draft) => void;
		  }
		| undefined;
	/** What was sent last: below a dialog nobody would see it. */
	readonly sent: ComponentChildren;
}

const RETRY_MS = 1_000;

/**
 * Loads what a drawer shows, again and again while nobody answers.
 *
 * @param version changes when there is more to be known.
 */
function useLoaded<Detail>(load: () => Promise<Detail | undefined>, version: string) {
	const [loaded, setLoaded] = useState<Detail | "loading" | "missing" | "away">("loading");
	useEffect(() => {
		let isStale = false;
		let timer: ReturnType<typeof setTimeout> | undefined;
		const attempt = (): void => {
			load().then(
				(detail) => isStale || setLoaded(detail ?? "missing"),
				() => {
					if (isStale) return;
					setLoaded((known) => (typeof known === "object" ? known : "away"));
					timer = setTimeout(attempt, RETRY_MS);
				},
			);
		};
		attempt();
		return () => {
			isStale = true;
			clearTimeout(timer);
		};
	}, [version]);
	return loaded;
}

/** What is opened, above the page. */
function Drawer(
	props: DrawerProps & {
		title: string;
		loaded: object | "loading" | "missing" | "away";
		draft?: Draft | undefined;
		actions?: ComponentChildren;
		children: ComponentChildren;
	},
) {
	const { title, loaded, draft, actions, children, sending, onNext, onPrevious } = props;
	const { words } = useReader();
	return (
		<Dialog label="drawer" class="drawer" onClose={props.onClose}>
			{(close) => (
				<>
					<header class="drawer-head">
						<h2 id="drawer">{title}</h2>
						<button type="button" disabled={!onPrevious} onClick={onPrevious}>
							<span aria-hidden="true">↑</span> {words.previous}
						</button>
						<button type="button" disabled={!onNext} onClick={onNext}>
							<span aria-hidden="true">↓</span> {words.next}
						</button>
						<button type="button" onClick={close}>
							{words.close}
						</button>
					</header>
					{draft && (
						<div class="buttons">
							{sending && (
								<>
									<button type="button" onClick={() => sending.onSend(draft)}>
										{words.sendAgain}
									</button>
									<button
										type="button"
										onClick={() => {
											close();
											sending.onEdit(draft);
										}}
									>
										{words.editAndSend}
									</button>
									<CopyCurl draft={draft} callbackUrl={sending.callbackUrl} />
								</>
							)}
							<CopyButton text={draft.body.text}>{words.copyBody}</CopyButton>
							{actions}
						</div>
					)}
					{loaded === "loading" && <p class="note">{words.connecting}</p>}
					{loaded === "missing" && <p class="empty">{words.notFound}</p>}
					{loaded === "away" && <p class="empty">{words.tableAway}</p>}
					{typeof loaded === "object" && <div class="drawer-body">{children}</div>}
					{props.sent}
				</>
			)}
		</Dialog>
	);
}

/**
 * A message opened.
 *
 * @param version changes when there is more to be known of the message.
 */
export function MessageDrawer(props: DrawerProps & { rowKey: RowKey; version: string }) {
	const { rowKey, version } = props;
	const { words } = useReader();
	const loaded = useLoaded(() => fetchMessage(rowKey), version);
	const detail = typeof loaded === "object" ? loaded : undefined;
	const text = detail && fullestOf(detail)?.text;
	const { messageId, chatId } = detail?.summary ?? {};
	return (
		<Drawer
			{...props}
			title={words.message}
			loaded={loaded}
			draft={text === undefined ? undefined : draftOf({ text, encoding: "utf8" })}
			actions={
				<>
					{messageId && <CopyButton text={messageId}>{words.copyId}</CopyButton>}
					{chatId && (
						<a class="button" href={hashOf(viewOf("chat", { chat: chatId }))}>
							{words.openChat}
						</a>
					)}
				</>
			}
		>
			{detail && <OpenedMessage detail={detail} />}
		</Drawer>
	);
}

function draftOf(body: KeptBody, method = "POST", path = "message"): Draft {
	return { method, path, body };
}

function fullestOf({ summary, revisions }: MessageDetail): RevisionDetail | undefined {
	return revisions.find(({ attributes }) => attributes.sk === summary.sk);
}

function CopyCurl({ draft, callbackUrl }: { draft: Draft; callbackUrl: string }) {
	const { words } = useReader();
	const { method, path, body } = draft;
	// The page is drawn again each second.
	const text = useMemo(
		() => curlOf(draft, callbackUrl),
		[method, path, body.text, body.encoding, callbackUrl],
	);
	return <CopyButton text={text}>{words.copyCurl}</CopyButton>;
}

/** Another callback as it lies in the table. */
export function CallbackDrawer(props: DrawerProps & { rowKey: RowKey }) {
	const { rowKey } = props;
	const { words } = useReader();
	const loaded = useLoaded(() => fetchCallback(rowKey), "");
	const detail = typeof loaded === "object" ? loaded : undefined;
	const { method = "", path = "", query = "", body, receivedAt = "" } = detail ?? {};
	const url = `${path}${query && `?${query}`}`;
	// The row holds the path as it is meant, not as it stands in a URL.
	const sentPath = path
		.split("/")
		.map((part) => encodeURIComponent(part.toWellFormed()))
		.join("/");
	return (
		<Drawer
			{...props}
			title={words.otherCallback}
			loaded={loaded}
			draft={body && draftOf(body, method, `${sentPath}${query && `?${query}`}`)}
		>
			<p>
				<code>
					<Seen text={`${method} /${url}`} />
				</code>{" "}
				{receivedAt && <time dateTime={receivedAt}>{clockOf(receivedAt, words)}</time>}
			</p>
			<BodyOf body={body} />
		</Drawer>
	);
}

/** A request of this run, with its answer. */
export function RequestDrawer(props: DrawerProps & { id: string }) {
	const { words } = useReader();
	const loaded = useLoaded(() => fetchRequest(props.id), "");
	const detail = typeof loaded === "object" ? loaded : undefined;
	const { method = "", url = "", at = "", status, answer, reason, ms, messageId } = detail ?? {};
	return (
		<Drawer
			{...props}
			title={words.request}
			loaded={loaded}
			draft={detail?.body && draftOf(detail.body, method, url)}
			actions={messageId && <CopyButton text={messageId}>{words.copyId}</CopyButton>}
		>
			<p>
				<code>
					<Seen text={`${method} ${url}`} />
				</code>{" "}
				{at && <time dateTime={at}>{clockOf(at, words)}</time>}
			</p>
			<Part title={words.reply}>
				<p class={`reply ${status === 200 ? "good" : "bad"}`}>
					<b>{status}</b> {reason && words.refusal[reason]}{" "}
					{ms !== undefined && <span class="quiet">{ms} ms</span>}
				</p>
				{answer && (
					<pre>
						<Seen text={answer} longest={LONGEST_RAW} />
					</pre>
				)}
			</Part>
			<Part title={words.headers}>
				<Pairs pairs={Object.entries(detail?.headers ?? {})} />
			</Part>
			<BodyOf body={detail?.body} />
		</Drawer>
	);
}

function BodyOf({ body }: { body: KeptBody | undefined }) {
	const { words } = useReader();
	if (body === undefined) return <p class="note">{words.noBody}</p>;
	return (
		<>
			{body.encoding === "base64" && <p class="note">{words.base64}</p>}
			{body.encoding === "utf8" && (
				<Part title={words.body}>
					<Body text={body.text} />
				</Part>
			)}
			<Part title={words.raw}>
				<Raw text={body.text} />
			</Part>
		</>
	);
}

function OpenedMessage({ detail }: { detail: MessageDetail }) {
	const { words } = useReader();
	const { summary, revisions } = detail;
	const { preview, isSelf, type, conformance, contact, contactId, room, roomId, bot } = summary;
	const fullest = fullestOf(detail);
	const place = room ?? roomId;
	return (
		<>
			<div class="drawer-summary">
				<p class="tags">
					{summary.origin && <span class="tag">{words.fromHistory}</span>}
					<span class="type">{typeName(type, words)}</span>
					<Badge conformance={conformance} />
				</p>
				<p>
					<strong>
						<Seen text={(isSelf ? bot : (contact ?? contactId)) ?? words.noName} />
					</strong>{" "}
					<span class="quiet">
						{place !== undefined && <Seen text={`${words.inRoom(place)} · `} />}
						<Seen text={isSelf ? words.ownMessage : words.sentBy(bot ?? "–")} />
					</span>
				</p>
				<Bubble preview={preview} isSelf={isSelf} />
			</div>
			<Part title={words.itsWay}>
				<Ways revisions={revisions} />
			</Part>
			{fullest && (
				<Part title={words.why}>
					<Verdict revision={fullest} />
				</Part>
			)}
			{revisions.length > 1 && (
				<Part title={words.revisions}>
					<SideBySide revisions={revisions} fullestSk={summary.sk} />
				</Part>
			)}
			{fullest && (
				<>
					<Part title={words.body}>
						<Body text={fullest.text} violations={fullest.attributes.violations} />
					</Part>
					<Part title={words.raw}>
						<Raw text={fullest.text ?? words.incomplete} />
					</Part>
					<Part title={words.row}>
						<Pairs pairs={Object.entries(fullest.attributes)} />
					</Part>
				</>
			)}
		</>
	);
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
	return (
		<section>
			<h3>{title}</h3>
			{children}
		</section>
	);
}

function Ways({ revisions }: { revisions: readonly RevisionDetail[] }) {
	const { words } = useReader();
	const isKnown = revisions.some(({ journeys }) => journeys.length > 0);
	if (!isKnown) return <p class="note">{words.earlierRun}</p>;
	return (
		<div class="ways">
			{revisions.map(({ attributes, journeys }, i) => (
				<div key={attributes.sk}>
					{revisions.length > 1 && <h4>{words.revision(i + 1)}</h4>}
					{journeys.length === 0 && <p class="note">{words.earlierRun}</p>}
					{journeys.map((journey, way) => (
						<JourneySteps
							key={journey.takenAt ?? way}
							journey={journey}
							{...(way === 0 &&
								journey.outcome !== "duplicate" && { receivedAt: attributes.receivedAt })}
						/>
					))}
				</div>
			))}
		</div>
	);
}

function Verdict({ revision }: { revision: RevisionDetail }) {
	const { words } = useReader();
	const { conformance, violations = [] } = revision.attributes;
	return (
		<>
			<p>{words[`${conformance}Means`]}</p>
			{conformance === "unrecognized" && (
				<>
					<h4>{words.violations}</h4>
					<ul class="violations">
						{violations.map((violation) => (
							<li key={violation}>
								<Seen text={violationWords(violation, words)} />
							</li>
						))}
					</ul>
				</>
			)}
			{conformance === "corrected" && <Corrections revision={revision} />}
		</>
	);
}

function Corrections({ revision }: { revision: RevisionDetail }) {
	const { words, language } = useReader();
	const { pk, sk } = revision.attributes;
	const [found, setFound] = useState<readonly CorrectionSummary[]>();
	useEffect(() => {
		let isStale = false;
		fetchCorrections({ pk, sk }).then(
			(corrections = []) => isStale || setFound(corrections),
			() => isStale || setFound([]),
		);
		return () => {
			isStale = true;
		};
	}, [pk, sk]);
	return (
		<>
			<h4>{words.corrections}</h4>
			{found === undefined && <p class="note">{words.checking}</p>}
			{found?.length === 0 && <p class="note">{words.noCorrections}</p>}
			<ul class="corrections">
				{found?.map(({ id, ...said }) => {
					const { wrong, fix } = languages[language].corrections[id] ?? said;
					return (
						<li key={id}>
							<code>{id}</code> <strong>{words.correctionKinds[id[0] ?? ""]}</strong>{" "}
							<span>
								{wrong} → {fix}
							</span>
						</li>
					);
				})}
			</ul>
		</>
	);
}

function SideBySide(props: { revisions: readonly RevisionDetail[]; fullestSk: string }) {
	const { revisions, fullestSk } = props;
	const { words } = useReader();
	const texts = revisions.map(({ text = words.incomplete }) => text);
	// The page is drawn again each second.
	const changes = useMemo(
		() => texts.map((text, i) => changesOf(texts[i - 1] ?? text, text)),
		texts,
	);
	return (
		<div class="side-by-side">
			{revisions.map(({ attributes }, i) => {
				const before = revisions[i - 1];
				const lines = changes[i] ?? [];
				return (
					<div key={attributes.sk} class="revision">
						<h4>
							{words.revision(i + 1)}
							{attributes.sk === fullestSk && <span class="tag">{words.fullest}</span>}
						</h4>
						{before && <p class="note">{words.changesFrom(i)}</p>}
						<pre>
							{lines.map((line, n) => (
								<span key={n} class={`line ${line.change}`}>
									{line.change !== "same" && (
										<span class="sign">
											<span aria-hidden="true">{line.change === "added" ? "+ " : "− "}</span>
											<span class="visually-hidden">{words[line.change]}: </span>
										</span>
									)}
									<Seen text={line.text} longest={LONGEST_RAW} />
								</span>
							))}
						</pre>
					</div>
				);
			})}
		</div>
	);
}

function Body(props: { text: string | undefined; violations?: readonly string[] | undefined }) {
	const { text: body, violations: texts = [] } = props;
	const { words } = useReader();
	const violations = texts.map(readViolation);
	// The page is drawn again each second.
	const lines = useMemo(
		() =>
			linesOf(
				body ?? "",
				violations.map(({ pointer }) => segmentsOf(pointer)),
			),
		[body, texts.join("\n")],
	);
	if (body === undefined) return <p class="note">{words.incomplete}</p>;
	if (lines.length === 0) return <p class="note">{words.notLaidOut}</p>;
	return (
		<>
			{violations.length > 0 && <p class="note">{words.bodyNote}</p>}
			<pre>
				{lines.map(({ text, isMarked }, n) => (
					<span key={n} class={isMarked ? "line marked" : "line"}>
						{isMarked ? (
							<mark>
								<Seen text={text} longest={LONGEST_RAW} />
							</mark>
						) : (
							<Seen text={text} longest={LONGEST_RAW} />
						)}
						{isMarked && missingAt(text) && (
							<em>
								{" "}
								← {missingAt(text)} {words.missingHere}
							</em>
						)}
					</span>
				))}
			</pre>
		</>
	);

	/** The missing members that belong into the object which opens in this line. */
	function missingAt(line: string): string {
		const key = /"([^"]*)"\s*:/.exec(line)?.[1]?.trim();
		return violations
			.filter(({ keyword }) => keyword === "required")
			.map(({ pointer }) => segmentsOf(pointer))
			.filter((keys) => keys.at(-2) === key)
			.map((keys) => keys.at(-1))
			.join(", ");
	}
}

/** A page with a megabyte of text is of no use to anyone. */
const LONGEST_RAW = 20_000;

function Raw({ text }: { text: string }) {
	const { words } = useReader();
	const bytes = new TextEncoder().encode(text).length;
	return (
		<>
			<p class="note">{words.rawNote(sizeOf(bytes))}</p>
			<pre class="raw">
				<Seen text={text} isRaw={true} longest={LONGEST_RAW} />
			</pre>
		</>
	);
}

function Pairs({ pairs }: { pairs: readonly (readonly [string, unknown])[] }) {
	const { words } = useReader();
	return (
		<table class="attributes">
			<thead class="visually-hidden">
				<tr>
					<th scope="col">{words.attribute}</th>
					<th scope="col">{words.value}</th>
				</tr>
			</thead>
			<tbody>
				{pairs.map(([name, value]) => (
					<tr key={name}>
						<th scope="row">{name}</th>
						<td>
							<Seen text={typeof value === "string" ? value : JSON.stringify(value)} isRaw={true} />
						</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}
