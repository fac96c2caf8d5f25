import { once } from "node:events";
import { connect, type Socket } from "node:net";
import getPort from "get-port";
import { afterEach, expect, test, vi } from "vitest";
import { type Console, startConsole } from "../../../console/server.ts";
import { stageWith } from "./stage.ts";

let shown: Console | undefined;
let sockets: Socket[] = [];
afterEach(async () => {
	for (const socket of sockets) socket.destroy();
	sockets = [];
	await shown?.stop();
});

test("100 readers of the updates that read nothing are let go; a page that reads is not", async () => {
	const port = await getPort({ host: "127.0.0.1" });
	shown = await startConsole(stageWith({}), port);
	for (let i = 0; i < 100; i++) {
		const socket = connect(port, "127.0.0.1").on("error", () => undefined);
		await once(socket, "connect");
		socket.write(`GET /api/updates HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
		sockets.push(socket);
	}
	const closed = new Set<Socket>();
	for (const socket of sockets) socket.on("close", () => closed.add(socket)).resume();
	await vi.waitFor(() => expect(closed.size).toBeGreaterThanOrEqual(80), 5_000);
	const abort = new AbortController();
	const response = await fetch(`${shown.url}api/updates`, { signal: abort.signal });
	const { value } = (await response.body?.getReader().read()) ?? {};
	expect(Buffer.from(value ?? []).toString()).toContain('"isWhole":true');
	abort.abort();
});

test("a request that is to be sent goes below the callback URL, wherever its path points", async () => {
	const asked: string[] = [];
	vi.stubGlobal("fetch", async (url: URL) => {
		asked.push(url.href);
		return new Response("{}");
	});
	const { sendDraft } = await import("../../../console/sending.ts");
	const target = { callbackUrl: "http://127.0.0.1:1/k/message", token: "t", secrets: [] };
	const body = { text: "{}", encoding: "utf8" } as const;
	for (const path of ["message", "/room/joined?x=1", "//evil.example/x", "http://evil.example/"]) {
		await sendDraft({ method: "POST", path, body }, target);
	}
	vi.unstubAllGlobals();
	expect(asked).toHaveLength(4);
	for (const url of asked) expect(url).toMatch(/^http:\/\/127\.0\.0\.1:1\/k\//);
});
