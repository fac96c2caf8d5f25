import { once } from "node:events";
import { createServer } from "node:http";
import { connect } from "node:net";
import { json } from "node:stream/consumers";
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
	ChangeMessageVisibilityCommand,
	ReceiveMessageCommand,
	SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { marshall } from "@aws-sdk/util-dynamodb";
import { execa } from "execa";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { packEnvelope } from "../../lib/storage/envelope.ts";
import { itemsOf } from "../../lib/storage/record.ts";
import { callbackRow, messageRow } from "../../lib/storage/row.ts";
import { textMessage } from "../callbacks.ts";
import { useStack } from "./harness.ts";

// Nothing that a sender wrote hides a message from whoever reads, or reaches a terminal raw.

const DEADLINE = { timeout: 30_000, interval: 100 };
const RAW = "\u009b31m \u009d0;title\u007f \u202egpj.exe\u202c \u{e0041}";
const ARRIVAL = { receivedAt: "2026-01-02T03:04:05.006Z", blanked: 0 };

const harness = useStack();

const isRaw = (character: string): boolean =>
	/[\p{Cc}\p{Cf}\p{Bidi_Control}]/u.test(character) && character !== "\n";

async function linesOf(name: string, ...options: string[]): Promise<string[]> {
	const { stdout, stderr, exitCode } = await harness.command(name, ...options);
	expect([exitCode, stderr]).toEqual([0, ""]);
	expect([...stdout].filter(isRaw)).toEqual([]);
	return stdout.split("\n");
}

describe("messages", () => {
	const chat = { chatId: "hostile" };
	const deep = `{"text":${"[".repeat(50_000)}${"]".repeat(50_000)}}`;
	const many = `{"text":"","mention":[${"1,".repeat(440_000)}1]}`;
	/** Each a second after the one before it. */
	const bodies = [
		textMessage({ ...chat, messageId: "first" }),
		textMessage({ ...chat, messageId: "deep" }).replace('{"text":"你好"}', deep),
		textMessage({ ...chat, messageId: "many" }).replace('{"text":"你好"}', many),
		textMessage({ ...chat, messageId: "raw", contactName: RAW, payload: { text: RAW } }),
		textMessage({ ...chat, messageId: "unknown", type: 42, payload: { [RAW]: RAW } }),
		textMessage({ ...chat, messageId: "last" }),
	].map((body, n) => body.replace("1767225602000", String(1_767_225_602_000 + n * 1_000)));

	beforeAll(async () => {
		const client = new DynamoDBClient({});
		const TableName = harness.stack.tableName;
		const verdict = { conformance: "corrected", violations: [] } as const;
		const said = { chatId: "hostile", messageId: "no-json", time: 1_767_225_605_500 };
		const row = messageRow("no JSON", said, verdict, ARRIVAL);
		const { row: item } = itemsOf({ row, text: "no JSON" });
		const odd = { pk: "chat#hostile", sk: `2026-01-01T00:00:03.500Z#${RAW}`, conformance: "odd" };
		for (const Item of [item, odd]) {
			await client.send(
				new PutItemCommand({ TableName, Item: marshall(Item, { removeUndefinedValues: true }) }),
			);
		}
		for (const body of bodies) expect(await harness.post(body)).toMatchObject({ status: 200 });
		await vi.waitFor(async () => expect(await harness.rows()).toHaveLength(7), DEADLINE);
	}, 60_000);

	test.each([[["--chat", "hostile"]], [[]]])("%j shows each, one line each", async (options) => {
		const lines = await linesOf("messages", ...options);
		const [odd, ...others] = lines;
		expect(odd).toContain(
			"a row of another kind: chat#hostile 2026-01-01T00:00:03.500Z#\\u009b31m",
		);
		expect(others.map((line) => line.split("  ")[1])).toEqual([
			"first",
			"deep",
			"many",
			"raw",
			"no-json",
			"unknown",
			"last",
		]);
		expect(others.find((line) => line.includes("no-json"))).toContain("(cannot be shown");
		expect(others.every((line) => line.length < 300)).toBe(true);
	});

	test("--json is the same JSON, without a character that a terminal obeys", async () => {
		const [, , , , raw = ""] = await linesOf("messages", "--chat", "hostile", "--json");
		const { message } = JSON.parse(raw);
		expect(JSON.parse(message).data.payload).toEqual({ text: RAW });
	});

	test("an id is found by what a line shows of it", async () => {
		expect(await linesOf("messages", "--message", "unkno")).toEqual([
			expect.stringContaining("a row of another kind"),
			expect.stringContaining("  unknown  "),
		]);
	});

	test("review groups them, and judges them again", async () => {
		for (const options of [[], ["--show"]]) {
			const groups = (await linesOf("review", ...options)).filter((line) => / x /.test(line));
			expect(groups.toSorted()).toEqual([
				"1 x data.payload.mention.0 should be: string",
				"1 x data.payload.text should be: string",
				"1 x type 42 is not a known one",
			]);
		}
		expect(await linesOf("review", "--revalidate")).toEqual(["3 judged again, 0 changed"]);
	});
});

