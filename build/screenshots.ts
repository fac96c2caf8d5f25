import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import getPort from "get-port";
import pWaitFor from "p-wait-for";
import type { Browser } from "playwright-core";
import type { Update } from "../console/protocol.ts";
import { startConsole } from "../console/server.ts";
import { type Stack, startStack } from "../local/stack.ts";
import { stageOf } from "../local/stage.ts";
import { launchChromium } from "./chromium.ts";
import { sendSample, toldBy } from "./told.ts";

/** What is to be seen, the first sent first. */
const SAMPLES = [
	...["notJson", "future", "type9999", "type2", "retry", "twoBots", "reply", "revision", "type7"],
];
/** How many messages these are. */
const MESSAGES = 9;
/** When all is as if it had happened. */
const NOW = Date.parse("2026-01-31T02:00:00.000Z");
const PORT = 3_000;
const PICTURES = [
	{ file: "console-en.png", locale: "en-US", colorScheme: "light" },
	{ file: "console-zh.png", locale: "zh-CN", colorScheme: "light" },
	{ file: "console-en-dark.png", locale: "en-US", colorScheme: "dark" },
	{ file: "console-zh-dark.png", locale: "zh-CN", colorScheme: "dark" },
] as const;

const docs = new URL("../docs/", import.meta.url);
const freePort = (): Promise<number> => getPort({ host: "127.0.0.1" });

/**
 * Takes the pictures of the console from a stack of its own, so that they stay true. The page is shown
 * what that stack has told, with times and addresses that are the same each time: a change in a picture
 * is a change in the page.
 */
async function takeScreenshots(stack: Stack): Promise<void> {
	Object.assign(process.env, stack.environment);
	const page = await startConsole(stageOf(stack, { tokens: [], isLogged: true }), await freePort());
	const browser = await launchChromium();
	try {
		for (const sample of SAMPLES) await sendSample(page.url, sample);
		let update: Update = {};
		await pWaitFor(
			async () => {
				update = await toldBy(page.url, "limit=50&hours=0");
				return update.list?.messages.length === MESSAGES && update.path?.queued === 0;
			},
			{ interval: 500, timeout: 60_000 },
		);
		const told = JSON.stringify(atFixedTimes(update));
		for (const picture of PICTURES) await take(browser, page.url, told, picture);
	} finally {
		await browser.close();
		await page.stop();
	}
}

function atFixedTimes({ list, requests = [], setup, ...rest }: Update): Update {
	const at = (n: number): string => new Date(NOW - n * 7_000).toISOString();
	return {
		...rest,
		...(list && {
			list: {
				...list,
				messages: list.messages.map((one, n) => ({ ...one, sentAt: at(n), arrivedAt: at(n) })),
			},
		}),
		requests: requests.map((one, n) => ({ ...one, at: at(n) })),
		...(setup?.run && {
			setup: {
				...setup,
				run: { ...setup.run, callbackUrl: `http://127.0.0.1:${PORT}/message` },
			},
		}),
	};
}

async function take(
	browser: Browser,
	url: string,
	told: string,
	{ file, locale, colorScheme }: (typeof PICTURES)[number],
): Promise<void> {
	const context = await browser.newContext({
		...{ locale, colorScheme, timezoneId: "Asia/Shanghai", reducedMotion: "reduce" },
		viewport: { width: 1280, height: 800 },
	});
	const tab = await context.newPage();
	await tab.clock.setFixedTime(NOW + 60_000);
	// The server's stream would tell the true times.
	await tab.addInitScript(`EventSource = class {
		constructor() {
			this.timer = setInterval(() => this.onmessage({ data: ${JSON.stringify(told)} }), 100);
		}
		close() {
			clearInterval(this.timer);
		}
	};`);
	await tab.goto(url);
	await tab
		.locator("a.message")
		.nth(MESSAGES - 1)
		.waitFor();
	await tab.locator("h1").hover();
	// A first picture may be taken before a font is there.
	let before = "";
	await pWaitFor(async () => {
		const picture = await tab.screenshot({ animations: "disabled" });
		const isStill = picture.toString("base64") === before;
		before = picture.toString("base64");
		return isStill;
	});
	await writeFile(new URL(file, docs), Buffer.from(before, "base64"));
	await context.close();
}

const directory = await mkdtemp(join(tmpdir(), "screenshots-"));
await mkdir(docs, { recursive: true });
const stack = await startStack({
	port: await freePort(),
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
