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

/**
 * Draws the layout of a dashboard: its questions, its graphs with their titles and what each shows.
 *
 * @returns an SVG, the same for the same widgets.
 */
export function pictureOf(widgets: readonly Widget[]): string {
	const height = Math.max(...widgets.map((widget) => widget.y + widget.height)) * UNIT;
	const width = Math.max(...widgets.map((widget) => widget.x + widget.width)) * UNIT;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif">
<title>The CloudWatch dashboard, row by row</title>
<rect width="100%" height="100%" fill="#f2f3f3"/>
${widgets.map(widgetPicture).join("\n")}
</svg>
`;
}

const COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728", "#9467bd", "#8c564b"];

function widgetPicture({ type, x, y, width, height, properties }: Widget): string {
	const [left, top] = [x * UNIT + GAP, y * UNIT + GAP];
	if (type === "text") {
		const words = escaped((properties.markdown ?? "").replace(/^#+ /, ""));
		return `<text x="${left + 4}" y="${top + UNIT / 2 + 4}" font-size="22" font-weight="bold" fill="#16191f">${words}</text>`;
	}
	const [boxWidth, boxHeight] = [width * UNIT - 2 * GAP, height * UNIT - 2 * GAP];
	const labels = (properties.metrics ?? []).map(labelOf);
	const legendTop = top + boxHeight - labels.length * LINE - 4;
	const legend = labels.map((label, i) => {
		const line = legendTop + i * LINE;
		const colour = COLOURS[i % COLOURS.length];
		return `<rect x="${left + 12}" y="${line}" width="10" height="10" fill="${colour}"/><text x="${left + 28}" y="${line + 10}" font-size="13" fill="#414d5c">${escaped(label)}</text>`;
	});
	return `<rect x="${left}" y="${top}" width="${boxWidth}" height="${boxHeight}" rx="8" fill="#fff" stroke="#d5dbdb"/>
<text x="${left + 12}" y="${top + 24}" font-size="15" font-weight="bold" fill="#16191f">${escaped(properties.title ?? "")}</text>
<path d="M${left + 12} ${top + 40}V${legendTop - 12}H${left + boxWidth - 12}" fill="none" stroke="#aab7b8"/>
${legend.join("\n")}`;
}

function labelOf(metric: readonly unknown[]): string {
	const { label, expression } = Object(metric.at(-1));
	return String(label ?? (expression ? "each type that comes" : metric[1]));
}

function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
