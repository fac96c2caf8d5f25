import { isDeepStrictEqual, parseArgs } from "node:util";
import fc from "fast-check";
import { itemOf } from "../lib/archive/item.ts";
import { MAX_BODY_BYTES } from "../lib/intake/body.ts";
import { readRequest } from "../lib/intake/request.ts";
import { sealedOf } from "../lib/intake/secret.ts";
import { packEnvelope, unpackEnvelope } from "../lib/storage/envelope.ts";
import { itemsOf, textOf } from "../lib/storage/record.ts";
import { isOfMessage } from "../lib/storage/row.ts";
import { sampleBody, sampleNames } from "../samples/samples.ts";
import { spelled } from "../test/unit/intake/spellings.ts";
import { TOKEN } from "./ways.ts";

// A long run of hostile bodies through all that receive and store do with a text: nothing throws, the
// net catches nothing, what is kept is what was sent, and no secret is in it. Ends with 1 otherwise.

const { values } = parseArgs({
	options: {
		bodies: { type: "string", default: "100000" },
		seed: { type: "string", default: "1" },
	},
});

const KEY = "a-key-of-the-base-url";
const SECRETS = [TOKEN, KEY, "0123456789abcdef01234567"];
const config = {
	credentials: [TOKEN, "0123456789abcdef01234567"].map(sealedOf),
	keys: [sealedOf(KEY)],
	onUnrecognized: "keep",
} as const;

const piece = fc.oneof(
	fc.string({ unit: "binary", maxLength: 4 }),
	fc.constantFrom(
		'"',
		"\\",
		"{",
		"}",
		"[",
		"]",
		"\\u",
		"\\u00",
		",",
		":",
		"null",
		"1e999",
		"\u0000",
	),
	fc.constantFrom(
		'"token":',
		'"data":{',
		'"payload":',
		'"chatId":',
		"%",
		"%25",
		"\ufeff",
		"\ufffd",
	),
	fc.constantFrom(...SECRETS).chain(spelled),
	fc.constantFrom("[".repeat(3_000), "\\".repeat(999), "a".repeat(2_000), '"x":1,'.repeat(200)),
);
const sample = fc.constantFrom(...sampleNames).map(sampleBody);
/** A sample with pieces put into it, over some of its characters. */
const mutated = fc
	.tuple(sample, fc.array(fc.tuple(fc.nat(), fc.nat(6), piece), { maxLength: 4 }))
	.map(([body, changes]) =>
		changes.reduce((text, [at, length, added]) => {
			const i = at % (text.length + 1);
			return text.slice(0, i) + added + text.slice(i + length);
		}, body),
	);
const json = fc.json({ stringUnit: "binary", maxDepth: 4 });
/** Any JSON where a message's is expected. */
const framed = fc
	.tuple(json, json, fc.constantFrom(...SECRETS).chain(spelled))
	.map(
		([payload, id, secret]) =>
			`{"data":{"token":"${TOKEN}","type":10000,"messageId":${id},"payload":${payload},"${secret}":${id}}}`,
	);
const bytes = fc.uint8Array({ maxLength: 200 }).map((some) => Buffer.from(some));
const body = fc.oneof({ weight: 6, arbitrary: mutated }, { weight: 3, arbitrary: framed }, bytes);
const path = fc.oneof(
	{ weight: 4, arbitrary: fc.constant("/message") },
	fc.constant(`/${KEY}/message`),
	fc.constantFrom("/sentResult", `/${KEY}/room/${TOKEN}x`, "/old-key-0123456789/chat"),
);
const query = fc.oneof(
	{ weight: 3, arbitrary: fc.constant("") },
	fc.constantFrom(`token=${TOKEN}`, `token=x&u=%2F${TOKEN}`, "%", "token", "=&=&token=%E0%A4%A"),
);

interface Tally {
	refused: number;
	messages: number;
	callbacks: number;
}
const tally: Tally = { refused: 0, messages: 0, callbacks: 0 };

async function check(given: string | Buffer, path: string, query: string): Promise<void> {
	const isBase64Encoded = typeof given !== "string" || !given.isWellFormed();
	const sent = Buffer.from(given);
	const text = isBase64Encoded ? sent.toString("base64") : given.toString();
	const decision = await readRequest(
		{
			...{ method: "POST", path, query, body: text, isBase64Encoded, timeEpoch: 1_767_225_602_000 },
		},
		config,
	);
	const { envelope, refused, error } = decision;
	demand(error === undefined, `the net caught ${error}`);
	if (envelope === undefined) {
		demand(refused !== "tooLarge" || sent.length > MAX_BODY_BYTES, "refused for its size");
		demand(!path.startsWith(`/${KEY}`), "refused although there was a key");
		tally.refused++;
		return;
	}
	const { row } = envelope;
	const packed = packEnvelope(envelope);
	demand(unpackEnvelope(packed).text === envelope.text, "another text came out of the queue");
	const items = itemsOf(envelope, 30);
	demand(textOf(items.row, items.parts) === envelope.text, "another text came out of the table");
	const {
		message: _,
		messageGzip: __,
		messageParts: ___,
		expiresAt,
		...again
	} = itemOf(items.row) ?? {};
	demand(
		expiresAt !== undefined && isDeepStrictEqual(again, { ...row }),
		"another row came out of it",
	);
	demand(
		Buffer.byteLength(row.pk) <= 2_048 && Buffer.byteLength(row.sk) <= 1_024,
		"too long a key",
	);
	const kept = JSON.stringify(row) + envelope.text;
	for (const secret of SECRETS) demand(!kept.includes(secret), "a secret is kept");
	if (isOfMessage(row)) {
		tally.messages++;
		demand(/^(chat|apart)#/.test(row.pk), "not the key of a message");
		JSON.parse(envelope.text);
	} else {
		tally.callbacks++;
		demand(row.pk.startsWith("callback#"), "not the key of a callback");
	}
	const isUntouched = SECRETS.every((secret) => !readable(sent).includes(secret));
	const expected = row.blanked === undefined && isUntouched;
	if (!expected) return;
	const back = "encoding" in row ? Buffer.from(envelope.text, row.encoding) : envelope.text;
	const without = sent.toString().replace(/^\ufeff/, "");
	demand(Buffer.from(back).equals(sent) || back.toString() === without, "not what was sent");
}

function readable(sent: Buffer): string {
	return sent.toString("latin1");
}

function demand(isKept: boolean, problem: string): void {
	if (!isKept) throw new Error(problem);
}

const numRuns = Number(values.bodies);
const seed = Number(values.seed);
await fc.assert(fc.asyncProperty(body, path, query, check), { numRuns, seed });
const counts = Object.entries(tally).map(([name, count]) => `${count} ${name}`);
console.log(`${numRuns} bodies, seed ${seed}: ${counts.join(", ")}; nothing found`);
