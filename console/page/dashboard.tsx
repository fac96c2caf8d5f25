import { useEffect, useRef, useState } from "preact/hooks";
import uPlot from "uplot";
import { alarmWords } from "../../lib/words/alarm.ts";
import type { Words } from "../../lib/words/page/en.ts";
import { typeName } from "../../lib/words/type.ts";
import type { Dashboard, Graph, Line } from "../protocol.ts";
import { translated } from "./dashboard-words.ts";
import { hashOf, type Place, SPANS } from "./place.ts";
import { useReader } from "./reader.ts";
import type { State } from "./state.ts";
import { clockOf } from "./time.ts";

/** The CloudWatch dashboard, question by question, and the alarms. */
export function DashboardView({ state, place }: { state: State; place: Place }) {
	const { words } = useReader();
	const { dashboard, setup } = state;
	if (dashboard === undefined) return <p class="empty">{words.connecting}</p>;
	const { period, problem } = dashboard;
	return (
		<div class="dashboard" id="list" tabIndex={-1}>
			{setup?.stage && (
				<nav class="spans" aria-label={words.span}>
					{SPANS.map((hours) => (
						<a
							key={hours}
							href={hashOf({ ...place, hours })}
							aria-current={hours === place.hours ? "page" : undefined}
						>
							{words.spans[hours]}
						</a>
					))}
				</nav>
			)}
			{problem && <p class="alert">{words.notMeasured(problem)}</p>}
			<Alarms dashboard={dashboard} note={setup?.stage ? words.alarmsOfStage : words.alarmsNote} />
			<p class="note">{setup?.stage ? words.measuredNote(period) : words.dashboardNote(period)}</p>
			{dashboard.rows.map(({ question, graphs }) => (
				<section key={question} class="question">
					<h2>
						<Title text={question} />
					</h2>
					<div class={`graphs of-${graphs.length}`}>
						{graphs.map((graph) => (
							<GraphView key={graph.title} graph={graph} times={dashboard.times} />
						))}
					</div>
				</section>
			))}
		</div>
	);
}

function Alarms({ dashboard, note }: { dashboard: Dashboard; note: string }) {
	const { words, language } = useReader();
	const { alarms, alarmFacts } = dashboard;
	return (
		<section class="card" aria-labelledby="alarms">
			<header class="card-head">
				<h2 id="alarms">{words.alarms}</h2>
				<span class="quiet">{note}</span>
			</header>
			<table class="alarms">
				<thead>
					<tr>
						<th scope="col">{words.alarmName}</th>
						<th scope="col">{words.alarmState}</th>
						<th scope="col">{words.alarmRule}</th>
					</tr>
				</thead>
				<tbody>
					{alarms.map(({ title, state, rule, ...onAws }) => {
						const { name, description = onAws.description } = alarmWords(
							title,
							alarmFacts,
							language,
						);
						return (
							<tr key={title} title={description}>
								<th scope="row">
									{name} <code>{title}</code>
								</th>
								<td class={`alarm-${state}`}>{words.alarmStates[state]}</td>
								<td>
									<code>{rule}</code>
									{state === "alarm" && <p class="note">{description}</p>}
								</td>
							</tr>
						);
					})}
				</tbody>
			</table>
		</section>
	);
}

/** A text of the dashboard in the reader's language. */
function Title({ text }: { text: string }) {
	const { language } = useReader();
	return <>{translated(text, language)}</>;
}

/** What a line shows; a type of message by its name. */
function LineName({ line: { label, type } }: { line: Line }) {
	const { words, language } = useReader();
	if (type === undefined) return <span>{translated(label, language)}</span>;
	if (type === "none") return <span>{words.noType}</span>;
	return <span>{type === "other" ? words.otherTypes : typeName(Number(type), words)}</span>;
}

function GraphView({ graph, times }: { graph: Graph; times: readonly number[] }) {
	const { words, language } = useReader();
	const [pointed, setPointed] = useState<number>();
	const { title, lines, onlyOnAws } = graph;
	const at = pointed === undefined ? undefined : times[pointed];
	const hasData = lines.some(({ points }) => points.some((point) => point !== null && point > 0));
	return (
		<figure class="card graph">
			<figcaption>
				<Title text={title} />
			</figcaption>
			{lines.length > 0 ? (
				<Plot graph={graph} times={times} onPoint={setPointed} />
			) : (
				<p class="empty">{onlyOnAws.length > 0 ? words.nobodyMeasures : words.noData}</p>
			)}
			{lines.length > 0 && (
				<ul class="legend">
					<li class="quiet">
						{at === undefined ? words.now : clockOf(new Date(at * 1_000).toISOString(), words)}
					</li>
					{lines.map((line, i) => (
						<li key={line.label}>
							<i style={{ background: `var(${colourAt(i)})` }} aria-hidden="true" />
							<LineName line={line} /> <b>{valueAt(line, pointed, words)}</b>
							{line.total !== undefined && (
								<span class="quiet"> · {words.inAll(short(line.total, words))}</span>
							)}
						</li>
					))}
				</ul>
			)}
			{lines.length > 0 && !hasData && <p class="note">{words.noData}</p>}
			{lines.length > 0 && onlyOnAws.length > 0 && (
				<p class="note">
					{words.onlyOnAws(onlyOnAws.map((label) => translated(label, language)).join(", "))}
				</p>
			)}
		</figure>
	);
}

