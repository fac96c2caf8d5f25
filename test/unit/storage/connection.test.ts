import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createSilentServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Connection, openConnection } from "../../../lib/storage/connection.ts";
import { openQueue } from "../../../lib/storage/queue.ts";
import { openSqs } from "../../../lib/storage/sqs.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";
import { makeCertificates } from "../../certificates.ts";

const aws = { region: "us-east-1", accessKeyId: "a", secretAccessKey: "b" };
const envelope = envelopeOf(textMessage());

/** The connections that the server has had, and how many requests came by each. */
let sockets: Socket[];
let requests: number[];
/** The first connection takes requests and never answers, as one that somebody on the way forgot. */
let isFirstLost: boolean;
let queueUrl: string;
let stop: () => Promise<void>;

beforeAll(async () => {
	const certificates = await makeCertificates();
	setDefaultCACertificates([...getCACertificates(), certificates.ca]);
	const server = createServer(certificates, async (request, response) => {
		const index = sockets.indexOf(request.socket);
		requests[index] = (requests[index] ?? 0) + 1;
		const { MessageBody } = JSON.parse(await text(request));
		const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
		if (!(isFirstLost && index === 0)) {
			response.end(JSON.stringify({ MessageId: "m", MD5OfMessageBody }));
		}
	});
	server.on("secureConnection", (socket) => {
		sockets.push(socket);
		requests.push(0);
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address() as AddressInfo;
	queueUrl = `https://localhost:${port}/000000000000/messages`;
	stop = async () => {
		server.closeAllConnections();
		server.close();
		await once(server, "close");
	};
});
beforeEach(() => {
	sockets = [];
	requests = [];
	isFirstLost = false;
});
afterEach(() => vi.useRealTimers());
afterAll(() => stop());

async function opened(): Promise<Connection> {
	const connection = openConnection();
	await connection.open(new URL(queueUrl));
	await vi.waitFor(() => expect(sockets).toHaveLength(1));
	return connection;
}

const openedQueue = async () => openQueue(queueUrl, aws, await opened());

test("a connection that was opened before is taken by the first request, and kept for the next", async () => {
	const queue = await openedQueue();
	expect(requests).toEqual([0]);
	expect(await queue.send(envelope)).toBe("m");
	expect(await queue.send(envelope)).toBe("m");
	expect(requests).toEqual([2]);
});

test.each([0, 1])(
	"one that was closed after %s requests is not tried again",
	async (sentBefore) => {
		// A queue would try twice.
		const sqs = openSqs(queueUrl, aws, await opened());
		const send = () => sqs("SendMessage", { MessageBody: "{}" }, AbortSignal.timeout(20_000));
		for (let n = 0; n < sentBefore; n++) await send();
		const [first] = sockets;
		first?.destroySoon();
		// The other end has not read of it then: as after a freeze.
		if (first !== undefined) await once(first, "close");
		expect(await send()).toMatchObject({ MessageId: "m" });
		expect(requests).toEqual([sentBefore, 1]);
	},
);

test.each([0, 1])(
	"one that has idled for a minute after %s requests is not tried",
	async (sentBefore) => {
		const queue = await openedQueue();
		for (let n = 0; n < sentBefore; n++) await queue.send(envelope);
		isFirstLost = true;
		vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
		expect(await queue.send(envelope)).toBe("m");
		expect(requests).toEqual([sentBefore, 1]);
	},
);

test("one that was lost a moment ago costs one try, and no message", async () => {
	const queue = await openedQueue();
	isFirstLost = true;
	expect(await queue.send(envelope)).toBe("m");
	expect(requests).toEqual([1, 1]);
});

test("a service that is silent, refuses connections or has no name is no reason to wait or to fail", async () => {
	const silent = createSilentServer();
	silent.listen(0, "127.0.0.1");
	await once(silent, "listening");
	const { port } = silent.address() as AddressInfo;
	const accepted = once(silent, "connection");
	await openConnection().open(new URL(`https://localhost:${port}`));
	const [socket] = await accepted;
	socket.destroy();
	silent.close();
	await once(silent, "close");
	await openConnection().open(new URL(`https://localhost:${port}`));
	await openConnection().open({ protocol: "https:", hostname: "", port: "70000" });
});
