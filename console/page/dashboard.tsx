import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import type { Dashboard, Graph } from "../protocol.ts";
import { chineseTitles } from "../words/words.ts";
import { useReader } from "./reader.ts";

/** The CloudWatch dashboard, question by question. */
export function DashboardView({ dashboard }: { dashboard: Dashboard }) {
	const { words } = useReader();
	return (
		<main id="main" class="dashboard">
			<p class="note">{words.dashboardNote(dashboard.period)}</p>
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
		</main>
	);
}

/** As it stands on AWS, in Chinese with a translation before it. */
function Title({ text }: { text: string }) {
	const { language } = useReader();
	const chinese = language === "zh" ? chineseTitles[text] : undefined;
	if (chinese === undefined) return <span lang="en">{text}</span>;
	return (
		<>
			{chinese}{" "}
			<span class="quiet original" lang="en">
				{text}
			</span>
		</>
	);
}

function GraphView({ graph, times }: { graph: Graph; times: readonly number[] }) {
	const { words } = useReader();
	const { title, lines, onlyOnAws } = graph;
	const hasData = lines.some(({ points }) => points.some((point) => point !== null && point > 0));
	return (
		<figure class="card graph">
			<figcaption>
				<Title text={title} />
			</figcaption>
			{lines.length > 0 ? (
				<Plot graph={graph} times={times} />
			) : (
				<p class="empty">{onlyOnAws.length > 0 ? words.nobodyMeasures : words.noData}</p>
			)}
			<ul class="legend">
				{lines.map(({ label, points }, i) => (
					<li key={label}>
						<i class={`colour-${i % COLOURS.length}`} aria-hidden="true" />
						<span lang="en">{label}</span> <b>{latestOf(points)}</b>
					</li>
				))}
			</ul>
			{lines.length > 0 && !hasData && <p class="note">{words.noData}</p>}
			{lines.length > 0 && onlyOnAws.length > 0 && (
				<p class="note">{words.onlyOnAws(onlyOnAws.join(", "))}</p>
			)}
		</figure>
	);
}

/** The newest value that says something: that of the current period, or else of the last one. */
function latestOf(points: readonly (number | null)[]): string {
	const latest = points.findLast((point) => point !== null && point !== 0) ?? points.at(-1) ?? null;
	return latest === null ? "–" : numberFormat.format(latest);
}

const numberFormat = new Intl.NumberFormat("en", { maximumFractionDigits: 1, notation: "compact" });

const COLOURS = ["--plot-0", "--plot-1", "--plot-2", "--plot-3", "--plot-4", "--plot-5"] as const;
const HEIGHT = 150;

function Plot({ graph, times }: { graph: Graph; times: readonly number[] }) {
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
				optionsOf(parent, shape.split("\n"), isOnRight),
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
	}, [shape, isOnRight.join()]);
	useEffect(() => plot.current?.setData(data));
	return <div ref={frame} class="plot" aria-hidden="true" />;
}

/** Colours are the page's own, which differ by light and dark. */
function optionsOf(
	parent: HTMLElement,
	labels: readonly string[],
	isOnRight: readonly boolean[],
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
		cursor: { show: false },
		scales: { y: { range }, right: { range } },
		axes: [
			{ ...axis, space: 60, size: 28, values: (_plot, times) => times.map(minuteOf) },
			{ ...axis, size: 44, space: 30, values: (_plot, values) => values.map(short) },
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
				stroke: colourOf(parent, COLOURS[i % COLOURS.length] ?? COLOURS[0]),
				width: 2,
				spanGaps: true,
				points: { show: (plot: uPlot, at: number) => isSparse(plot.data[at] ?? []), size: 6 },
			})),
		],
	};
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

function minuteOf(seconds: number): string {
	return new Date(seconds * 1_000).toLocaleTimeString("en-GB", { timeStyle: "short" });
}

function short(value: number): string {
	return numberFormat.format(value);
}
