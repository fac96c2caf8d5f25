import getPort from "get-port";
import type { Page } from "playwright-core";
import { afterEach, expect, test, vi } from "vitest";
import { type Console, startConsole } from "../../console/server.ts";
import type { Stage } from "../../console/stage.ts";
import { alarmsOf, frameOf, reportOf, widgetsIn } from "../../console/watch/report.ts";
import { languages } from "../../lib/words/languages.ts";
import { dashboardWidgets } from "../../resources/dashboard.ts";
import { rowOf, stageWith, tableOf } from "../unit/console/stage.ts";
import { accessibilityProblems, DEADLINE, NARROW, overflow, TALL, useVisitor } from "./visitor.ts";

const { visit } = useVisitor();
let shown: Console | undefined;

const [SENT, ARRIVED] = ["2026-02-02T01:40:00.000Z", "2026-02-02T02:40:00.000Z"];
const first = { chatId: "old", contactName: "很久以前", payload: { text: "第一句话" }, type: 42 };
/** 640 messages of one chat, of which 500 are read at first, and an old one of another. */
const rows = [
	rowOf(0, { ...first, timestamp: Date.parse(SENT) }),
	...Array.from({ length: 640 }, (_, i) =>
		rowOf(86_400 + i, { chatId: "busy", contactName: "林小满", payload: { text: `第 ${i} 条` } }),
	),
];

/** A dashboard with data, as CloudWatch would tell it. */
async function measure(hours: number) {
	const template = JSON.stringify({
		widgets: dashboardWidgets("receiver", "prod", "rows", languages.en),
	});
	const frame = frameOf(hours, Date.now());
	const Timestamps = frame.times.map((seconds) => new Date(seconds * 1_000));
	const drawn = reportOf(widgetsIn(template), frame, [
		{ Id: "m0", Timestamps, Values: frame.times.map(() => hours) },
	]);
	const alarm = { AlarmDescription: "Look.", EvaluationPeriods: 1, Threshold: 1, Period: 60 };
	const alarms = ["ALARM", "OK", "INSUFFICIENT_DATA"].map((StateValue, i) => ({
		...{ ...alarm, AlarmName: `r-prod-alarm${i}`, StateValue, AlarmActions: ["topic"] },
		...{ MetricName: "Dead", Statistic: "Sum", ComparisonOperator: "GreaterThanThreshold" },
	}));
	return { ...drawn, ...alarmsOf(alarms, "r-prod") };
}

/** Shows a stage of its own: what one page has read is known to the next. */
async function show(parts: Partial<Stage> = {}): Promise<Console> {
	await shown?.stop();
	const { run: _, ...stage } = stageWith({
		name: "prod",
		reader: tableOf(rows),
		measure,
		...parts,
	});
	shown = await startConsole(stage, await getPort({ host: "127.0.0.1" }));
	return shown;
}
afterEach(async () => {
	await shown?.stop();
	shown = undefined;
});

const items = (page: Page) => page.locator("a.message");

test.each([TALL, NARROW])(
	"the newest come first, older ones as one scrolls, and it is said how far, at $width px",
	async (viewport) => {
		const page = await visit((await show()).url, { viewport });
		await items(page).filter({ hasText: "第 639 条" }).waitFor();
		await page.getByText(/\d+ read, back to .+; the table has more/).waitFor();
		expect(await items(page).count()).toBe(50);
		const last = items(page).nth(49);
		await last.scrollIntoViewIfNeeded();
		const { y } = (await last.boundingBox()) ?? {};
		await vi.waitFor(async () => expect(await items(page).count()).toBeGreaterThan(50), DEADLINE);
		// What comes does not move what is seen.
		expect((await last.boundingBox())?.y).toBeCloseTo(y ?? 0, 0);
		await vi.waitFor(
			async () => {
				await items(page).last().scrollIntoViewIfNeeded();
				expect(await items(page).count()).toBe(641);
			},
			{ timeout: 60_000, interval: 50 },
		);
		await page.getByText("641 messages, all that there are").waitFor();
		await items(page).filter({ hasText: "第一句话" }).waitFor();
		expect(await overflow(page)).toBe(0);
	},
	90_000,
);

