import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import getPort from "get-port";
import { launchChromium } from "./build/chromium.ts";
import { sampleChoices } from "./console/samples.ts";
import { startConsole } from "./console/server.ts";
import { startStack } from "./local/stack.ts";
import { stageOf } from "./local/stage.ts";
import { latinIn } from "./test/latin.ts";

const port = () => getPort({ host: "127.0.0.1" });
const stack = await startStack({
	port: await port(),
	engine: "dynalite",
	directory: await mkdtemp(join(tmpdir(), "look-")),
	settings: { LOG_LEVEL: "INFO", CALLBACK_TOKENS: "" },
});
Object.assign(process.env, stack.environment);
const page = await startConsole(
	stageOf(stack, {
		tokens: [],
		isLogged: true,
		onAlarm: (a) => console.log("ALARM", a.title, a.state),
	}),
	await port(),
);
const browser = await launchChromium();
for (const { id } of sampleChoices) {
	await fetch(new URL("api/send", page.url), {
		method: "POST",
		headers: { "content-type": "application/json", origin: new URL(page.url).origin },
		body: JSON.stringify({ sample: id }),
	});
}
const gather = `[...document.querySelectorAll("body *")].filter(e=>!e.closest("code,pre,textarea,time,script,style,.seen,[data-said]")&&e.checkVisibility()).flatMap(e=>[...e.childNodes].filter(n=>n.nodeType===3).map(n=>[e.tagName+"."+e.className, n.data]).concat(["title","aria-label","placeholder"].filter(a=>e.hasAttribute(a)).map(a=>[e.tagName+"@"+a, e.getAttribute(a)])))`;
const seen = new Set();
for (const width of [1280, 390]) {
	const context = await browser.newContext({ locale: "zh-CN", viewport: { width, height: 900 } });
	const tab = await context.newPage();
	const look = async (name) => {
		await new Promise((r) => setTimeout(r, 700));
		await tab.screenshot({
			path: `/tmp/tongue-shots/${name}-${width}.png`,
			fullPage: name === "dashboard",
		});
		for (const [where, text] of await tab.evaluate(gather))
			for (const run of latinIn(text)) {
				const k = `${name} ${where}: ${run}`;
				if (!seen.has(k)) {
					seen.add(k);
					console.log(k);
				}
			}
	};
	await tab.goto(page.url);
	await tab.locator("a.message").first().waitFor();
	await new Promise((r) => setTimeout(r, 3000));
	await look("messages");
	await tab.locator(".menu summary").click();
	await look("menu");
	await tab.locator(".menu summary").click();
	await tab.locator("a.message", { hasText: "3 个版本" }).first().click();
	await tab
		.locator(".corrections li")
		.first()
		.waitFor({ timeout: 20000 })
		.catch(() => {});
	await look("opened");
	await tab.goto(page.url + "#messages");
	await tab.reload();
	await tab.locator("a.message", { hasText: "无法识别" }).first().click();
	await look("unrecognized");
	await tab.goto(page.url + "#requests");
	await tab.reload();
	await new Promise((r) => setTimeout(r, 800));
	await look("requests");
	await tab.goto(page.url + "#dashboard");
	await tab.reload();
	await tab.getByText("回调地址还活着吗").waitFor();
	await look("dashboard");
	await tab.goto(page.url + "#directory");
	await tab.reload();
	await look("other");
	await context.close();
}
await browser.close();
await page.stop();
await stack.stop();
process.exit(0);
