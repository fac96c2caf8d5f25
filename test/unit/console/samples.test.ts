import { expect, test } from "vitest";
import { requestsOf, sampleChoices } from "../../../console/samples.ts";
import { withoutSecrets, withToken } from "../../../console/secrets.ts";
import { previewOf } from "../../../lib/message/preview.ts";
import { readMessage } from "../../../lib/message/shape.ts";
import { judge } from "../../../lib/message/verdict.ts";
import { typeLabels } from "../../../lib/schema/generated/labels.js";
import { languages } from "../../../lib/words/languages.ts";
import { sampleBody, sampleNames } from "../../../samples/samples.ts";

let ids = 0;
const occasion = { newId: () => `id${ids++}`, now: 1_770_000_000_000 };
const bodies = (id: string): string[] =>
	(requestsOf(id, occasion) ?? []).map(({ body }) => withToken(body.text, "secret"));

test("there is a sample of every type of the schema, and a name in both languages", () => {
	const types = sampleChoices.flatMap(({ type }) => (type === undefined ? [] : [String(type)]));
	expect(types.toSorted()).toEqual(Object.keys(typeLabels).toSorted());
	const stories = sampleChoices.flatMap(({ id, type }) => (type === undefined ? [id] : []));
	for (const { page: words } of Object.values(languages)) {
		expect(Object.keys(words.story)).toEqual(stories);
		expect(Object.keys(words.types).toSorted()).toEqual(Object.keys(typeLabels).toSorted());
	}
});

async function conformances(id: string): Promise<string[]> {
	const verdicts = await Promise.all(bodies(id).map((body) => judge(JSON.parse(body))));
	return verdicts.map(({ conformance }) => conformance);
}

test("every sample of a type is recognized, apart from those that have no known payload", async () => {
	for (const { id, type } of sampleChoices) {
		if (type === undefined || type === 15 || type === 16) continue;
		expect(await conformances(id), id).not.toContain("unrecognized");
	}
	expect(await conformances("documented")).toEqual(["documented"]);
	expect(await conformances("future")).toEqual(["unrecognized"]);
});

test("a retry is the same bytes, a revision the same message, two bots the same id", () => {
	expect(new Set(bodies("retry")).size).toBe(1);
	const said = (id: string) => bodies(id).map((body) => readMessage(body));
	expect(new Set(said("revision").map(({ messageId }) => messageId)).size).toBe(1);
	expect(new Set(bodies("revision")).size).toBe(3);
	expect(new Set(said("twoBots").map(({ messageId }) => messageId)).size).toBe(1);
	expect(new Set(said("twoBots").map(({ botId }) => botId)).size).toBe(2);
	expect(bodies("type7")).not.toEqual(bodies("type7"));
	expect(requestsOf("toString", occasion)).toBeUndefined();
});

test("a token is sent, and never shown", () => {
	for (const { id } of sampleChoices) {
		for (const body of bodies(id)) {
			const shown = withoutSecrets(body, ["secret"]);
			expect(shown).not.toContain("secret");
			expect(withToken(shown, "secret")).toBe(body);
		}
	}
	expect(bodies("type7")[0]).toContain('"token":"secret"');
	expect(withoutSecrets('{"token": "abc" this is no JSON', [])).toBe(
		'{"token": "" this is no JSON',
	);
	const many = `{${'"token":"",'.repeat(80_000)}"data":{"token":""}}`;
	expect(withToken(many, "x")).toBe(many.replaceAll('""', '"x"'));
	expect(withToken('{"data":{"token":""},"token":""', "x")).toBe('{"data":{"token":""},"token":""');
});

test("every sample body of the platform has a preview", () => {
	const kinds = new Map<string, string>();
	for (const name of sampleNames) {
		if (name === "b-truncated") continue;
		kinds.set(name, previewOf(readMessage(sampleBody(name))).kind);
	}
	expect(Object.fromEntries(kinds)).toMatchObject({
		"t01-file-verbatim-tab": "file",
		"t02-voice-natural": "voice",
		"t06-image-push1-no-media": "empty",
		"t06-image-push3-artwork": "image",
		"t07-quote-2025": "quote",
		"t07-text-verbatim-tabs": "text",
		"t08-location-nested-number": "location",
		"t09-mini-natural": "miniProgram",
		"t10000-verbatim-flat": "joined",
		"t10001-join-2019": "joined",
		"t10001-topic": "renamed",
		"t12-link-natural": "link",
		"t42-future-type": "other",
		"t9999-invite-natural": "invite",
	});
});

test("the preview of a hostile body is short, whatever its type", () => {
	const long = "长".repeat(20_000);
	const words = { text: long, content: long, name: long, title: long, address: long, url: long };
	const payload = {
		...{ ...words, nickname: long, description: long, imageUrl: long, roomTopic: long },
		...{ quoteMessage: { content: { text: long } }, artwork: { url: long } },
		subPayload: { memberNames: Array(90).fill(long), inviteeList: Array(90).fill(long) },
	};
	for (const type of Object.keys(typeLabels)) {
		const preview = previewOf(
			readMessage(JSON.stringify({ data: { type: Number(type), payload } })),
		);
		expect(JSON.stringify(preview).length, type).toBeLessThan(300_000);
	}
});
