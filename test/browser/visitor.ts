import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { launchChromium } from "../../build/chromium.ts";

export const DEADLINE = { timeout: 20_000, interval: 100 };
export const TALL = { width: 1280, height: 900 };
export const NARROW = { width: 390, height: 844 };

/** Somebody with a browser, in which nothing may go wrong. */
export interface Visitor {
	visit(url: string, options?: BrowserContextOptions): Promise<Page>;
	/** Everything that any page has asked for. */
	readonly asked: ReadonlySet<string>;
}

/** Starts a browser before the tests of a file, and ends it after them. */
export function useVisitor(): Visitor {
	let browser: Browser;
	const asked = new Set<string>();
	const problems: string[] = [];
	beforeAll(async () => {
		browser = await launchChromium();
	});
	afterEach(async () => {
		for (const context of browser.contexts()) await context.close();
		expect(problems).toEqual([]);
	});
	afterAll(() => browser?.close());
	return {
		async visit(url, options) {
			const context = await browser.newContext({ locale: "en-US", viewport: TALL, ...options });
			context.setDefaultTimeout(DEADLINE.timeout);
			const page = await context.newPage();
			page.on("request", (sent) => asked.add(sent.url()));
			page.on("pageerror", (error) => problems.push(error.message));
			page.on("dialog", (dialog) => problems.push(`a script ran: ${dialog.message()}`));
			await page.goto(url);
			await page.locator("h1").waitFor();
			return page;
		},
		asked,
	};
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

/** @returns what an accessibility checker finds wrong, in words. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
	// Colours are measured as they are at rest.
	await page.emulateMedia({ reducedMotion: "reduce" });
	await page.evaluate(axeSource);
	const found: unknown = await page.evaluate(
		"axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html + ' ' + failureSummary)))",
	);
	if (!Array.isArray(found)) throw new Error("the checker said nothing");
	return found.map(String);
}

/** @returns by how many pixels a page is too wide. */
export function overflow(page: Page): Promise<unknown> {
	return page.evaluate("document.documentElement.scrollWidth - innerWidth");
}
