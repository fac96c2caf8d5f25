import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer as createPlainServer } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, createServer as createSilentServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Connection, openConnection } from "../../../lib/storage/connection.ts";
import { openQueue } from "../../../lib/storage/queue.ts";
import { openSqs } from "../../../lib/storage/sqs.ts";
import { listenOn } from "../../../local/port.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";
import { makeCertificates } from "../../certificates.ts";

const aws = { region: "us-east-1", accessKeyId: "a", secretAccessKey: "b" };
const envelope = envelopeOf(textMessage());

/** The connections that the server has had, and how many requests came by each. */
let sockets: Socket[];
let requests: number[];
/** So many of the first connections take requests and never answer, as those that are forgotten on the way. */
let lost: number;
/** Whether each connection went on with the session of another one. */
let resumed: boolean[];
/** What each connection said that it would speak. */
let protocols: (string | false | null)[];
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
		if (index >= lost) {
			response.end(JSON.stringify({ MessageId: "m", MD5OfMessageBody }));
		}
	});
	server.on("secureConnection", (socket) => {
		sockets.push(socket);
		resumed.push(socket.isSessionReused());
		protocols.push(socket.alpnProtocol);
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
	resumed = [];
	protocols = [];
	lost = 0;
});
afterEach(() => vi.useRealTimers());
afterAll(() => stop());

async function opened(): Promise<Connection> {
	const connection = openConnection();
	await connection.open(new URL(queueUrl));
	await vi.waitFor(() => expect(sockets).toHaveLength(1), 10_000);
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
		// The clock stands still, so that it is a minute to the ms.
		vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
		const queue = await openedQueue();
		for (let n = 0; n < sentBefore; n++) await queue.send(envelope);
		lost = 1;
		vi.setSystemTime(Date.now() + 60_000);
		expect(await queue.send(envelope)).toBe("m");
		expect(requests).toEqual([sentBefore, 1]);
	},
);

test("one that was lost a moment ago costs one try, and no message", async () => {
	const queue = await openedQueue();
	lost = 1;
	expect(await queue.send(envelope)).toBe("m");
	expect(requests).toEqual([1, 1]);
});

test("the first request's own connection is kept, too, without one that was opened before", async () => {
	const queue = openQueue(queueUrl, aws, openConnection());
	for (let n = 0; n < 2; n++) expect(await queue.send(envelope)).toBe("m");
	expect(requests).toEqual([2]);
});

test.each([
	[true, true],
	[true, false],
	[false, true],
	[false, false],
])(
	"after one was let go the next one resumes its session, opened before: %s, %s",
	async (isFirstOpened, isNextOpened) => {
		const connection = isFirstOpened ? await opened() : openConnection();
		const queue = openQueue(queueUrl, aws, connection);
		await queue.send(envelope);
		const [first] = sockets;
		connection.drop();
		if (first !== undefined) await once(first, "close");
		if (isNextOpened) await connection.open(new URL(queueUrl));
		await queue.send(envelope);
		expect(requests).toEqual([1, 1]);
		expect(resumed).toEqual([false, true]);
	},
);

test("a connection that was opened says that it wants HTTP/1.1", async () => {
	await opened();
	expect(protocols).toEqual(["http/1.1"]);
});

test("when one was lost the others are taken for lost, too", async () => {
	const connection = openConnection();
	const queue = openQueue(queueUrl, aws, connection);
	await Promise.all([1, 2, 3].map(() => queue.send(envelope)));
	expect(requests).toEqual([1, 1, 1]);
	lost = 3;
	expect(await queue.send(envelope)).toBe("m");
	expect(requests.toSorted()).toEqual([1, 1, 1, 2]);
});

test("why a request failed is told as it is", async () => {
	const sqs = openSqs(queueUrl, aws, await opened());
	lost = 1;
	const sent = sqs("SendMessage", { MessageBody: "{}" }, AbortSignal.timeout(100));
	await expect(sent).rejects.toMatchObject({ name: "AbortError" });
});

test("one to a service on this machine, without TLS, is taken by the first request, too", async () => {
	let connections = 0;
	const plain = createPlainServer(async (request, response) => {
		const { MessageBody } = JSON.parse(await text(request));
		const MD5OfMessageBody = createHash("md5").update(MessageBody).digest("hex");
		response.end(JSON.stringify({ MessageId: "m", MD5OfMessageBody }));
	});
	plain.on("connection", () => connections++);
	const stopPlain = await listenOn(plain, 0);
	const url = `http://localhost:${Object(plain.address()).port}/000000000000/messages`;
	const connection = openConnection();
	await connection.open(new URL(url));
	await vi.waitFor(() => expect(connections).toBe(1), 10_000);
	expect(await openQueue(url, aws, connection).send(envelope)).toBe("m");
	expect(connections).toBe(1);
	await stopPlain();
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
