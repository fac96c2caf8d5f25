import { readFile } from "node:fs/promises";
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, test, vi } from "vitest";
import { MAX_BODY_BYTES } from "../../lib/intake/body.ts";
import { itemsOf } from "../../lib/storage/record.ts";
import { denseText, envelopeOf, textMessage } from "../callbacks.ts";
import { useStack } from "./harness.ts";

// What a stranger can write, and what was found with it once. Each of these lost, altered or revealed
// something.

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const OTHER = "0a1b2c3d4e5f60718293a4b5";
const DEADLINE = { timeout: 30_000, interval: 100 };

const harness = useStack(
	{ CALLBACK_TOKENS: `${TOKEN},${OTHER}`, LOG_LEVEL: "INFO" },
	{ withFaults: true },
);

/** A message as JSON text, with more members in `data`. */
const withMembers = (members: string, token = TOKEN): string =>
	`{"data":{"token":"${token}","messageId":"m","chatId":"c","type":7,"timestamp":1767225602000,${members}}}`;

/** @returns the row that has come of an acknowledged body. */
async function rowOf(body: string, kept: string) {
	const answer = await harness.post(body);
	expect(answer).toMatchObject({ status: 200, body: { errcode: 0 } });
	return vi.waitFor(async () => {
		const row = (await harness.rows()).find(({ text }) => text === kept);
		if (row === undefined) throw new Error("not there yet");
		return row;
	}, DEADLINE);
}

const withoutToken = (body: string): string => body.replace(`"${TOKEN}"`, '""');

describe("nobody waits for a stranger's text", () => {
	test.each([
		["backslashes", `"x":"${"\\\\".repeat(200_000)}"`],
		["tokens", `"x":1${',"token":"a"'.repeat(38_000)}`],
		["brackets", `"x":${"[".repeat(200_000)}${"]".repeat(200_000)}`],
	])("400 KB of %s without a token", async (_, members) => {
		const answer = await harness.post(withMembers(members, "wrong"));
		expect(answer).toEqual({ status: 401, body: { errcode: 40_014, errmsg: expect.any(String) } });
	});

	test.each([
		["16,000 dotted keys", `"payload":{${dotted(16_000)}}`],
		["90,000 keys with a space", `"x":1${',"type ":1'.repeat(90_000)}`],
		["400,000 backslashes", `"payload":{"text":"${"\\\\".repeat(200_000)}"}`],
	])("%s with a token", async (_, members) => {
		const body = withMembers(members);
		expect((await rowOf(body, withoutToken(body))).messageId).toBe("m");
	});
});

function dotted(count: number): string {
	return Array.from({ length: count }, (_, n) => `"artwork.${n}":1`).join();
}

describe("blanking leaves JSON behind", () => {
	test("half an escape", async () => {
		const body = withMembers(String.raw`"payload":{"text":"a\u${TOKEN}b"}`);
		const row = await rowOf(body, withMembers('"payload":{"text":"a*b"}', ""));
		expect(row.blanked).toBe(2);
	});

	test("a token that ends in a backslash is only a token where a token stands", async () => {
		const odd = String.raw`{"token":"${TOKEN}","data":{"token":"ends-in-a-backslash\\","messageId":"\\\""}}`;
		expect(await harness.post(odd)).toMatchObject({ status: 401 });
		const row = await rowOf(
			String.raw`{"token":"ends-in-a-backslash\\","data":{"token":"${TOKEN}","messageId":"\\\""}}`,
			String.raw`{"token":"","data":{"token":"","messageId":"\\\""}}`,
		);
		expect(row).toMatchObject({ messageId: String.raw`\"`, blanked: 2 });
	});
});

describe("any JSON object is kept", () => {
	test.each([
		["a payload's type that is an object", '"payload":{"type":{"toString":1}}'],
		["a payload's type 50,000 deep", `"payload":{"type":${"[".repeat(5e4)}${"]".repeat(5e4)}}`],
		["keys of the language", '"__proto__":{"chatId":"x"},"constructor":1,"toString":{}'],
		["a payload of 200,000 numbers", `"payload":{"text":"x","mention":[${"1,".repeat(2e5)}1]}`],
	])("%s", async (_, members) => {
		const body = withMembers(members).replace('"type":7', '"type":10000');
		expect((await rowOf(body, withoutToken(body))).messageId).toBe("m");
	});
});

