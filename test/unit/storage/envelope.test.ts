import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_BODY_BYTES } from "../../../lib/intake/body.ts";
import { type Envelope, packEnvelope, unpackEnvelope } from "../../../lib/storage/envelope.ts";
import { denseText, envelopeOf, textMessage } from "../../callbacks.ts";

const SQS_LIMIT = 1024 * 1024;
/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
function isTakenBySqs(text: string): boolean {
	return [...text].every((character) => {
		const point = character.codePointAt(0) ?? 0;
		return (
			[0x9, 0xa, 0xd].includes(point) ||
			(point >= 0x20 && point <= 0xd7ff) ||
			(point >= 0xe000 && point <= 0xfffd) ||
			point >= 0x10000
		);
	});
}

const envelope = (text: string): Envelope =>
	envelopeOf(text, { conformance: "unrecognized", violations: ["/data \uffff"] });

function sizeOf({ body, compressedText }: ReturnType<typeof packEnvelope>): number {
	return Buffer.byteLength(body) + (compressedText?.length ?? 0);
}

test("any text reads back, in characters that SQS takes", { timeout: 30_000 }, () => {
	const anyText = fc.string({ unit: "binary" });
	fc.assert(
		fc.property(anyText, fc.integer({ min: 1, max: 9_000 }), (string, times) => {
			const sent = envelope(JSON.stringify({ [string]: string.repeat(times) }));
			const packed = packEnvelope(sent);
			expect(isTakenBySqs(packed.body)).toBe(true);
			expect(sizeOf(packed)).toBeLessThan(SQS_LIMIT);
			expect(unpackEnvelope(packed)).toEqual(sent);
		}),
	);
});

test.each(["\ufffe\uffff", "😀", "\u0000", '"\\'])("900 KiB of %j fits", (unit) => {
	const literal = JSON.stringify(unit).slice(1, -1);
	const text = `{"a":"${literal.repeat((MAX_BODY_BYTES - 10) / Buffer.byteLength(literal))}"}`;
	const packed = packEnvelope(envelope(text));
	expect(sizeOf(packed)).toBeLessThan(SQS_LIMIT);
	expect(unpackEnvelope(packed).text).toBe(text);
});

test("SQS bills each 64 KB: up to so many bytes a text travels as it is, a longer one as gzip", () => {
	const lengths = [1, 2].map((n) => {
		const given = (text: string) => packEnvelope(envelopeOf(`{"a":"${text}"}`));
		const empty = Buffer.byteLength(given("").body);
		return given("x".repeat(64_000 - empty - 1 + n));
	});
	const [fits, tooLong] = lengths;
	expect([fits?.body.length, fits?.compressedText]).toEqual([64_000, undefined]);
	expect(tooLong?.body.length).toBeLessThan(1_000);
	expect(tooLong?.compressedText?.length).toBeLessThan(1_000);
	// Characters that SQS does not take are written longer than they are.
	const escaped = packEnvelope(envelopeOf(`{"a":"${"😀".repeat(10_000)}"}`));
	expect(escaped.compressedText).toBeDefined();
	expect(escaped.body.length).toBeLessThan(1_000);
});

test("900 KiB that cannot be compressed fits", () => {
	const text = `{"a":"${denseText(MAX_BODY_BYTES - 10)}"}`;
	const packed = packEnvelope(envelope(text));
	expect(sizeOf(packed)).toBeGreaterThan(600_000);
	expect(sizeOf(packed)).toBeLessThan(SQS_LIMIT);
	expect(unpackEnvelope(packed).text).toBe(text);
});

describe("what is no envelope is told without quoting it", () => {
	const sent = envelope(textMessage());
	const changed = (change: object): string =>
		JSON.stringify({ ...sent, row: { ...sent.row, ...change } });

	test.each([
		["secret", "no JSON"],
		["{}", "no text"],
		["null", "no text"],
		['{"text":"secret"}', "row must be object"],
		['{"row":{"pk":"secret"},"text":"secret"}', "row must have required property 'sk'"],
		// Another kind of row, a time that does not sort, a verdict that nobody knows.
		[changed({ pk: "part#secret" }), 'row/pk must match pattern "^(chat|apart)#"'],
		[changed({ sentAt: "secret" }), "row/sentAt must match pattern"],
		[changed({ conformance: "secret" }), "row/conformance must be equal to one of"],
		[JSON.stringify({ ...sent, text: "secret" }), "the text is not the row's"],
	])("%s", (body, reason) => {
		expect(() => unpackEnvelope({ body })).toThrow(`not an envelope: ${reason}`);
		expect(() => unpackEnvelope({ body })).toThrow(/^(?!.*secret)/);
		expect(() => unpackEnvelope({ body })).toThrow(
			expect.objectContaining({ name: "NotAnEnvelope" }),
		);
	});

	test("a text that is no gzip", () => {
		const body = JSON.stringify({ row: sent.row });
		const compressedText = Buffer.from("secret");
		expect(() => unpackEnvelope({ body, compressedText })).toThrow("not an envelope: no gzip");
	});
});
