import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { runs } from "../seed.ts";
import { everyReading, spelled, spelledInJson } from "../unit/intake/spellings.ts";
import { type Answer, useStack } from "./harness.ts";

const TOKENS = ["9f1e2d3c4b5a69788796a5b4", "nobody-presents~this_one"];
const KEYS = ["a-key.of-the-base-URL", "0123456789012345678"];
const SECRETS = [...TOKENS, ...KEYS];
const [TOKEN = ""] = TOKENS;
const [KEY = ""] = KEYS;
const DEADLINE = { timeout: 60_000, interval: 200 };

const harness = useStack({
	CALLBACK_TOKENS: TOKENS.join(","),
	CALLBACK_KEYS: KEYS.join(","),
	LOG_LEVEL: "INFO",
});

/** A request with places for secrets, and what is kept of it when nothing stands in them. */
interface Written {
	readonly method: string;
	readonly path: string;
	readonly body: string | Buffer | null;
	readonly kept: string;
}

/** Some secrets, each spelled in a way of its own, for the places of a template. */
const secrets = fc.array(fc.constantFrom(...SECRETS).chain(spelled), {
	minLength: 10,
	maxLength: 10,
});
/** Unique, so that no two requests are the same row. */
const name = fc.uuid();
const word = fc.string({ unit: "grapheme", maxLength: 5 }).filter((text) => !/[\\%]/.test(text));
const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

type Places = readonly string[];
const NONE: Places = Array(10).fill("*");

/** A message whose token lets it in, or that comes with a key. */
const message = fc
	.tuple(name, word, secrets, spelledInJson(TOKEN), fc.boolean())
	.map(([id, text, places, token, isKeyed]): Written => {
		const said = inJson(text);
		const bodyOf = ([a, b, c, d, e, f, g, h, i, j]: Places, own: string): string =>
			`{"top":"${a}","data":{"token":"${own}","messageId":"${id}${b}","chatId":"${c}${said}",
			"${d}key":[{"result":{"token":"x_${e}_"}}],"botId":"${f}","type":7,"timestamp":1767225602000,
			"payload":{"text":"${said}${g}${said}","pureText":"{\\"token\\":\\"${h}\\"}"}},
			"data2":"https://x/?u=http%3A%2F%2Fy%3Ftoken%3D${i}&x","contactId":"${j}"}`;
		return {
			method: "POST",
			path: isKeyed ? `${KEY}/message` : "message",
			body: bodyOf(places, isKeyed ? "of-somebody-else" : token),
			kept: JSON.stringify([bodyOf(NONE, "")]),
		};
	});

/** A callback that is JSON, with secrets in path, query and body. */
const callback = fc
	.tuple(name, word, secrets)
	.map(([id, text, [a = "", b = "", c = "", d = ""]]): Written => {
		const said = inJson(text);
		const body = (one: string, two: string): string =>
			`{"sent":"${said}","result":{"token":"${one}","${two}":"${id}"}}`;
		// A backslash does not stay one in a URL's path.
		const inUrl = (place: string): string => encodeURI(place).replaceAll("\\", "%5C");
		const query = `u=http%3A%2F%2Fx%3Ftoken%3D${inUrl(c)}&token=anything&x=${id}`;
		return {
			method: "POST",
			path: `${KEY}/some/x_${d.includes("\\") ? TOKEN : d}_?${query}`,
			body: body(a, b),
			kept: JSON.stringify([
				"POST",
				"some/x_*_",
				`u=http%3A%2F%2Fx%3Ftoken%3D*&token=&x=${id}`,
				body("*", "*"),
			]),
		};
	});

/** A body that is no JSON: a text, bytes, or a text in another encoding. */
const raw = fc
	.tuple(name, secrets, fc.constantFrom("utf8", "bytes", "utf16le", "utf16be"))
	.map(([id, [a = "", b = ""], form]): Written => {
		const written = (one: string, two: string): string => `${id} token=${one};\u00ff${two}.`;
		// Only letters themselves are looked for in another encoding than UTF-8.
		const full = form === "utf8" ? written(a, b) : written(TOKEN, KEY);
		const encode = (text: string): Buffer => {
			if (form === "bytes") return Buffer.from(text, "latin1");
			const units = Buffer.from(text, form === "utf8" ? "utf8" : "utf16le");
			return form === "utf16be" ? units.swap16() : units;
		};
		const kept = encode(written("*", "*"));
		const isText = kept.equals(Buffer.from(kept.toString("utf8")));
		const text = isText ? kept.toString("utf8") : kept.toString("base64");
		return {
			method: "PUT",
			path: `${KEY}/raw`,
			body: encode(full),
			kept: JSON.stringify(["PUT", "raw", "", text]),
		};
	});

const answers: Answer[] = [];
const expected: string[] = [];

test("what stands beside secrets is kept to the letter, wherever and however they are written", {
	timeout: 120_000,
}, async () => {
	const headers = { "content-type": "application/json" };
	const send = async ({ method, path, body, kept }: Written): Promise<void> => {
		const answer = await harness.send(path, { method, headers, body });
		answers.push(answer);
		expect(answer).toMatchObject({ status: 200 });
		expected.push(kept);
	};
	await fc.assert(
		fc.asyncProperty(message, callback, raw, async (...written) => {
			await Promise.all(written.map(send));
		}),
		{ numRuns: runs(120) },
	);
	await vi.waitFor(async () => {
		const messages = (await harness.rows()).map(({ text }) => JSON.stringify([text]));
		const callbacks = (await harness.callbacks()).map(({ method, path, query, message }) =>
			JSON.stringify([method, path, query, message]),
		);
		expect([...messages, ...callbacks].toSorted()).toEqual(expected.toSorted());
	}, DEADLINE);
	expect(new Set(expected).size).toBe(360);
});

test("no answer, row, log line, metric or output of a command shows one, in any spelling", async () => {
	const outputs = await Promise.all([
		harness.command("messages"),
		harness.command("messages", "--json", "--revisions"),
		harness.command("messages", "--callback", "all"),
		harness.command("messages", "--callback", "all", "--json"),
		harness.command("review", "--show"),
		harness.command("dead-letters"),
	]);
	for (const { exitCode, all } of outputs) expect(exitCode, all).toBe(0);
	const log = await readFile(harness.stack.logFile, "utf8");
	const shown = [
		...outputs.map(({ all }) => all),
		log,
		JSON.stringify(answers),
		JSON.stringify(await harness.rows()),
		JSON.stringify(await harness.callbacks()),
		...(await harness.callbacks()).map(({ message = "" }) => message),
	];
	expect(outputs[1]?.all.split("\n")).toHaveLength(120);
	for (const text of shown) {
		for (const reading of everyReading(text)) {
			for (const secret of SECRETS) expect(reading.includes(secret), secret).toBe(false);
		}
	}
});