test.each([
	["chat=old", "第一句话"],
	["search=message-0", "第一句话"],
	["contact=7881300000000001&search=第%20639%20条", "第 639 条"],
	[`until=${rows[0]?.receivedAt.slice(0, 10)}`, "第一句话"],
])("with %s what is old is found at once", async (query, text) => {
	const { url } = await show();
	const page = await visit(`${url}#messages?${query}`);
	await vi.waitFor(async () => expect(await items(page).count()).toBe(1), DEADLINE);
	await items(page).filter({ hasText: text }).waitFor();
	const chat = await visit(`${url}#chat?chat=old`);
	await chat.getByRole("heading", { name: "很久以前" }).waitFor();
});

test("a time says what it is of: in the list of the arrival, in a chat of the sending", async () => {
	const { url } = await show({ reader: tableOf(rows.slice(0, 1)) });
	const timeOf = (page: Page) => page.locator("a time").getAttribute("title");
	expect(await timeOf(await visit(url))).toBe(`arrived ${ARRIVED} · sent ${SENT}`);
	expect(await timeOf(await visit(`${url}#chat?chat=old`))).toBe(`sent ${SENT}`);
	const page = await visit(url, { locale: "zh-CN" });
	expect(await timeOf(page)).toBe(`到达 ${ARRIVED} · 发送 ${SENT}`);
});

test("a search says how far it has looked, and goes on when it is told to", async () => {
	const many = Array.from({ length: 3_000 }, (_, i) => rowOf(100_000 + i));
	const table = tableOf([...rows.slice(0, 1), ...many]);
	const page = await visit(`${(await show({ reader: table })).url}#messages?type=42`);
	const go = page.getByRole("button", { name: /^Searched back to .+; search on$/ });
	await go.waitFor();
	expect(await page.getByText("No message fits").count()).toBe(0);
	expect(await items(page).count()).toBe(0);
	await go.click();
	await items(page).filter({ hasText: "Type 42" }).waitFor();
	await page.getByText("1 of 3001 messages").waitFor();
});

test.each([TALL, NARROW])(
	"the dashboard of a stage: what CloudWatch has of an hour, a day, a week, at $width px",
	async (viewport) => {
		const page = await visit(`${(await show()).url}#dashboard`, { viewport });
		const taken = page.locator(".graph", { hasText: "Callbacks taken" });
		await taken.getByText("60 in all").waitFor();
		await page.locator(".alarms tr", { hasText: "alarm0" }).locator(".alarm-alarm").waitFor();
		await page.locator(".alarms tr", { hasText: "alarm1" }).locator(".alarm-ok").waitFor();
		await page.getByRole("link", { name: "Week" }).click();
		await taken.getByText("28.2K in all").waitFor();
		await page.getByText("A point is 60 min.").waitFor();
		expect(page.url()).toContain("#dashboard?hours=168");
		await page.reload();
		await taken.getByText("28.2K in all").waitFor();
		expect(await overflow(page)).toBe(0);
		if (viewport === TALL) expect(await accessibilityProblems(page)).toEqual([]);
	},
);

test("before a stage nothing is wrong for a screen reader, a question included", async () => {
	const letter = {
		...{ row: undefined, text: "poison", reason: "no JSON", queuedAt: 0, sqsMessageId: "d" },
	};
	const { url } = await show({
		reader: tableOf(rows.slice(0, 9)),
		feel: async () => ({
			isTableUp: true,
			deadLetterQueue: { visible: 1, hidden: 0 },
		}),
		letters: {
			peek: async () => ({ letters: [letter], hidden: 0 }),
			redrive: async () => 0,
			redriveOne: async () => {},
		},
	});
	const page = await visit(url, { locale: "zh-CN" });
	await page.getByText("部署环境 prod").waitFor();
	await page.getByText("有部件不可用").waitFor();
	expect(await accessibilityProblems(page)).toEqual([]);
	await page.getByRole("button", { name: "送回队列" }).last().click();
	await page.getByText("把 1 条死信送回部署环境 prod 的队列吗？").waitFor();
	expect(await accessibilityProblems(page)).toEqual([]);
});
