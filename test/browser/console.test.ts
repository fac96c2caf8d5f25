import { request } from "node:http";
import { PurgeQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import getPort from "get-port";
import type { BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { deployedStage } from "../../console/deployed.ts";
import { type Console, startConsole } from "../../console/server.ts";
import { groupOf } from "../../lib/archive/revisions.ts";
import { stageOf } from "../../local/stage.ts";
import { textMessage } from "../callbacks.ts";
import { latinIn } from "../latin.ts";
import { useStack } from "../stack/harness.ts";
import { accessibilityProblems, DEADLINE, NARROW, overflow, TALL, useVisitor } from "./visitor.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";

const harness = useStack({ LOG_LEVEL: "INFO", CALLBACK_TOKENS: TOKEN });
const visitor = useVisitor();
let port: number;
let shown: Console;

const open = (): Promise<Console> =>
	startConsole(stageOf(harness.stack, { tokens: [TOKEN], isLogged: true }), port);

beforeAll(async () => {
	await harness.retryAfter(1);
	port = await getPort({ host: "127.0.0.1" });
	// The first start of a function is slow on a busy machine; here the way of a callback is looked at.
	await harness.send("/message", { method: "POST" });
	shown = await open();
});
afterAll(() => shown?.stop());

const visit = (options: BrowserContextOptions = {}, hash = ""): Promise<Page> =>
	visitor.visit(shown.url + hash, options);

async function sample(page: Page, id: string): Promise<void> {
	const button = page.locator(`[data-sample="${id}"]`);
	if (!(await button.isVisible())) await page.locator(".menu summary").click();
	await button.click();
}

/** Posts a message as the platform does. */
const post = (fields: Readonly<Record<string, unknown>>) =>
	harness.post(textMessage({ token: TOKEN, timestamp: Date.now(), ...fields }));

const select = (page: Page, name: string) =>
	page.locator(".filters label", { hasText: new RegExp(`^${name}`) }).locator("select");

const message = (page: Page, words: string) => page.locator("a.message", { hasText: words });

const textOf = async (page: Page, selector: string): Promise<string> =>
	(await page.locator(selector).allTextContents()).join("\n");

test("one press of the button: a message travels to its row, and the page says how", async () => {
	const page = await visit();
	await page.getByText("Nothing has come in this run yet").waitFor();
	const steps = page.locator(".last .steps li");
	const told = page.locator("a.message", { hasText: "你好，请问今天几点开门？" });
	let presses = 0;
	const press = async (): Promise<string[]> => {
		await page.getByRole("button", { name: "Send a message" }).click();
		presses++;
		await vi.waitFor(async () => expect(await told.count()).toBe(presses), DEADLINE);
		if (presses === 1) await page.locator(".last summary").click();
		return vi.waitFor(async () => {
			const texts = await steps.allTextContents();
			expect(texts.at(-1)).toMatch(/became a row|nothing was written/);
			return texts;
		}, DEADLINE);
	};
	let shownSteps = await press();
	// A queue that answers late, as on a busy machine, is asked twice; then the way is that of the second.
	while (shownSteps.length < 3 && presses < 4) shownSteps = await press();
	expect(shownSteps).toEqual([
		expect.stringMatching(/arrived$/),
		expect.stringMatching(/safe in the queue, answered 200 after \d/),
		expect.stringMatching(/became a row after \d/),
	]);
	expect(await textOf(page, ".reply")).toMatch(/200 \{"errcode":0,"errmsg":"ok"\} \d+ ms/);
	await page.locator(".exchange summary").click();
	expect(await textOf(page, ".exchange pre")).toContain('"token": ""');
	const { size } = new Set((await harness.rows()).map(({ text }) => text));
	expect(size).toBe(presses);
});

test("every sample of the menu is taken as it says, and shown without a reload", async () => {
	const page = await visit();
	const ids = await page
		.locator("[data-sample]")
		.evaluateAll((buttons) =>
			buttons.map((button) => String(Reflect.get(Reflect.get(button, "dataset"), "sample"))),
		);
	expect(ids.length).toBeGreaterThan(25);
	await post({ messageId: "before", payload: { text: "在它们前面" } });
	await message(page, "在它们前面").waitFor();
	const before = await page.locator("a.message").count();
	const answers: number[] = [];
	page.on("response", (response) => {
		if (response.url().endsWith("/api/send")) answers.push(response.status());
	});
	for (const id of ids) await sample(page, id);
	await vi.waitFor(() => expect(answers).toEqual(ids.map(() => 200)), DEADLINE);
	// All but the one refused, the other callback, and two that are not the first of their message.
	await vi.waitFor(
		async () => expect(await page.locator("a.message").count()).toBe(before + ids.length - 1),
		DEADLINE,
	);
	await message(page, "3 revisions").waitFor();
	// Others may have come again too: a queue that answers late is asked twice.
	await message(page, "重试的消息").getByText("came again, still one row").waitFor();
	expect(await message(page, "群里的同一句话").count()).toBe(2);
	await message(page, "Type 42").getByText("unrecognized").waitFor();
	await message(page, "BotYiHao renamed the room").waitFor();
	await message(page, "你好，请问今天几点开门？").getByText("documented").waitFor();
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

test("texts that are large, deep or odd stand in the list, and what comes after them, too", async () => {
	const page = await visit();
	const deep = textMessage({ token: TOKEN, messageId: "deep", payload: { text: "@" } });
	const nested = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
	const numbers = Array(440_000).fill(1);
	await post({ messageId: "wide", type: 42, payload: { numbers }, contactName: "四十四万个数" });
	await harness.post(deep.replace('"@"', nested));
	await post({
		messageId: "after",
		payload: { text: "排在它们后面" },
		contactName: "\u202e\u009b",
	});
	await message(page, "排在它们后面").waitFor();
	await message(page, "四十四万个数").waitFor();
	expect(await message(page, "排在它们后面").locator(".escape").allTextContents()).toEqual([
		"\\u202e",
		"\\u009b",
	]);
	await message(page, "四十四万个数").click();
	await page.getByText("Too long or nested too deeply").waitFor();
});

test("messages come first: many above the fold, on a telephone, too", async () => {
	const page = await visit({ viewport: { width: 1280, height: 800 } });
	await page.locator("a.message").first().waitFor();
	const seen = (): Promise<unknown> =>
		page.evaluate(
			"[...document.querySelectorAll('a.message')].filter((row) => row.getBoundingClientRect().bottom < innerHeight).length",
		);
	expect(await seen()).toBeGreaterThan(10);
	await page.setViewportSize(NARROW);
	expect(await seen()).toBeGreaterThan(2);
});

test.each([TALL, NARROW])(
	"the answer to a sample is where one looks, at $width px",
	async (viewport) => {
		const page = await visit({ viewport });
		await sample(page, "type7");
		const reply = page.locator(".sent .reply");
		await reply.waitFor();
		const box = await reply.boundingBox();
		expect((box?.y ?? 9_999) + (box?.height ?? 0)).toBeLessThan(viewport.height);
	},
);

test.each([TALL, NARROW])(
	"filters stand in the address and survive a reload, at $width px",
	async (viewport) => {
		const page = await visit({ viewport });
		const items = page.locator("a.message");
		await items.first().waitFor();
		await page.locator(".more-filters summary").click();
		await select(page, "Verdict").selectOption({ label: "unrecognized" });
		await vi.waitFor(async () => {
			expect(await items.locator(".badge.corrected, .badge.documented").count()).toBe(0);
			expect(await items.count()).toBeGreaterThan(0);
		}, DEADLINE);
		expect(page.url()).toContain("conformance=unrecognized");
		const shown = await items.count();
		await page.reload();
		await vi.waitFor(async () => expect(await items.count()).toBe(shown), DEADLINE);
		expect(await select(page, "Verdict").inputValue()).toBe("unrecognized");
		await page.getByRole("button", { name: "Clear filters" }).click();
		await page.locator(".more-filters summary").click();
		await select(page, "Room").selectOption({ label: "示例交流群(3)" });
		await page.getByRole("searchbox").fill("同一句话");
		await vi.waitFor(async () => expect(await items.count()).toBe(2), DEADLINE);
		await select(page, "Bot").selectOption({ label: "BotErHao" });
		await vi.waitFor(async () => expect(await items.count()).toBe(1), DEADLINE);
		await page.getByLabel("To day").fill("2020-01-01");
		await page.getByText("No message fits these filters.").waitFor();
	},
);

test("the search finds names, ids and rooms, and says how far it looks", async () => {
	const page = await visit();
	const [{ messageId = "" } = {}] = await harness.rows();
	for (const sought of ["示例客户乙", "示例交流群", messageId, "7881300000000001"]) {
		await page.getByRole("searchbox").fill(sought);
		await page.getByText("Looks through names, ids, rooms").waitFor();
		await vi.waitFor(async () =>
			expect(await page.locator("a.message").count()).toBeGreaterThan(0),
		);
	}
	await page.getByRole("searchbox").fill("nowhere to be found");
	await page.getByText("No message fits these filters.").waitFor();
});

test("all that the table has can be reached, and is counted", async () => {
	for (let i = 0; i < 60; i++) {
		await post({
			messageId: `many-${i}`,
			chatId: "many",
			contactName: "很多",
			payload: { text: `第 ${i} 条` },
		});
	}
	const page = await visit({}, "#messages?chat=many");
	await page.getByText("60 messages, all that there are").waitFor();
	const items = page.locator("a.message");
	await vi.waitFor(async () => expect(await items.count()).toBe(50), DEADLINE);
	await items.last().scrollIntoViewIfNeeded();
	await vi.waitFor(async () => expect(await items.count()).toBe(60), DEADLINE);
	await message(page, "第 0 条").waitFor();
});

test.each([TALL, NARROW])(
	"a chat is a view of its own, by its name, a recall beside its message, at $width px",
	async (viewport) => {
		const chatId = `chat-${viewport.width}`;
		const said = { chatId, contactName: "林小满", messageId: `said-${viewport.width}` };
		await post({ ...said, payload: { text: "这句话会被撤回" } });
		await post({
			...said,
			messageId: `r-${viewport.width}`,
			type: 11,
			payload: { content: said.messageId },
		});
		const page = await visit({ viewport }, `#chat?chat=${chatId}`);
		await page.getByRole("heading", { name: /林小满/ }).waitFor();
		const withdrawn = page.locator(".chat-message", { hasText: "这句话会被撤回" });
		await withdrawn.getByText("withdrawn").click();
		await page.locator("dialog[open]").getByText("A message was withdrawn").waitFor();
		expect(await overflow(page)).toBe(0);
	},
);

test("what was received can be sent again, changed, or copied as curl", async () => {
	const page = await visit(
		{ permissions: ["clipboard-read", "clipboard-write"] },
		"#messages?chat=many",
	);
	const { length } = await harness.rows();
	await message(page, "第 20 条").click();
	const dialog = page.locator("dialog[open]");
	await dialog.getByRole("button", { name: "Send again" }).click();
	await dialog.locator(".reply.good").waitFor();
	await dialog.getByRole("button", { name: "Copy as curl" }).click();
	await dialog.getByText("Copied").waitFor();
	const curl = String(await page.evaluate("navigator.clipboard.readText()"));
	expect(curl).toContain(`--data-raw '{"data":`);
	expect(curl).toContain(`"token":"'"$CALLBACK_TOKEN"'"`);
	await dialog.getByRole("button", { name: "Edit and send" }).click();
	const text = dialog.getByLabel("Body");
	await text.fill((await text.inputValue()).replace("第 20 条", "改过的"));
	await dialog.getByRole("button", { name: "Send" }).click();
	await message(page, "改过的").waitFor();
	// The same bytes were the same row.
	expect(await harness.rows()).toHaveLength(length + 1);
});

test.each([TALL, NARROW])(
	"refused requests and other callbacks can be opened, at $width px",
	async (viewport) => {
		const page = await visit({ viewport }, "#requests?refused=");
		const dialog = page.locator("dialog[open]");
		await page.locator("a.message", { hasText: "not a JSON object" }).first().click();
		await dialog.getByText("the body is not a JSON object in UTF-8").first().waitFor();
		expect(await dialog.locator("pre.raw").textContent()).toContain("contac");
		await dialog.getByRole("rowheader", { name: "content-type" }).waitFor();
		await dialog.getByText('"errcode":47001').waitFor();
		await page.keyboard.press("Escape");
		await page.locator(".card a.message", { hasText: "POST /room/joined" }).last().click();
		await dialog.getByText("R:10900000000000001").first().waitFor();
		expect((await page.content()).includes(TOKEN)).toBe(false);
	},
);

test("a message opened tells its revisions, its corrections, its text, its row and its way", async () => {
	const page = await visit({}, "#messages?search=i-orig.jpg");
	await message(page, "3 revisions").click();
	const dialog = page.locator("dialog[open]");
	await dialog.getByText("Revision 3").first().waitFor();
	expect(await dialog.locator(".revision").count()).toBe(3);
	expect(await textOf(page, ".revision:nth-child(2) .added")).toContain("i-thumb.jpg");
	expect(await textOf(page, ".revision:nth-child(3) .added")).toContain("i-orig.jpg");
	expect(await textOf(page, ".ways .steps li:last-child")).toContain(
		"became a row beside the others of this message",
	);
	await dialog.locator(".corrections li").first().waitFor();
	expect(await textOf(page, ".corrections code")).toContain("T01");
	expect(await textOf(page, ".attributes")).toContain("receivedAt");
	const address = page.url();
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "detached" });
	await page.goto("about:blank");
	await page.goto(address);
	await page.locator(".revision").first().waitFor();
});

test("a type that has a name is not called unknown, one that has none is", async () => {
	const page = await visit({}, "#messages?type=15");
	await message(page, "Call").click();
	const dialog = page.locator("dialog[open]");
	await dialog.getByText("what a message of type 15 (Call) holds is described nowhere").waitFor();
	await page.goto(`${shown.url}#messages?type=42&search=newThing`);
	await message(page, "Type 42").click();
	await dialog.getByText("type 42 is not a known one").waitFor();
	expect(await textOf(page, "mark")).toBe('    "type": 42,');
});

test("one goes on and back with j and k, and searches with /", async () => {
	const page = await visit({}, "#messages?chat=many&search=第");
	await message(page, "第 59 条").waitFor();
	await page.keyboard.press("j");
	await page.keyboard.press("j");
	await page.keyboard.press("Enter");
	const dialog = page.locator("dialog[open]");
	await dialog.locator(".bubble", { hasText: "第 58 条" }).waitFor();
	await page.keyboard.press("j");
	await dialog.locator(".bubble", { hasText: "第 57 条" }).waitFor();
	await page.keyboard.press("k");
	await dialog.locator(".bubble", { hasText: "第 58 条" }).waitFor();
	await dialog.getByRole("button", { name: "Next" }).click();
	await dialog.locator(".bubble", { hasText: "第 57 条" }).waitFor();
	await page.keyboard.press("Escape");
	await page.keyboard.press("/");
	await page.keyboard.type("条");
	expect(await page.getByRole("searchbox").inputValue()).toContain("条");
});

test("paused, the list stays as it is, and says how many have come", async () => {
	const page = await visit({}, "#messages?chat=pause");
	await page.getByText("No message fits").waitFor();
	await page.getByRole("button", { name: "Pause" }).click();
	await post({ messageId: "paused", chatId: "pause", payload: { text: "等一等" } });
	await page.getByRole("button", { name: "Go on: 1 new" }).click();
	await message(page, "等一等").waitFor();
});

test.each([TALL, NARROW])(
	"the table away: messages on the way are named, a drawer recovers, nobody does anything, at $width px",
	async (viewport) => {
		const page = await visit({ viewport }, "#messages?chat=many");
		await message(page, "第 59 条").waitFor();
		await page.getByRole("button", { name: "Take the table away" }).click();
		await page.locator(".path .is-away", { hasText: "Table" }).getByText("away").waitFor();
		await page.getByText("Something is away").waitFor();
		await message(page, "第 59 条").click();
		const dialog = page.locator("dialog[open]");
		await dialog.getByText("The table does not answer").waitFor();
		const id = `away-${viewport.width}`;
		await post({ messageId: id, chatId: "many", payload: { text: id } });
		await page.locator(".waiting .lines li", { hasText: id }).getByText("很多").waitFor();
		await page.evaluate("fetch('api/table', { method: 'POST', body: '{\"isThere\":true}' })");
		await dialog.locator("pre.raw").waitFor();
		await page.keyboard.press("Escape");
		await message(page, id).waitFor();
		await page.locator(".waiting").waitFor({ state: "detached" });
		await page.getByText("Everything works").waitFor();
	},
);

test("the URL off: what is sent is missed, the gap is filled from the history, and says so", async () => {
	const page = await visit();
	await page.getByRole("button", { name: "Switch the URL off" }).click();
	await page.getByText("The URL is off.").waitFor();
	const payload = { text: "错过的消息" };
	expect(await post({ messageId: "missed", chatId: "gap", payload })).toMatchObject({
		status: 503,
	});
	await page.getByRole("button", { name: "Switch the URL on" }).click();
	await page.getByText("Everything works").waitFor();
	expect(await message(page, "错过的消息").count()).toBe(0);
	await page.getByRole("button", { name: "Fill the gap" }).click();
	await page.getByText("1 missing, 1 fetched from the history.").waitFor();
	await message(page, "错过的消息").getByText("from the history").waitFor();
	expect(await accessibilityProblems(page)).toEqual([]);
});

test("dead letters a second apart are all listed with their reason; one is sent back, one discarded", async () => {
	const page = await visit();
	const { queue, queueUrl, deadLetterQueueUrl } = harness.stack;
	const letters = page.locator(".dead-letters .lines > li");
	for (const [i, MessageBody] of ["poison 1", "poison 2", "poison 3"].entries()) {
		await queue.client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
		await page.locator(".dead-letters .count", { hasText: String(i + 1) }).waitFor();
	}
	await vi.waitFor(async () => expect(await letters.count()).toBe(3), DEADLINE);
	await letters.first().getByText("not an envelope: no JSON").waitFor();
	const second = letters.filter({ hasText: "poison 2" });
	await second.getByRole("button", { name: "Discard" }).click();
	const question = page.locator("dialog[open]");
	await question.getByText("Discard this dead letter for ever?").waitFor();
	await question.getByRole("button", { name: "Cancel" }).click();
	expect(await letters.count()).toBe(3);
	await second.getByRole("button", { name: "Discard" }).click();
	await question.getByRole("button", { name: "Discard" }).click();
	await vi.waitFor(async () => {
		expect(await letters.count()).toBe(2);
		expect(await harness.waiting(deadLetterQueueUrl)).toBe(2);
	}, DEADLINE);
	// What can still not be stored is there again.
	await letters.filter({ hasText: "poison 1" }).getByRole("button", { name: "Send back" }).click();
	await question.getByText("Send 1 dead letter back to the queue of this machine?").waitFor();
	await question.getByRole("button", { name: "Send back" }).click();
	await vi.waitFor(async () => {
		expect(await harness.waiting(queueUrl)).toBe(0);
		expect(await harness.waiting(deadLetterQueueUrl)).toBe(2);
		expect(await letters.count()).toBe(2);
	}, DEADLINE);
	// What does not work is said, until the next time.
	await page.route("**/api/redrive", (route) => route.fulfill({ status: 500 }), { times: 1 });
	const failed = page.locator(".dead-letters [role=alert]");
	await letters.first().getByRole("button", { name: "Send back" }).click();
	await question.getByRole("button", { name: "Send back" }).click();
	await failed.getByText("That did not work").waitFor();
	await page.getByRole("button", { name: "Look again" }).click();
	await failed.waitFor({ state: "detached" });
	await queue.client.send(new PurgeQueueCommand({ QueueUrl: deadLetterQueueUrl }));
	await page.locator(".dead-letters").waitFor({ state: "detached" });
});

test("the language follows the browser, can be switched, and is remembered", async () => {
	const page = await visit({ locale: "zh-CN" });
	await page.getByRole("button", { name: "发一条消息" }).waitFor();
	expect(await page.getAttribute("html", "lang")).toBe("zh-CN");
	await page.getByRole("combobox", { name: "语言" }).selectOption("English");
	await page.getByRole("button", { name: "Send a message" }).waitFor();
	expect(await page.getAttribute("html", "lang")).toBe("en-GB");
	await page.reload();
	await page.getByRole("button", { name: "Send a message" }).waitFor();
});

test("nothing in the Chinese pages is left in English but names", async () => {
	const page = await visit({ locale: "zh-CN" });
	const left = new Set<string>();
	/** Of all that is shown but what a sender wrote, what is code, and names of attributes. */
	const look = async (): Promise<void> => {
		const texts: string[] = await page.evaluate(`
			[...document.querySelectorAll("body *")]
				.filter((one) => !one.closest("bdi, code, pre, textarea, .attributes") && one.checkVisibility())
				.flatMap((one) => [
					...[...one.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data),
					...["title", "aria-label", "placeholder"].map((name) => one.getAttribute(name) ?? ""),
				])`);
		expect(texts.length).toBeGreaterThan(20);
		for (const run of texts.flatMap(latinIn)) left.add(run);
	};
	for (const id of ["future", "type6"]) await sample(page, id);
	await message(page, "类型 42").first().waitFor();
	await look();
	await page.goto("about:blank");
	for (const conformance of ["corrected", "unrecognized"]) {
		await page.goto(`${shown.url}#messages?conformance=${conformance}`);
		await page.locator("a.message").first().click();
		await page
			.locator("dialog[open] .corrections li, dialog[open] .violations li")
			.first()
			.waitFor();
		await look();
		await page.goto("about:blank");
	}
	for (const [view, words] of [
		["requests", "本次运行的每个请求"],
		["dashboard", "回调地址还活着吗？"],
	]) {
		await page.goto(`${shown.url}#${view}`);
		await page.getByText(words ?? "").waitFor();
		await look();
		await page.goto("about:blank");
	}
	expect([...left]).toEqual([]);
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
	const taken = page.locator(".graph", { hasText: "Callbacks taken" });
	expect(await taken.textContent()).toMatch(/Received [\d.K]+ · [1-9]\d* in all/);
	// The last value is the real one, a zero included; under the pointer stands that of another time.
	await taken.getByText("now").waitFor();
	await taken.locator(".plot").hover();
	await taken.getByText(/\d\d:\d\d:\d\d$/).waitFor();
	const alarm = page.locator(".alarms tr", { hasText: "dead-letters" }).first();
	await alarm.getByText(/≥ 1 · 1\/\d+ × 60 s/).waitFor();
	await alarm.getByText(/^(OK|ALARM)$/).waitFor();
	await page.getByText(/^Times: .+ \(UTC/).waitFor();
	expect(await page.locator(".graph", { hasText: "by type" }).textContent()).toContain(
		"types that no schema names",
	);
	expect(await page.locator("canvas").count()).toBeGreaterThan(10);
});

test.each(["light", "dark"] as const)(
	"nothing is wrong for a screen reader, %s",
	async (scheme) => {
		const page = await visit({ colorScheme: scheme });
		await page.locator("a.message").first().waitFor();
		await page.getByRole("button", { name: "Send a message" }).hover();
		expect(await accessibilityProblems(page)).toEqual([]);
		await page.locator(".menu summary").click();
		expect(await accessibilityProblems(page)).toEqual([]);
		await page.locator(".menu summary").click();
		await page.getByRole("searchbox").fill("i-orig.jpg");
		await message(page, "3 revisions").first().click();
		await page.locator(".corrections li").first().waitFor();
		expect(await accessibilityProblems(page)).toEqual([]);
		await page.keyboard.press("Escape");
		await page.getByRole("link", { name: "Dashboard" }).click();
		await page.locator("canvas").first().waitFor();
		expect(await accessibilityProblems(page)).toEqual([]);
	},
);

test("nothing is wider than a telephone", async () => {
	const page = await visit({ viewport: NARROW }, "#messages?search=i-orig.jpg");
	await page.locator("a.message").first().waitFor();
	await page.locator(".menu summary").click();
	expect(await overflow(page)).toBe(0);
	await page.locator(".menu summary").click();
	expect(await overflow(page)).toBe(0);
	await message(page, "3 revisions").click();
	await page.locator(".revision").first().waitFor();
	expect(
		await page.evaluate(
			"(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)(document.querySelector('dialog'))",
		),
	).toBe(0);
	await page.keyboard.press("Escape");
	await page.getByRole("link", { name: "Requests" }).click();
	await page.locator("a.message").first().waitFor();
	expect(await overflow(page)).toBe(0);
	await page.getByRole("link", { name: "Dashboard" }).click();
	await page.locator("canvas").first().waitFor();
	expect(await overflow(page)).toBe(0);
});

test.each([TALL, NARROW])(
	"with the server gone nothing is said to work, and Send says so; the page comes back by itself, at $width px",
	async (viewport) => {
		const page = await visit({ viewport });
		await page.locator("a.message").first().waitFor();
		const known = await page.locator("a.message").count();
		await shown.stop();
		await page.getByRole("alert").waitFor();
		expect(await page.locator(".path .status", { hasText: "works" }).count()).toBe(0);
		expect(await page.locator(".path .status", { hasText: "not known" }).count()).toBe(5);
		await page.getByText("? Not known").first().waitFor();
		expect(await page.getByText("all that there are").count()).toBe(0);
		expect(await page.getByRole("button", { name: "Take the table away" }).isDisabled()).toBe(true);
		await page.getByRole("button", { name: "Send a message" }).click();
		await page.getByText("Not sent: the server of this page does not answer.").waitFor();
		shown = await open();
		await page.getByRole("alert").waitFor({ state: "detached" });
		await page.getByText("Everything works").waitFor();
		// After a restart all of the table is there, not only the newest of it.
		await page.getByText(/ messages, all that there are/).waitFor();
		await vi.waitFor(
			async () => expect(await page.locator("a.message").count()).toBe(known),
			DEADLINE,
		);
		expect((await page.locator(".card-head .quiet").first().textContent())?.trim()).toMatch(
			new RegExp(`^${new Set((await harness.rows()).map(groupOf)).size} messages`),
		);
	},
);

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
	expect(visitor.asked.size).toBeGreaterThan(5);
	for (const url of visitor.asked) expect(url).toMatch(new RegExp(`^(data:|${shown.url})`));
});

test("before a deployed stage: what it has is shown, what it cannot tell is said, nothing is sent", async () => {
	const { queue, deadLetterQueue } = harness.stack.definitions;
	const stage = deployedStage("prod", {
		tableName: harness.stack.tableName,
		queueName: queue.name,
		deadLetterQueueName: deadLetterQueue.name,
	});
	const port = await getPort({ host: "127.0.0.1" });
	const deployed = await startConsole({ ...stage, pulseMs: 300 }, port);
	try {
		const page = await visitor.visit(deployed.url);
		await page.getByText("Stage prod").waitFor();
		await page.getByText("Queue and table answer").waitFor();
		const said = await page.locator(".path .node").allTextContents();
		expect(said.map((words) => words.replace(/^\w+/, ""))).toEqual([
			...["? not known", "? not known", "● works0 waiting", "? not known", "● works"],
		]);
		for (const name of ["Send a message", "Write a request", "Take the table away"]) {
			expect(await page.getByRole("button", { name }).count()).toBe(0);
		}
		await post({
			messageId: "seen-on-prod",
			chatId: "prod",
			payload: { text: "部署环境上的新消息" },
		});
		await message(page, "部署环境上的新消息").click();
		const dialog = page.locator("dialog[open]");
		await dialog.getByText("Its steps are not known").waitFor();
		await dialog.locator("pre.raw").waitFor();
		expect(await dialog.getByRole("button", { name: "Send again" }).count()).toBe(0);
		await dialog.getByRole("button", { name: "Copy body" }).waitFor();
		await page.keyboard.press("Escape");

		const { client } = harness.stack.queue;
		const { queueUrl, deadLetterQueueUrl } = harness.stack;
		await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "poison" }));
		const letter = page.locator(".dead-letters .lines > li");
		await letter.getByText("not an envelope: no JSON").waitFor();
		expect(await letter.getByRole("button", { name: "Discard" }).count()).toBe(0);
		expect((await fetch(`${deployed.url}api/discard`, asOwn(deployed, { id: "x" }))).status).toBe(
			404,
		);
		expect(
			(await fetch(`${deployed.url}api/send`, asOwn(deployed, { sample: "type7" }))).status,
		).toBe(404);
		await letter.getByRole("button", { name: "Send back" }).click();
		await dialog.getByText("Send 1 dead letter back to the queue of the stage prod?").waitFor();
		await dialog.getByRole("button", { name: "Cancel" }).click();
		await letter.getByRole("button", { name: "Send back" }).click();
		await dialog.getByRole("button", { name: "Send back" }).click();
		// It cannot be stored this time either.
		await vi.waitFor(async () => {
			expect(await harness.waiting(queueUrl)).toBe(0);
			expect(await harness.waiting(deadLetterQueueUrl)).toBe(1);
		}, DEADLINE);
		await client.send(new PurgeQueueCommand({ QueueUrl: deadLetterQueueUrl }));
		await page.getByRole("link", { name: "Requests" }).click();
		await page.getByText("A deployed stage does not tell its requests here.").waitFor();
		await page.locator("a.message", { hasText: "POST /room/joined" }).last().click();
		await dialog.getByText("R:10900000000000001").first().waitFor();
	} finally {
		await deployed.stop();
	}
});

function asOwn({ url }: Console, body: object): RequestInit {
	const headers = { "content-type": "application/json", origin: new URL(url).origin };
	return { method: "POST", headers, body: JSON.stringify(body) };
}
