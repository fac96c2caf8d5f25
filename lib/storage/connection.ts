import { type ClientRequestArgs, Agent as PlainAgent } from "node:http";
import { Agent } from "node:https";
import { connect as connectPlain, type Socket } from "node:net";
import { setImmediate, setTimeout } from "node:timers/promises";
import { connect, TLSSocket } from "node:tls";

/** What a service is reached by: connections that are kept from one request to the next. */
export interface Connection {
	/** Where the SDK's HTTP handler takes them from. */
	readonly agents: { readonly httpAgent: PlainAgent; readonly httpsAgent: Agent };
	/**
	 * Opens a connection before there is a request, and sends nothing. Takes {@link OPENING_MS} at most
	 * and never fails: what is not open then is opened by the first request.
	 */
	open(service: Service): Promise<void>;
	/** To be waited for before a request: lets go of connections that may be dead, and of no other. */
	check(): Promise<void>;
	/** Lets go of all connections that no request is using. */
	drop(): void;
}

/** Where a service listens: a URL says it. */
export interface Service {
	/** `https:`, or locally `http:`. */
	readonly protocol: string;
	readonly hostname: string;
	/** Empty for the protocol's own. */
	readonly port: string;
}

/** A start is not held up by a service that does not answer. */
const OPENING_MS = 200;

/**
 * While Lambda has frozen a process, its connections are closed, or forgotten on the way. AWS does not
 * say after how long; the SDK for Java uses none that has idled for a minute (`connectionMaxIdleTime`).
 */
const LONGEST_IDLE_MS = 60_000;

/** The messages of a batch are written at once. */
const MOST = 10;

/**
 * Opens a pool of connections that are kept, {@link MOST} a host at most. One that has idled for
 * {@link LONGEST_IDLE_MS} is not used again.
 */
export function openConnection(): Connection {
	/** Since when a connection has been idle; the clock goes on while the process is frozen. */
	const idleSince = new WeakMap<object, number>();
	const opened: Socket[] = [];
	/** With the last one a TLS connection is resumed for a fraction of the work. */
	let session: Buffer | undefined;

	const remember = <S extends object>(socket: S): S => {
		if (socket instanceof TLSSocket) {
			socket.on("session", (last) => {
				session = last;
			});
		}
		return socket;
	};
	const isUsable = (socket: Socket): boolean =>
		!socket.destroyed &&
		socket.writable &&
		!socket.readableEnded &&
		Date.now() - (idleSince.get(socket) ?? 0) < LONGEST_IDLE_MS;

	const prepared = <A extends PlainAgent>(agent: A): A => {
		const create = agent.createConnection.bind(agent);
		const keep = agent.keepSocketAlive.bind(agent);
		agent.createConnection = (options: ClientRequestArgs, callback) => {
			const ready = opened.pop();
			if (ready !== undefined) return ready.ref();
			const socket = create(session ? Object.assign(options, { session }) : options, callback);
			return socket && remember(socket);
		};
		agent.keepSocketAlive = (socket) => {
			idleSince.set(socket, Date.now());
			return keep(socket);
		};
		return agent;
	};
	const limits = { keepAlive: true, maxSockets: MOST };
	const agents = {
		httpAgent: prepared(new PlainAgent(limits)),
		httpsAgent: prepared(new Agent(limits)),
	};
	const idle = (): Socket[] => [
		...opened,
		...Object.values(agents).flatMap(({ freeSockets }) =>
			Object.values(freeSockets).flatMap((sockets) => sockets ?? []),
		),
	];
	const letGo = (isToStay: (socket: Socket) => boolean): void => {
		for (const socket of idle()) if (!isToStay(socket)) socket.destroy();
		opened.splice(0, opened.length, ...opened.filter(isToStay));
	};

	const openOne = async ({ protocol, hostname: host, port }: Service): Promise<void> => {
		const isTls = protocol === "https:";
		const socket = isTls
			? connect({
					...{ host, servername: host, port: Number(port || 443), ALPNProtocols: ["http/1.1"] },
					...(session && { session }),
				})
			: connectPlain({ host, port: Number(port || 80) });
		remember(socket).unref();
		const { promise: settled, resolve } = Promise.withResolvers<void>();
		socket.on("error", () => resolve());
		socket.once(isTls ? "secureConnect" : "connect", () => {
			idleSince.set(socket, Date.now());
			opened.push(socket);
			resolve();
		});
		await settled;
	};

	return {
		agents,
		async open(service) {
			const timer = new AbortController();
			await Promise.race([
				openOne(service),
				setTimeout(OPENING_MS, undefined, { signal: timer.signal }).catch(() => undefined),
			]).catch(() => undefined);
			timer.abort();
		},
		async check() {
			// What has arrived while the process was frozen, such as the end of a connection, is read in the
			// next turn of the event loop, and a connection is free a moment after its answer: the first of
			// these two may belong to the turn that is running.
			await setImmediate();
			await setImmediate();
			letGo(isUsable);
		},
		drop() {
			letGo(() => false);
		},
	};
}
