import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { execa } from "execa";
import getPort from "get-port";
import { afterAll, beforeAll, expect, vi } from "vitest";
import type { CallbackItem, MessageItem } from "../../lib/archive/item.ts";
import { countQueue } from "../../lib/archive/queue-counts.ts";
import { type Reader, readTable } from "../../lib/archive/reader.ts";
import { withText } from "../../lib/archive/revisions.ts";
import { type Stack, startStack } from "../../local/stack.ts";
import { writeState } from "../../local/state.ts";

/** A row as the tests look at it. */
export type StoredRow = MessageItem & { readonly text: string };

/** A stack of its own for a test file, on the table engine of its project. */
export interface Harness {
	readonly stack: Stack;
	/** Posts a body as the platform does. */
	post(body: string | Uint8Array, headers?: Record<string, string>): Promise<Answer>;
	/** Sends any request below the base URL. */
	send(path: string, init: RequestInit): Promise<Answer>;
	/** The rows of all other callbacks. */
	callbacks(): Promise<CallbackItem[]>;
	/** Every row of the table. */
	rows(): Promise<StoredRow[]>;
	/** Runs a command of `cli/` against this stack; what it wrote, and how it ended. */
	command(file: string, ...options: string[]): Promise<Ended>;
	/** The same, killed when something has come true; what it wrote. */
	commandUntil(
		isEnough: (stdout: string) => boolean,
		file: string,
		...options: string[]
	): Promise<string>;
	/** Messages in the queue, waiting or being handled. */
	waiting(queueUrl: string): Promise<number>;
	/** Makes a message that failed come back after so many seconds. */
	retryAfter(seconds: number): Promise<void>;
}

/** How a command ended. */
export interface Ended {
	readonly stdout: string;
	readonly stderr: string;
	/** Both, in the order in which they came. */
	readonly all: string;
	readonly exitCode?: number;
}

/** What the platform gets to see. */
export interface Answer {
	readonly status: number;
	readonly body: unknown;
}

/** Starts a stack before the tests of a file, and ends it after them. */
export function useStack(
	settings: Record<string, string> = {},
	options: Pick<Parameters<typeof startStack>[0], "withFaults" | "patience"> = {},
): Harness {
	let stack: Stack;
	let reader: Reader;
	let directory: string;

	beforeAll(async () => {
		directory = await mkdtemp(join(tmpdir(), "receiver-"));
		const engine = process.env.DYNAMODB === "amazon" ? "amazon" : "dynalite";
		const port = await getPort({ host: "127.0.0.1" });
		stack = await startStack({ port, engine, directory, settings, ...options });
		Object.assign(process.env, stack.environment);
		reader = readTable(stack.tableName);
	});

	afterAll(async () => {
		await stack?.stop();
		await rm(directory, { recursive: true, force: true });
	});

	/** Tells the commands where the stack is. */
	const tellWhere = async (): Promise<string> => {
		await writeState(stack, directory);
		return directory;
	};
	const start = (file: string, options: readonly string[], LOCAL_DIR: string) =>
		execa("node", [`cli/${file}.ts`, ...options], { env: { LOCAL_DIR }, reject: false, all: true });

	return {
		get stack() {
			return stack;
		},
		post(body, headers = { "content-type": "application/json" }) {
			const bytes = typeof body === "string" ? body : Buffer.from(body);
			return this.send("message", { method: "POST", headers, body: bytes });
		},
		async send(path, init) {
			const response = await fetch(new URL(path, stack.callbackUrl), init);
			return { status: response.status, body: await response.json() };
		},
		async callbacks() {
			const rows: CallbackItem[] = [];
			for await (const page of reader.callbackRows()) rows.push(...page);
			return rows;
		},
		async rows() {
			const rows: StoredRow[] = [];
			for await (const page of reader.allRows()) {
				for (const row of page) {
					rows.push({ ...row, text: (await withText(reader, row).text()) ?? "(incomplete)" });
				}
			}
			return rows;
		},
		async command(file, ...options) {
			return start(file, options, await tellWhere());
		},
		async commandUntil(isEnough, file, ...options) {
			const running = start(file, options, await tellWhere());
			let stdout = "";
			running.stdout.on("data", (chunk) => {
				stdout += chunk;
			});
			await vi.waitFor(() => expect(isEnough(stdout)).toBe(true), { timeout: 30_000 });
			running.kill("SIGKILL");
			await running;
			return stdout;
		},
		async waiting(queueUrl) {
			return (await countQueue(stack.queue.client, queueUrl)).all;
		},
		async retryAfter(seconds) {
			await stack.queue.client.send(
				new SetQueueAttributesCommand({
					QueueUrl: stack.queueUrl,
					Attributes: { VisibilityTimeout: String(seconds) },
				}),
			);
		},
	};
}
