import { expect, test } from "vitest";
import { sourcesOf } from "../../sources.ts";

test("the page never takes a text for markup, or for a program", () => {
	const opens =
		/innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc/i;
	const views = sourcesOf(["console", "cli"], ["ts", "tsx", "html"]);
	expect(views.length).toBeGreaterThan(30);
	expect(views.filter(({ text }) => opens.test(text)).map(({ file }) => file)).toEqual([]);
});
