import assert from "node:assert/strict";
import { SQSClient } from "@aws-sdk/client-sqs";
import { execa } from "execa";
import getPort from "get-port";
import pWaitFor from "p-wait-for";
import type { Page } from "playwright-core";
import { chromiumPath, launchChromium } from "../../../build/chromium.ts";
import { buildConsole } from "../../../build/console.ts";
import { countQueue } from "../../../lib/archive/queue-counts.ts";
import { projectRoot } from "../../definitions.ts";
import type { Step } from "../rehearsal.ts";
import type { RehearsedStage } from "../stage.ts";
import { areAcknowledged, DEADLINE, post, textMessage } from "./traffic.ts";

export const watching: Step = {
	title: "the console",
	async run(stage) {
		if (chromiumPath() === undefined) {
			return { shown: "nothing", notShown: "its page: there is no Chromium on the PATH" };
		}
		await buildConsole();
		const port = await getPort({ host: "127.0.0.1" });
		const options = ["--stage", stage.stage, "--port", String(port)];
		const ended = new AbortController();
		const { cwd, env } = { cwd: projectRoot, env: stage.environment };
		const command = execa("node", [`cli/${COMMAND}.ts`, ...options], {
			...{ cwd, env, all: true, reject: false, cancelSignal: ended.signal },
		});
		const browser = await launchChromium();
		try {
			await pWaitFor(() => isOpen(port), DEADLINE).catch(async () => {
				ended.abort();
				throw new Error(`the console does not open: ${(await command).all}`);
			});
			const page = await browser.newPage({ locale: "en-US" });
			page.setDefaultTimeout(DEADLINE.timeout);
			await page.goto(`http://127.0.0.1:${port}/`);
			await look(stage, page);
		} finally {
			await browser.close();
			ended.abort();
			await command;
		}
		// A look that was under way at the end holds the letter for a moment.
		const client = new SQSClient({ useQueueUrlAsEndpoint: false });
		await pWaitFor(
			async () => (await countQueue(client, stage.deadLetterQueueUrl)).visible === 1,
			DEADLINE,
		);
		return {
			shown:
				"a page shows what the stage has and what comes, finds a chat, opens a message, sends a dead letter back when asked twice, and has the dashboard with each alarm",
			notShown: "graphs with values: the engine makes no metrics of the functions' logs",
		};
	},
};

const COMMAND = "console";

async function isOpen(port: number): Promise<boolean> {
	return fetch(`http://127.0.0.1:${port}/`).then(
		({ ok }) => ok,
		() => false,
	);
}

async function look(stage: RehearsedStage, page: Page): Promise<void> {
	const message = (words: string) => page.locator("a.message", { hasText: words });
	await page.getByText(`Stage ${stage.stage}`).waitFor();
	await page.getByText("Queue and table answer").waitFor();
	await page.getByText(/\d read, back to |all that there are/).waitFor();
	const body = textMessage({ chatId: "watched", payload: { text: "seen on the console" } });
	areAcknowledged([await post(stage, body)]);
	await message("seen on the console").first().click();
	await page.locator("dialog[open] pre.raw", { hasText: "seen on the console" }).waitFor();
	assert.ok(!(await page.content()).includes(stage.token), "no token is shown");
	await page.goto(`${page.url().split("#")[0]}#messages?chat=watched`);
	await page.getByText("1 message, all that there is").waitFor();

	const letter = page.locator(".dead-letters .lines > li", { hasText: "not an envelope" });
	await letter.getByRole("button", { name: "Send back" }).click();
	await page.getByText(`to the queue of the stage ${stage.stage}?`).waitFor();
	const answer = page.waitForResponse((response) => response.url().endsWith("/api/redrive"));
	await page.locator("dialog[open]").getByRole("button", { name: "Send back" }).click();
	assert.equal((await answer).status(), 204);
	// It is set aside again.
	const client = new SQSClient({ useQueueUrlAsEndpoint: false });
	await pWaitFor(
		async () => (await countQueue(client, stage.deadLetterQueueUrl)).all === 1,
		DEADLINE,
	);

	await page.getByRole("link", { name: "Dashboard" }).click();
	await page.getByText("Is the URL alive?").waitFor();
	assert.ok((await page.locator(".alarms tbody tr").count()) > 10, "each alarm is there");
}