describe("handed on", () => {
	const since = ["--since", "2026-01-01"];

	test("each message reaches a program once or with the same key again, killed and refused in between", async () => {
		const seen: { readonly key: unknown; readonly text: unknown }[] = [];
		let requests = 0;
		const program = createServer(async (request, response) => {
			const { text } = Object(await json(request));
			const isRefused = ++requests % 3 === 0;
			if (!isRefused) seen.push({ key: request.headers["idempotency-key"], text });
			response.writeHead(isRefused ? 500 : 204).end();
		});
		program.listen(0, "127.0.0.1");
		await once(program, "listening");
		const to = ["--to", `http://127.0.0.1:${Object(program.address()).port}/hook`];
		try {
			await harness.commandUntil(() => seen.length > 1, "forward", ...to, ...since);
			const ended = await harness.command("forward", "--once", ...to, ...since);
			expect(ended.exitCode).toBe(0);
			expect([...ended.all].filter(isRaw)).toEqual([]);
		} finally {
			program.close();
		}
		const stored = (await harness.rows()).filter(({ storedAt }) => storedAt);
		expect(new Map(seen.map(({ key, text }) => [key, text])).size).toBe(stored.length);
		expect(new Set(seen.map(({ text }) => text))).toEqual(new Set(stored.map(({ text }) => text)));
		expect(new Set(seen.map((one) => JSON.stringify(one))).size).toBe(stored.length);
	});

	test("what is new is followed, and exported", async () => {
		let post: Promise<unknown> | undefined;
		const followed = await harness.commandUntil(
			(stdout) => {
				if (stdout.includes("last")) {
					post ??= harness.post(textMessage({ messageId: "followed", payload: { text: "=1+1" } }));
				}
				return stdout.includes("followed");
			},
			...["messages", "--follow", ...since],
		);
		await post;
		const stored = (await harness.rows()).filter(({ storedAt }) => storedAt);
		expect(followed.trimEnd().split("\n")).toHaveLength(stored.length);
		const { stdout } = await harness.command("export", ...since);
		const lines = stdout.split("\n").map((line) => JSON.parse(line).message);
		expect(new Set(lines)).toEqual(new Set(stored.map(({ text }) => text)));
		const csv = await harness.command("export", "--format", "csv", ...since);
		expect(csv.stdout).toContain(",'=1+1,");
		expect([...csv.stdout].filter((one) => isRaw(one) && !"\r\uFEFF".includes(one))).toEqual([]);
	});
});

