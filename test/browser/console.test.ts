import { readFileSync } from "node:fs";
import { request } from "node:http";
import { createRequire } from "node:module";
import { PurgeQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import getPort from "get-port";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { launchChromium } from "../../build/chromium.ts";
import { type Console, startConsole } from "../../console/server.ts";
import { useStack } from "../stack/harness.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const DEADLINE = { timeout: 20_000, interval: 100 };
const TALL = { width: 1280, height: 900 };
const NARROW = { width: 390, height: 844 };

const harness = useStack({ LOG_LEVEL: "INFO", CALLBACK_TOKENS: TOKEN });
let browser: Browser;
let port: number;
let shown: Console;
/** Everything that any page has asked for. */
const asked = new Set<string>();
const problems: string[] = [];

const open = (): Promise<Console> =>
	startConsole(harness.stack, { port, tokens: [TOKEN], isLogged: true });

beforeAll(async () => {
	await harness.retryAfter(1);
	port = await getPort({ host: "127.0.0.1" });
	[shown, browser] = await Promise.all([open(), launchChromium()]);
});
afterEach(async () => {
	for (const context of browser.contexts()) await context.close();
	expect(problems).toEqual([]);
});
afterAll(async () => {
	await browser?.close();
	await shown?.stop();
});

async function visit(options: BrowserContextOptions = {}, hash = ""): Promise<Page> {
	const context = await browser.newContext({ locale: "en-US", viewport: TALL, ...options });
	context.setDefaultTimeout(DEADLINE.timeout);
	const page = await context.newPage();
	page.on("request", (sent) => asked.add(sent.url()));
	page.on("pageerror", (error) => problems.push(error.message));
	page.on("dialog", (dialog) => problems.push(`a script ran: ${dialog.message()}`));
	await page.goto(shown.url + hash);
	await page.locator("h1").waitFor();
	return page;
}

const sample = (page: Page, id: string): Promise<void> =>
	page.locator(`[data-sample="${id}"]`).click();

const message = (page: Page, words: string) => page.locator("a.message", { hasText: words });

const textOf = async (page: Page, selector: string): Promise<string> =>
	(await page.locator(selector).allTextContents()).join("\n");

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/** @returns what an accessibility checker finds wrong, in words. */
async function accessibilityProblems(page: Page): Promise<string[]> {
	// Colours are measured as they are at rest.
	await page.emulateMedia({ reducedMotion: "reduce" });
	await page.evaluate(axeSource);
	const found: unknown = await page.evaluate(
		"axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)))",
	);
	if (!Array.isArray(found)) throw new Error("the checker said nothing");
	return found.map(String);
}

const overflow = (page: Page): Promise<unknown> =>
	page.evaluate("document.documentElement.scrollWidth - innerWidth");

test("one press of the button: a message travels to its row, and the page says how", async () => {
	const page = await visit();
	await page.getByText("Nothing has come in this run yet").waitFor();
	await page.getByRole("button", { name: "Send a message" }).click();
	await message(page, "你好，请问今天几点开门？").waitFor();
	const steps = page.locator(".last .steps li");
	await vi.waitFor(async () => {
		expect(await steps.allTextContents()).toEqual([
			expect.stringMatching(/arrived$/),
			expect.stringMatching(/safe in the queue, answered 200 after \d/),
			expect.stringMatching(/became a row after \d/),
		]);
	}, DEADLINE);
	expect(await textOf(page, ".reply")).toMatch(/200 \{"errcode":0,"errmsg":"ok"\} \d+ ms/);
	await page.locator(".exchange summary").click();
	expect(await textOf(page, ".exchange pre")).toContain('"token": "•••"');
	const { size } = new Set((await harness.rows()).map(({ text }) => text));
	expect(size).toBe(1);
});

test("every sample of the menu is taken as it says, and shown without a reload", async () => {
	const page = await visit();
	const ids = await page
		.locator("[data-sample]")
		.evaluateAll((buttons) =>
			buttons.map((button) => String(Reflect.get(Reflect.get(button, "dataset"), "sample"))),
		);
	expect(ids.length).toBeGreaterThan(25);
	const answers: number[] = [];
	page.on("response", (response) => {
		if (response.url().endsWith("/api/send")) answers.push(response.status());
	});
	for (const id of ids) await sample(page, id);
	await vi.waitFor(() => expect(answers).toEqual(ids.map(() => 200)), DEADLINE);
	// All but the one refused, the other callback, and two that are not the first of their message.
	await vi.waitFor(
		async () => expect(await page.locator("a.message").count()).toBe(1 + ids.length - 2 + 1),
		DEADLINE,
	);
	await message(page, "3 revisions").waitFor();
	await message(page, "came again, still one row").waitFor();
	expect(await message(page, "群里的同一句话").count()).toBe(2);
	await message(page, "Type 42").getByText("unrecognized").waitFor();
	await message(page, "周店长 renamed the room").waitFor();
	await message(page, "完全按公开文档的写法").getByText("documented").waitFor();
	await page.getByText("the body is not a JSON object in UTF-8").waitFor();
	await page.locator(".lines", { hasText: "POST /room/joined" }).waitFor();
	expect((await page.content()).includes(TOKEN)).toBe(false);
});

test("a hostile body is words, never a script", async () => {
	const page = await visit();
	const hostile = message(page, "onerror");
	await hostile.waitFor();
	expect(await hostile.locator(".escape").allTextContents()).toEqual(
		expect.arrayContaining(["\\u202e", "\\u0000", "\\u001b", "\\ud83d"]),
	);
	await hostile.click();
	await page.locator("pre.raw").waitFor();
	expect(await page.title()).not.toContain("hacked");
	expect(await page.locator("#page img, #page script, #page b b").count()).toBe(0);
});

test("the filters and the search narrow the timeline down", async () => {
	const page = await visit();
	const items = page.locator("a.message");
	const filter = (name: string) =>
		page.locator(".filters label", { hasText: new RegExp(`^${name}`) }).locator("select");
	await items.first().waitFor();
	await filter("Conformance").selectOption({ label: "unrecognized" });
	await vi.waitFor(async () => {
		expect(await items.locator(".badge.corrected, .badge.documented").count()).toBe(0);
		expect(await items.count()).toBeGreaterThan(0);
	}, DEADLINE);
	await page.getByRole("button", { name: "Clear filters" }).click();
	await filter("Room").selectOption({ label: "新品体验群" });
	await page.getByLabel("Search the text").fill("同一句话");
	await vi.waitFor(async () => expect(await items.count()).toBe(2), DEADLINE);
	await page.getByLabel("Search the text").fill("nowhere to be found");
	await page.getByText("No message fits these filters.").waitFor();
});

test("a message opened tells its revisions, its corrections, its text, its row and its way", async () => {
	const page = await visit();
	await message(page, "3 revisions").click();
	const dialog = page.locator("dialog[open]");
	await dialog.getByText("Revision 3").first().waitFor();
	expect(await dialog.locator(".revision").count()).toBe(3);
	expect(await textOf(page, ".revision:nth-child(2) .added")).toContain("thumb.jpg");
	expect(await textOf(page, ".revision:nth-child(3) .added")).toContain("photo.jpg");
	expect(await textOf(page, ".ways .steps li:last-child")).toContain(
		"became a row beside the others of this message",
	);
	await dialog.locator(".corrections li").first().waitFor();
	expect(await textOf(page, ".corrections code")).toContain("T01");
	expect(await textOf(page, ".attributes")).toContain("receivedAt");
	const address = page.url();
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "detached" });

	await message(page, "Type 42").click();
	await dialog.getByText("type 42 is not a known one").waitFor();
	expect(await textOf(page, "mark")).toBe('    "type": 42,');
	await page.goto("about:blank");
	await page.goto(address);
	await page.locator(".revision").first().waitFor();
});

