import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { RowKey } from "../../lib/storage/row.ts";
import type { CorrectionSummary, MessageDetail, RevisionDetail } from "../protocol.ts";
import { correctionKinds } from "../words/words.ts";
import { Badge } from "./badge.tsx";
import { Bubble } from "./bubble.tsx";
import { changesOf } from "./changes.ts";
import { fetchCorrections, fetchMessage } from "./connection.ts";
import { JourneySteps } from "./journey.tsx";
import { linesOf } from "./layout.ts";
import { useReader } from "./reader.ts";
import { Seen } from "./seen.tsx";
import { sizeOf } from "./time.ts";
import { TypeName } from "./type-name.tsx";
import { readViolation, segmentsOf } from "./violation.ts";

type Loaded = MessageDetail | "loading" | "missing" | "away";

/**
 * A message opened, above the page.
 *
 * @param version changes when there is more to be known of the message.
 */
export function Detail(props: { rowKey: RowKey; version: string; onClose: () => void }) {
	const { rowKey, version, onClose } = props;
	const { words } = useReader();
	const dialog = useRef<HTMLDialogElement>(null);
	const [loaded, setLoaded] = useState<Loaded>("loading");
	useEffect(() => {
		if (dialog.current?.open === false) dialog.current.showModal();
	}, []);
	useEffect(() => {
		let isStale = false;
		fetchMessage(rowKey).then(
			(detail) => isStale || setLoaded(detail ?? "missing"),
			() => isStale || setLoaded("away"),
		);
		return () => {
			isStale = true;
		};
	}, [rowKey.pk, rowKey.sk, version]);
	return (
		<dialog ref={dialog} class="detail" aria-labelledby="detail" onClose={onClose}>
			<header class="detail-head">
				<h2 id="detail">{words.message}</h2>
				<button type="button" onClick={() => dialog.current?.close()}>
					{words.close}
				</button>
			</header>
			{loaded === "loading" && <p class="note">{words.connecting}</p>}
			{loaded === "missing" && <p class="empty">{words.notFound}</p>}
			{loaded === "away" && <p class="empty">{words.tableAway}</p>}
			{typeof loaded === "object" && <Opened detail={loaded} />}
		</dialog>
	);
}

function Opened({ detail }: { detail: MessageDetail }) {
	const { words } = useReader();
	const { summary, revisions } = detail;
	const { preview, isSelf, type, conformance, contact, contactId, room, roomId, bot } = summary;
	const fullest = revisions.find(({ attributes }) => attributes.sk === summary.sk);
	const place = room ?? roomId;
	return (
		<div class="detail-body">
			<div class="detail-summary">
				<p class="message-foot">
					<TypeName type={type} />
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
						<Body revision={fullest} />
					</Part>
					<Part title={words.raw}>
						<Raw text={fullest.text ?? words.incomplete} />
					</Part>
					<Part title={words.row}>
						<Attributes revision={fullest} />
					</Part>
				</>
			)}
		</div>
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
	const { words, language } = useReader();
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
								<Seen text={readViolation(violation, language).words} />
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
				{found?.map(({ id, wrong, fix }) => (
					<li key={id}>
						<code>{id}</code> <strong>{correctionKinds[language][id[0] ?? ""]}</strong>{" "}
						<span lang="en">
							{wrong} → {fix}
						</span>
					</li>
				))}
			</ul>
		</>
	);
}

function SideBySide(props: { revisions: readonly RevisionDetail[]; fullestSk: string }) {
	const { revisions, fullestSk } = props;
	const { words } = useReader();
	return (
		<div class="side-by-side">
			{revisions.map(({ attributes, text = words.incomplete }, i) => {
				const before = revisions[i - 1];
				const lines = changesOf(before?.text ?? text, text);
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
									<Seen text={line.text} />
								</span>
							))}
						</pre>
					</div>
				);
			})}
		</div>
	);
}

function Body({ revision }: { revision: RevisionDetail }) {
	const { words, language } = useReader();
	const violations = (revision.attributes.violations ?? []).map((one) =>
		readViolation(one, language),
	);
	const lines = linesOf(
		revision.text ?? "",
		violations.map(({ pointer }) => segmentsOf(pointer)),
	);
	if (revision.text === undefined) return <p class="note">{words.incomplete}</p>;
	if (lines.length === 0) return <p class="note">{words.notLaidOut}</p>;
	return (
		<>
			{violations.length > 0 && <p class="note">{words.bodyNote}</p>}
			<pre>
				{lines.map(({ text, isMarked }, n) => (
					<span key={n} class={isMarked ? "line marked" : "line"}>
						{isMarked ? (
							<mark>
								<Seen text={text} />
							</mark>
						) : (
							<Seen text={text} />
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
			.filter(({ isMissing }) => isMissing)
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
				<Seen text={text.slice(0, LONGEST_RAW)} isRaw={true} />
				{text.length > LONGEST_RAW && <em>{words.tooLong(text.length - LONGEST_RAW)}</em>}
			</pre>
		</>
	);
}

function Attributes({ revision }: { revision: RevisionDetail }) {
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
				{Object.entries(revision.attributes).map(([name, value]) => (
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
