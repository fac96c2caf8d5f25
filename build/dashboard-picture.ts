/** A widget of a CloudWatch dashboard's body. */
export interface Widget {
	readonly type: "text" | "metric";
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
	readonly properties: {
		readonly title?: string;
		readonly markdown?: string;
		readonly metrics?: readonly (readonly unknown[])[];
	};
}

const UNIT = 46;
const GAP = 4;
const LINE = 17;

/** What a run has measured: by a widget's title and a line's label. */
export type Run = Readonly<Record<string, Readonly<Record<string, readonly (number | null)[]>>>>;

/**
 * Draws a dashboard: its questions, its graphs with their titles and what each shows.
 *
 * @param run the data to be drawn.
 * @returns an SVG, the same for the same widgets and data.
 */
export function pictureOf(widgets: readonly Widget[], run: Run): string {
	const height = Math.max(...widgets.map((widget) => widget.y + widget.height)) * UNIT;
	const width = Math.max(...widgets.map((widget) => widget.x + widget.width)) * UNIT;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif">
<title>The CloudWatch dashboard, row by row</title>
<rect width="100%" height="100%" fill="#f2f3f3"/>
${widgets.map((widget) => widgetPicture(widget, run)).join("\n")}
</svg>
`;
}

const COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b"];

function widgetPicture({ type, x, y, width, height, properties }: Widget, run: Run): string {
	const [left, top] = [x * UNIT + GAP, y * UNIT + GAP];
	if (type === "text") {
		const words = escaped((properties.markdown ?? "").replace(/^#+ /, ""));
		return `<text x="${left + 4}" y="${top + UNIT / 2 + 4}" font-size="22" font-weight="bold" fill="#16191f">${words}</text>`;
	}
	const [boxWidth, boxHeight] = [width * UNIT - 2 * GAP, height * UNIT - 2 * GAP];
	const measured = run[properties.title ?? ""] ?? {};
	const named = (properties.metrics ?? []).map(labelOf);
	const labels = named.includes(EACH) ? Object.keys(measured) : named;
	const legendTop = top + boxHeight - labels.length * LINE - 4;
	const legend = labels.map((label, i) => {
		const line = legendTop + i * LINE;
		const colour = COLOURS[i % COLOURS.length];
		return `<rect x="${left + 12}" y="${line}" width="10" height="10" fill="${colour}"/><text x="${left + 28}" y="${line + 10}" font-size="13" fill="#414d5c">${escaped(label)}</text>`;
	});
	return `<rect x="${left}" y="${top}" width="${boxWidth}" height="${boxHeight}" rx="8" fill="#fff" stroke="#d5dbdb"/>
<text x="${left + 12}" y="${top + 24}" font-size="15" font-weight="bold" fill="#16191f">${escaped(properties.title ?? "")}</text>
<path d="M${left + 12} ${top + 40}V${legendTop - 12}H${left + boxWidth - 12}" fill="none" stroke="#aab7b8"/>
${curves(
	labels.map((label) => measured[label] ?? []),
	[left + 12, top + 44],
	[boxWidth - 24, legendTop - top - 58],
)}
${legend.join("\n")}`;
}

const EACH = "each type that comes";

/** The lines of a graph, and how high its axis goes. */
function curves(
	lines: readonly (readonly (number | null)[])[],
	[left, top]: readonly [number, number],
	[width, height]: readonly [number, number],
): string {
	const most = Math.max(0, ...lines.flat().map((value) => value ?? 0));
	if (most === 0) return "";
	const drawn = lines.map((points, i) => {
		const places = points.flatMap((value, at) => {
			if (value === null) return [];
			const x = left + (width * at) / Math.max(1, points.length - 1);
			return [`${x.toFixed(1)},${(top + height * (1 - value / most)).toFixed(1)}`];
		});
		return `<polyline points="${places.join(" ")}" fill="none" stroke="${COLOURS[i % COLOURS.length]}" stroke-width="2"/>`;
	});
	const scale = Number(most.toPrecision(2));
	return `<text x="${left + 4}" y="${top + 8}" font-size="11" fill="#5f6b7a">${scale}</text>
${drawn.join("\n")}`;
}

function labelOf(metric: readonly unknown[]): string {
	const { label, expression } = Object(metric.at(-1));
	return String(label ?? (expression ? EACH : metric[1]));
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