describe("other callbacks", () => {
	beforeAll(async () => {
		for (const n of [1, 2, 3]) {
			const body = JSON.stringify({ token: "any", n, name: RAW });
			await harness.send("room/joined", { method: "POST", body });
			await vi.waitFor(async () => expect(await harness.callbacks()).toHaveLength(n), DEADLINE);
		}
	});

	test("are limited like messages", async () => {
		const numbers = async (...options: string[]): Promise<number[]> => {
			const { stdout } = await harness.command(
				"messages",
				"--callback",
				"all",
				"--json",
				...options,
			);
			const lines = stdout === "" ? [] : stdout.split("\n");
			return lines.map((line) => JSON.parse(JSON.parse(line).message).n);
		};
		expect(await numbers()).toEqual([1, 2, 3]);
		expect(await numbers("--limit", "2")).toEqual([2, 3]);
		expect(await numbers("--since", "2100-01-01")).toEqual([]);
		const [{ receivedAt = "" } = {}] = (await harness.callbacks()).toSorted((a, b) =>
			a.receivedAt < b.receivedAt ? -1 : 1,
		);
		expect(await numbers("--until", receivedAt)).toEqual([1]);
		expect(await linesOf("messages", "--callback", "/room/joined/")).toHaveLength(3);
	});
});

describe("dead letters", () => {
	const text = JSON.stringify({ n: 1 });
	const line = { method: "POST", path: `room/${RAW}`, query: "", encoding: "utf8" } as const;

	test("none is called none while another look hides it", async () => {
		expect(await linesOf("dead-letters")).toEqual(["no dead letters"]);
		const bodies = [packEnvelope({ row: callbackRow(text, line, ARRIVAL), text }).body, "nonsense"];
		for (const MessageBody of bodies) {
			await harness.stack.queue.client.send(
				new SendMessageCommand({ QueueUrl: harness.stack.deadLetterQueueUrl, MessageBody }),
			);
		}
		const shown = await linesOf("dead-letters");
		expect(shown).toHaveLength(2);
		expect(shown.join()).toContain("\\u202egpj.exe");
		// What was shown is in sight again, and what another look has just received is not.
		const { client } = harness.stack.queue;
		const QueueUrl = harness.stack.deadLetterQueueUrl;
		const handles: (string | undefined)[] = [];
		await vi.waitFor(async () => {
			const { Messages = [] } = await client.send(
				new ReceiveMessageCommand({
					...{ QueueUrl, VisibilityTimeout: 600, MaxNumberOfMessages: 10 },
				}),
			);
			for (const { ReceiptHandle } of Messages) handles.push(ReceiptHandle);
			expect(handles).toHaveLength(2);
		}, DEADLINE);
		const hidden = await harness.command("dead-letters");
		expect(hidden).toMatchObject({ exitCode: 1, stdout: "" });
		expect(hidden.stderr).toMatch(/^dead-letters: 2 more are hidden .* back within 10 s/);
		for (const ReceiptHandle of handles) {
			await client.send(
				new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 1 }),
			);
		}
		await vi.waitFor(async () => expect(await linesOf("dead-letters")).toHaveLength(2), DEADLINE);
	});
});

test.each(["messages", "review", "dead-letters"])(
	"%s of a stage that is not there is told in words",
	async (name) => {
		const command = [`cli/${name}.ts`, "--stage", "nowhere"];
		const { exitCode, stdout, stderr } = await execa("node", command, {
			env: harness.stack.environment,
			reject: false,
		});
		expect([exitCode, stdout]).toEqual([1, ""]);
		expect(stderr).toMatch(/^[\w-]+: there is no such stage in this account and region: [^\n]*$/);
	},
);

test("queue, table and API are reached from this machine only", async () => {
	const { AWS_ENDPOINT_URL_SQS = "", AWS_ENDPOINT_URL_DYNAMODB = "" } = harness.stack.environment;
	const urls = [AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL_DYNAMODB, harness.stack.callbackUrl];
	for (const url of urls) {
		const port = Number(new URL(url).port);
		const socket = connect(port, "127.0.0.1");
		await once(socket, "connect");
		socket.destroy();
		// Whatever listens on all interfaces listens here, too.
		await expect(once(connect(port, "127.0.0.2"), "connect")).rejects.toThrow("ECONNREFUSED");
	}
});