test("the table away: acknowledged all the same, and a row when it is back, without anybody's doing", async () => {
	const page = await visit();
	await page.getByRole("button", { name: "Take the table away" }).click();
	await page.locator(".path .is-away", { hasText: "Table" }).getByText("away").waitFor();
	await page.getByText("Something is away").waitFor();
	const before = await page.locator("a.message").count();
	await sample(page, "room");
	await page.locator(".reply.good").waitFor();
	await page.locator(".waiting .lines li").first().waitFor();
	await page.locator(".waiting", { hasText: "2 tries failed" }).waitFor();
	await page.getByRole("button", { name: "Bring the table back" }).click();
	await page.getByText("Everything works").waitFor();
	await vi.waitFor(
		async () => expect(await page.locator("a.message").count()).toBe(before + 1),
		DEADLINE,
	);
	await page.locator(".waiting").waitFor({ state: "detached" });
	expect(await textOf(page, ".last .steps li")).toMatch(
		/answered 200.*tries failed.*became a row/s,
	);
	expect(await harness.waiting(harness.stack.deadLetterQueueUrl)).toBe(0);
});

test("a dead letter says why, and can be sent back; what can still not be stored is there again", async () => {
	const page = await visit();
	const { queue, queueUrl, deadLetterQueueUrl } = harness.stack;
	await queue.client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "poison" }));
	await page.getByText("1 dead letter", { exact: true }).waitFor();
	const letter = page.locator(".card", { hasText: "Dead letters" }).locator(".lines li");
	await letter.filter({ hasText: "not an envelope: no JSON" }).waitFor();
	await page.getByRole("button", { name: "Send back to the queue" }).click();
	await vi.waitFor(async () => {
		expect(await page.locator(".card .lines code.reason").count()).toBe(1);
		expect(await harness.waiting(queueUrl)).toBe(0);
		expect(await harness.waiting(deadLetterQueueUrl)).toBe(1);
	}, DEADLINE);
	await queue.client.send(new PurgeQueueCommand({ QueueUrl: deadLetterQueueUrl }));
	await page.getByText("No dead letters.").waitFor();
});