/** The value under the pointer, or the last one: a zero is a value, too. */
function valueAt({ points }: Line, pointed: number | undefined, words: Words): string {
	const value = points.at(pointed ?? -1) ?? null;
	return value === null ? "–" : short(value, words);
}

const COLOURS = ["--plot-0", "--plot-1", "--plot-2", "--plot-3", "--plot-4", "--plot-5"] as const;
const HEIGHT = 150;

function Plot(props: {
	graph: Graph;
	times: readonly number[];
	onPoint: (at: number | undefined) => void;
}) {
	const { words } = useReader();
	const { graph, times, onPoint } = props;
	const frame = useRef<HTMLDivElement>(null);
	const plot = useRef<uPlot>(null);
	const { lines } = graph;
	const data: uPlot.AlignedData = [[...times], ...lines.map(({ points }) => [...points])];
	const latest = useRef(data);
	latest.current = data;
	const shape = lines.map(({ label }) => label).join("\n");
	const isOnRight = lines.map((line) => line.isOnRight);
	useEffect(() => {
		const parent = frame.current;
		if (!parent) return;
		const draw = (): void => {
			plot.current?.destroy();
			plot.current = new uPlot(
				optionsOf(parent, shape.split("\n"), isOnRight, onPoint, words),
				latest.current,
				parent,
			);
		};
		draw();
		const observer = new ResizeObserver(() =>
			plot.current?.setSize({ width: parent.clientWidth, height: HEIGHT }),
		);
		observer.observe(parent);
		const scheme = matchMedia("(prefers-color-scheme: dark)");
		scheme.addEventListener("change", draw);
		return () => {
			observer.disconnect();
			scheme.removeEventListener("change", draw);
			plot.current?.destroy();
		};
	}, [shape, isOnRight.join(), words]);
	useEffect(() => plot.current?.setData(data), [times, graph]);
	return <div ref={frame} class="plot" aria-hidden="true" />;
}

/** Colours are the page's own, which differ by light and dark. */
function optionsOf(
	parent: HTMLElement,
	labels: readonly string[],
	isOnRight: readonly boolean[],
	onPoint: (at: number | undefined) => void,
	words: Words,
): uPlot.Options {
	const axis = {
		stroke: colourOf(parent, "--plot-text"),
		grid: { stroke: colourOf(parent, "--plot-grid"), width: 1 },
		ticks: { show: false },
		font: "11px system-ui",
	};
	const range: uPlot.Range.Function = (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1];
	return {
		width: parent.clientWidth,
		height: HEIGHT,
		legend: { show: false },
		cursor: { y: false, drag: { setScale: false, x: false } },
		hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? undefined)] },
		scales: { y: { range }, right: { range } },
		axes: [
			{ ...axis, space: 60, size: 28, values: (_plot, times) => times.map(momentOf) },
			{
				...axis,
				size: 44,
				space: 30,
				values: (_plot, values) => values.map((value) => short(value, words)),
			},
			...(isOnRight.includes(true)
				? [
						{
							...axis,
							scale: "right",
							side: 1 as const,
							size: 36,
							grid: { show: false },
						},
					]
				: []),
		],
		series: [
			{},
			...labels.map((label, i) => ({
				label,
				scale: isOnRight[i] ? "right" : "y",
				stroke: colourOf(parent, colourAt(i)),
				width: 2,
				spanGaps: true,
				points: { show: (plot: uPlot, at: number) => isSparse(plot.data[at] ?? []), size: 6 },
			})),
		],
	};
}

function colourAt(line: number): string {
	return COLOURS[line % COLOURS.length] ?? COLOURS[0];
}

/** A line needs two points side by side; one alone has to be seen as well. */
function isSparse(points: ArrayLike<number | null | undefined>): boolean {
	return Array.from(points).filter((point) => typeof point === "number").length < points.length / 3;
}

/** A canvas knows no custom properties, so the browser is asked what they come to. */
function colourOf(parent: HTMLElement, property: string): string {
	parent.style.color = `var(${property})`;
	return getComputedStyle(parent).color;
}

/** A day begins with its date. */
function momentOf(seconds: number): string {
	const time = new Date(seconds * 1_000);
	const clock = time.toLocaleTimeString("en-GB", { timeStyle: "short" });
	return clock === "00:00" ? `${time.getMonth() + 1}-${time.getDate()}` : clock;
}

function short(value: number, { locale }: Words): string {
	return value.toLocaleString(locale, { maximumFractionDigits: 1, notation: "compact" });
}
