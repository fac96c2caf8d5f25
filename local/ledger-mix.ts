import { sampleBody, sampleNames } from "../samples/samples.ts";

/** One call of the platform. */
export interface Delivery {
	readonly method: "POST" | "GET" | "PUT";
	/** Below the base URL, with the query. */
	readonly path: string;
	readonly body: string;
	/** What is to lie in the table when it was acknowledged: a text, or a callback's parts as JSON. */
	readonly kept: string;
	/** The HTTP status with which the contract refuses it, if it does. */
	readonly refusedWith?: number;
}

/** That of the samples, so whatever is not to be refused has it. */
const TOKEN = "9f1e2d3c4b5a69788796a5b4";

/** Numbers from 0 to 1, always the same for a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let bits = Math.imul(state ^ (state >>> 15), 1 | state);
		bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
		return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
	};
}

/**
 * A mix as it may come: all types, retries, revisions, two bots, hostile bodies, siblings.
 *
 * @param begin of the first message's time, ms since 1970, each next one a second later; without it they
 *   have the times of the samples.
 */
export function deliveries(count: number, seed: number, begin?: number): Delivery[] {
	const random = randomFrom(seed);
	const pick = <T>(list: readonly T[]): T => {
		const one = list[Math.floor(random() * list.length)];
		if (one === undefined) throw new Error("nothing to pick from");
		return one;
	};
	const templates = sampleMessages();
	const made: Delivery[] = [];
	const timed = (): object =>
		begin === undefined ? {} : { timestamp: begin + made.length * 1_000 };
	const fresh = (): Delivery => {
		const n = made.length;
		const data = {
			...pick(templates),
			messageId: `m${n}`,
			chatId: `chat-${Math.floor(random() * 50)}`,
			...timed(),
		};
		return message(JSON.stringify({ data }));
	};
	const kinds: readonly (readonly [share: number, make: () => Delivery])[] = [
		[50, fresh],
		[15, () => (made.length > 0 ? pick(made.slice(-20)) : fresh())],
		[10, () => revised(pick(made.length > 0 ? made.slice(-20) : [fresh()]), made.length)],
		[8, () => fromOtherBot(pick(made.length > 0 ? made.slice(-20) : [fresh()]))],
		[7, () => hostile(made.length, pick(HOSTILE_TEXTS), random, timed())],
		[7, () => sibling(made.length, pick(SIBLINGS))],
		[3, () => pick(REFUSED)],
	];
	const whole = kinds.reduce((sum, [share]) => sum + share, 0);
	while (made.length < count) {
		let at = random() * whole;
		for (const [share, make] of kinds) {
			at -= share;
			if (at > 0) continue;
			made.push(make());
			break;
		}
	}
	return made;
}

function sampleMessages(): Record<string, unknown>[] {
	return sampleNames
		.filter((name) => /^t\d+-/.test(name))
		.map((name) => JSON.parse(sampleBody(name)).data);
}

function message(body: string): Delivery {
	return { method: "POST", path: "message", body, kept: body.replaceAll(TOKEN, "") };
}

/** Other content under the same id; of what is no message, the thing itself again. */
function revised(delivery: Delivery, n: number): Delivery {
	return withData(delivery, (data) => ({ ...data, payload: { text: `revision ${n}` } }));
}

function fromOtherBot(delivery: Delivery): Delivery {
	return withData(delivery, (data) => ({
		...data,
		botId: "other",
		chatId: `${data.chatId}-other`,
	}));
}

function withData(
	delivery: Delivery,
	change: (data: Record<string, unknown>) => Record<string, unknown>,
): Delivery {
	if (delivery.path !== "message" || delivery.refusedWith !== undefined) return delivery;
	const body = JSON.stringify({ data: change(JSON.parse(delivery.body).data) });
	// A number of so many digits is another one when it has been parsed, and that of another message.
	const [id] = LONG_ID.exec(delivery.body) ?? [];
	return message(id === undefined ? body : body.replace(LONG_ID, id));
}

const LONG_ID = /"messageId":\d{15,}/;

const HOSTILE_TEXTS: readonly string[] = [
	"\u0000\ufffe\uffff",
	"\ud83d",
	"😀‮",
	"\r\n\u001b[31m",
	"__proto__",
	"长".repeat(30_000),
	'"\\'.repeat(20_000),
];

function hostile(n: number, text: string, random: () => number, timed: object): Delivery {
	const payload = { text, [text.slice(0, 20)]: random() };
	const body = JSON.stringify({
		data: { token: TOKEN, messageId: n, chatId: text.slice(0, 10), payload, ...timed },
	});
	return message(
		random() < 0.5 ? body : body.replace(`"messageId":${n}`, `"messageId":72000000000000${n}`),
	);
}

const SIBLINGS = [
	"sentResult",
	"chat",
	"friend/confirm",
	"room/joined",
	"room/left",
	"room/topic",
] as const;

function sibling(n: number, path: string): Delivery {
	if (n % 5 === 0) {
		const query = `n=${n}&token=`;
		return {
			method: "GET",
			path: `${path}?${query}${TOKEN}`,
			body: "",
			kept: JSON.stringify(["GET", path, query, ""]),
		};
	}
	const body = JSON.stringify({ token: TOKEN, n });
	return {
		method: "POST",
		path,
		body,
		kept: JSON.stringify(["POST", path, "", body.replaceAll(TOKEN, "")]),
	};
}

const REFUSED: readonly Delivery[] = ["", "{", "[]", `{"data":{"token":"${TOKEN}"`].map((body) => ({
	...message(body),
	refusedWith: 400,
}));