test("the language follows the browser, can be switched, and is remembered", async () => {
	const page = await visit({ locale: "zh-CN" });
	await page.getByRole("button", { name: "发一条消息" }).waitFor();
	expect(await page.getAttribute("html", "lang")).toBe("zh-CN");
	await page.getByRole("button", { name: "Switch to English" }).click();
	await page.getByRole("button", { name: "Send a message" }).waitFor();
	expect(await page.getAttribute("html", "lang")).toBe("en");
	await page.reload();
	await page.getByRole("button", { name: "Send a message" }).waitFor();
});

test("all of it with the keyboard alone", async () => {
	const page = await visit();
	await page.locator("a.message").first().waitFor();
	const focused = (): Promise<unknown> => page.evaluate("document.activeElement?.className");
	await page.keyboard.press("Tab");
	expect(await focused()).toBe("skip");
	await page.keyboard.press("Enter");
	await vi.waitFor(async () => {
		await page.keyboard.press("Tab");
		expect(await focused()).toBe("message");
	}, DEADLINE);
	await page.keyboard.press("Enter");
	await page.locator("dialog[open] pre").first().waitFor();
	await page.keyboard.press("Escape");
	await page.locator("dialog").waitFor({ state: "detached" });
	expect(await focused()).toBe("message");
});

test("the dashboard shows the widgets that are deployed, with the metrics of this run", async () => {
	const page = await visit({}, "#dashboard");
	await page.getByText("Is the URL alive?").waitFor();
	const titles = harness.stack.definitions.dashboard.flatMap(({ properties }) =>
		properties.title === undefined ? [] : [properties.title],
	);
	expect(await page.locator("figcaption").allTextContents()).toEqual(titles);
	expect(await page.locator(".graph", { hasText: "Callbacks taken" }).textContent()).toMatch(
		/Received [1-9]/,
	);
	expect(await page.locator(".graph", { hasText: "by type" }).textContent()).toContain("other");
	expect(await page.locator("canvas").count()).toBeGreaterThan(10);
});

test.each(["light", "dark"] as const)(
	"nothing is wrong for a screen reader, %s",
	async (scheme) => {
		const page = await visit({ colorScheme: scheme });
		await page.locator("a.message").first().waitFor();
		expect(await accessibilityProblems(page)).toEqual([]);
		await message(page, "3 revisions").click();
		await page.locator(".corrections li").first().waitFor();
		expect(await accessibilityProblems(page)).toEqual([]);
		await page.keyboard.press("Escape");
		await page.getByRole("link", { name: "Dashboard" }).click();
		await page.locator("canvas").first().waitFor();
		expect(await accessibilityProblems(page)).toEqual([]);
	},
);

test("nothing is wider than a telephone", async () => {
	const page = await visit({ viewport: NARROW });
	await page.locator("a.message").first().waitFor();
	expect(await overflow(page)).toBe(0);
	await message(page, "3 revisions").click();
	await page.locator(".revision").first().waitFor();
	expect(
		await page.evaluate(
			"(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('dialog'))",
		),
	).toBe(0);
	await page.keyboard.press("Escape");
	await page.getByRole("link", { name: "Dashboard" }).click();
	await page.locator("canvas").first().waitFor();
	expect(await overflow(page)).toBe(0);
});

test("a page that is open comes back by itself when the console does", async () => {
	const page = await visit();
	await page.locator("a.message").first().waitFor();
	await shown.stop();
	await page.getByRole("alert").waitFor();
	shown = await open();
	await page.getByRole("alert").waitFor({ state: "detached" });
	await page.getByText("Everything works").waitFor();
	await message(page, "3 revisions").waitFor();
});

test("other web pages are sent away, and the page itself asks nobody else", async () => {
	const status = (method: string, headers: Record<string, string>): Promise<number | undefined> =>
		new Promise((resolve, reject) => {
			request(new URL("/", shown.url), { method, headers }, ({ statusCode }) => resolve(statusCode))
				.on("error", reject)
				.end();
		});
	expect(await status("GET", {})).toBe(200);
	expect(await status("GET", { host: "rebound.example" })).toBe(403);
	expect(await status("POST", { origin: "http://evil.example" })).toBe(403);
	expect(await status("POST", {})).toBe(403);
	expect(asked.size).toBeGreaterThan(5);
	for (const url of asked) expect(url).toMatch(new RegExp(`^(data:|${shown.url})`));
});
