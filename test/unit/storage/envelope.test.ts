import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_BODY_BYTES } from "../../../lib/intake/body.ts";
import { type Envelope, packEnvelope, unpackEnvelope } from "../../../lib/storage/envelope.ts";
import { denseText } from "../../callbacks.ts";

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

const envelope = (text: string): Envelope => ({
	receivedAt: "2026-01-01T00:00:00.000Z",
	conformance: "unrecognized",
	violations: ["/data \uffff"],
	text,
});

function sizeOf({ body, compressedText }: ReturnType<typeof packEnvelope>): number {
	return Buffer.byteLength(body) + (compressedText?.length ?? 0);
}

test("any text reads back, in characters that SQS takes", () => {
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

test("900 KiB that cannot be compressed fits", () => {
	const text = `{"a":"${denseText(MAX_BODY_BYTES - 10)}"}`;
	const packed = packEnvelope(envelope(text));
	expect(sizeOf(packed)).toBeGreaterThan(600_000);
	expect(sizeOf(packed)).toBeLessThan(SQS_LIMIT);
	expect(unpackEnvelope(packed).text).toBe(text);
});

describe("what is no envelope is told without quoting it", () => {
	test.each(["secret", "{}", "null", '{"receivedAt":"secret"}', '{"text":"secret"}'])(
		"%s",
		(body) => {
			expect(() => unpackEnvelope({ body })).toThrow(/^not an envelope: (?!.*secret)/);
		},
	);

	test("a text that is no JSON", () => {
		const body = JSON.stringify(envelope("secret"));
		expect(() => unpackEnvelope({ body })).toThrow("not an envelope: no JSON");
	});
});