describe("kinds of rows", () => {
	test("a chat that is called like a callback is a chat", async () => {
		const chatId = "callback#sentResult";
		await rowOf(textMessage({ chatId }), textMessage({ chatId, token: "" }));
		const body = JSON.stringify({ token: TOKEN, sent: true });
		await harness.send("sentResult", { method: "POST", body });
		await vi.waitFor(async () => expect(await harness.callbacks()).toHaveLength(1), DEADLINE);
		const chat = await harness.command("messages", "--chat", chatId, "--json");
		expect(chat).toMatchObject({ exitCode: 0 });
		expect(JSON.parse(chat.all)).toMatchObject({ chatId, type: 7 });
		const callbacks = await harness.command("messages", "--callback", "sentResult", "--json");
		expect(callbacks).toMatchObject({ exitCode: 0 });
		expect(JSON.parse(callbacks.all)).toMatchObject({
			path: "sentResult",
			message: JSON.stringify({ token: "", sent: true }),
		});
	});

	test("a key that is not accepted is no callback of its own, and is not kept", async () => {
		const body = textMessage({ chatId: "old-key" });
		expect(await harness.send("oldkey/message", { method: "POST", body })).toMatchObject({
			status: 200,
		});
		const found = await vi.waitFor(async () => {
			const row = (await harness.rows()).find(({ pk }) => pk === "chat#old-key");
			expect(row).toBeDefined();
			return row;
		}, DEADLINE);
		expect(found?.blanked).toBe(2);
		expect(JSON.stringify([await harness.rows(), await harness.callbacks()])).not.toContain(
			"oldkey",
		);
	});
});

describe("revisions", () => {
	test("without a chat they are one message", async () => {
		for (const n of [1, 2, 3]) {
			const fields = { chatId: "", messageId: "apart", payload: { text: `${n}` } };
			await rowOf(textMessage(fields), textMessage({ ...fields, token: "" }));
		}
		const { all } = await harness.command("messages", "--message", "apart");
		expect(all.split("\n")).toHaveLength(1);
		expect(all).toContain("(3 revisions)");
	});

	test("two bots' copies in one chat, and two first copies at once, are counted as what they are", async () => {
		const stored = async (): Promise<Record<string, number>> => {
			const lines = (await readFile(harness.stack.logFile, "utf8")).split("\n");
			const events = lines.flatMap((line) => {
				const fields = line.startsWith("{") ? JSON.parse(line) : {};
				return fields.pk === "chat#counted" ? [String(fields.message)] : [];
			});
			return Object.fromEntries(
				Object.entries(Object.groupBy(events, (event) => event)).map(([event, all = []]) => [
					event,
					all.length,
				]),
			);
		};
		const post = (fields: object) => harness.post(textMessage({ chatId: "counted", ...fields }));
		await Promise.all(["one", "two"].map((botId) => post({ messageId: "bots", botId })));
		await vi.waitFor(async () => expect(await stored()).toEqual({ stored: 2 }), DEADLINE);
		await Promise.all(["a", "b"].map((text) => post({ messageId: "first", payload: { text } })));
		const both = await vi.waitFor(async () => {
			const counted = await stored();
			expect((counted.stored ?? 0) + (counted.revision ?? 0)).toBe(4);
			return counted;
		}, DEADLINE);
		expect(both.revision ?? 0).toBeLessThanOrEqual(1);
		await post({ messageId: "first", payload: { text: "c" } });
		await vi.waitFor(
			async () => expect((await stored()).revision).toBe((both.revision ?? 0) + 1),
			DEADLINE,
		);
	});
});

describe("parts belong to their row", () => {
	const table = () => new DynamoDBClient({});
	const fields = { chatId: "parts", messageId: "parts", token: "" };
	const text = textMessage({ ...fields, payload: { text: denseText(MAX_BODY_BYTES - 400) } });
	const { parts } = itemsOf(envelopeOf(text));

	test("a message of which one is missing is shown as incomplete, with exit code 1", async () => {
		await rowOf(text.replace('"token":""', `"token":"${TOKEN}"`), text);
		const whole = await harness.command("messages", "--message", "parts");
		expect(whole).toMatchObject({ exitCode: 0 });
		const { pk = "", sk = "" } = parts[1] ?? {};
		await table().send(
			new DeleteItemCommand({ TableName: harness.stack.tableName, Key: marshall({ pk, sk }) }),
		);
		const shown = await harness.command("messages", "--message", "parts");
		expect(shown.exitCode).toBe(1);
		expect(shown.all).toContain("(incomplete: a part of it is missing)");
		const json = await harness.command("messages", "--message", "parts", "--json");
		expect(json.exitCode).toBe(1);
		expect(JSON.parse(json.all)).toMatchObject({ messageId: "parts", isIncomplete: true });
		expect(JSON.parse(json.all)).not.toHaveProperty("message");
		// Among others it is one line like them.
		expect(await harness.command("messages", "--chat", "parts")).toMatchObject({ exitCode: 0 });
	});

	test("what has expired is not shown, even while it is still there", async () => {
		const receivedAt = "2026-01-02T03:04:05.006Z";
		for (const [messageId, days] of Object.entries({ gone: 1, here: 100_000 })) {
			const { row } = itemsOf(
				envelopeOf(textMessage({ chatId: "old", messageId }), { receivedAt }),
				days,
			);
			await table().send(
				new PutItemCommand({
					TableName: harness.stack.tableName,
					Item: marshall(row, { removeUndefinedValues: true }),
				}),
			);
		}
		const { all } = await harness.command("messages", "--chat", "old", "--json");
		expect(all.split("\n").map((line) => JSON.parse(line).messageId)).toEqual(["here"]);
	});
});
