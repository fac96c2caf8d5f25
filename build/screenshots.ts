import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import getPort from "get-port";
import { startConsole } from "../console/server.ts";
import { type Stack, startStack } from "../local/stack.ts";
import { stageOf } from "../local/stage.ts";
import { launchChromium } from "./chromium.ts";

/** What is to be seen, the first sent first. */
const SAMPLES = ["notJson", "future", "type9999", "type2", "retry", "twoBots", "reply", "revision"];
const LAST = "type7";
/** How many messages these are. */
const MESSAGES = 9;
const PICTURES = [
	{ file: "console-en.png", locale: "en-US" },
	{ file: "console-zh.png", locale: "zh-CN" },
];

const docs = new URL("../docs/", import.meta.url);
const freePort = (): Promise<number> => getPort({ host: "127.0.0.1" });

/** Takes the README's pictures of the console from a stack of its own, so that they stay true. */
async function takeScreenshots(stack: Stack): Promise<void> {
	Object.assign(process.env, stack.environment);
	const page = await startConsole(stageOf(stack, { tokens: [], isLogged: true }), await freePort());
	const browser = await launchChromium();
	try {
		for (const [i, { file, locale }] of PICTURES.entries()) {
			const context = await browser.newContext({
				locale,
				viewport: { width: 1280, height: 800 },
				reducedMotion: "reduce",
			});
			const tab = await context.newPage();
			await tab.goto(page.url);
			await tab.locator(".menu summary").click();
			for (const sample of i === 0 ? SAMPLES : []) {
				await tab.locator(`[data-sample="${sample}"]`).click();
				await tab.locator(".reply").first().waitFor();
			}
			await tab.locator(`[data-sample="${LAST}"]`).click();
			await tab
				.locator("a.message")
				.nth(MESSAGES - 1 + i)
				.waitFor();
			await tab.locator(".path li:nth-child(3)", { hasText: /^\D*0/ }).waitFor();
			await tab.locator(".menu summary").click();
			await tab.locator("h1").hover();
			await tab.screenshot({ path: fileURLToPath(new URL(file, docs)) });
			await context.close();
		}
	} finally {
		await browser.close();
		await page.stop();
	}
}

const directory = await mkdtemp(join(tmpdir(), "screenshots-"));
await mkdir(docs, { recursive: true });
const stack = await startStack({
	port: await getPort({ host: "127.0.0.1", port: 3_000 }),
	engine: "dynalite",
	directory,
	settings: { LOG_LEVEL: "INFO", CALLBACK_TOKENS: "" },
});
try {
	await takeScreenshots(stack);
} finally {
	await stack.stop();
	await rm(directory, { recursive: true, force: true });
}
