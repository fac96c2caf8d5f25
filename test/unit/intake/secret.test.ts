import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
	ANYONE,
	isAccepted,
	isSecretShaped,
	placesOf,
	readSealed,
	runsOf,
	sealedOf,
	sealSecret,
} from "../../../lib/intake/secret.ts";

const OLD = "9f1e2d3c4b5a69788796a5b4";
const NEW = "0f1e2d3c4b5a69788796a5b5";
const secret = fc.stringMatching(/^[A-Za-z0-9._~-]{16,128}$/);

describe("who is let in", () => {
	test.each([
		[OLD, true],
		[NEW, true],
		[OLD.toUpperCase(), false],
		[OLD.slice(0, -1), false],
		[`${OLD}x`, false],
		["", false],
		["a-key-0123456789", true],
		[undefined, false],
	])("several at once: %s: %s", (token, accepted) => {
		expect(isAccepted([OLD, NEW, "a-key-0123456789"].map(sealedOf), token)).toBe(accepted);
	});

	test("not one of 5,000 words of the same length", () => {
		const words = Array.from({ length: 5_000 }, (_, n) => `${n}`.padStart(24, "0"));
		expect(words.filter((word) => isAccepted([sealedOf(OLD)], word))).toEqual([]);
	});

	test("nobody when no token is configured", () => {
		expect(ANYONE).not.toBe("");
		expect(isAccepted([], OLD)).toBe(false);
	});

	test.each(["x", undefined])("anyone: %s", (token) => {
		expect(isAccepted(ANYONE, token)).toBe(true);
	});
});

test.each([
	["a".repeat(15), false],
	["a".repeat(16), true],
	["a".repeat(128), true],
	["a".repeat(129), false],
	["with space in it 1", false],
	['with"quote"in-it-1', false],
	["with\\backslash-1-2", false],
	["密钥密钥密钥密钥密钥密钥密钥密钥", false],
	["A-key_of~a.base.URL", true],
])("%s can be a secret: %s", (word, can) => {
	expect(isSecretShaped(word)).toBe(can);
});

test("what is deployed reads back, and has nothing of the secret in it", () => {
	fc.assert(
		fc.property(secret, (word) => {
			expect(readSealed(sealSecret(word))).toEqual(sealedOf(word));
			expect(sealSecret(word)).not.toContain(word);
			expect(sealSecret(word)).toMatch(/^[0-9a-f]{64}\.\d{2,3}\.[0-9a-f]{1,3}$/);
		}),
	);
	for (const odd of [
		"",
		"x",
		sealSecret(OLD).slice(1),
		`x${sealSecret(OLD)}`,
		`${sealSecret(OLD)}x`,
		"a".repeat(64),
	]) {
		expect(readSealed(odd)).toBeUndefined();
	}
});

const startsOf = (word: string, text: string): number[] =>
	placesOf([sealedOf(word)], Buffer.from(text, "latin1")).map(({ start }) => start);

describe("where a secret stands", () => {
	test("all of its places in any text", () => {
		const latin1 = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
		const around = fc.array(fc.string({ unit: latin1 }), { maxLength: 8 });
		fc.assert(
			fc.property(secret, around, (word, pieces) => {
				const text = pieces.join(word);
				const places: number[] = [];
				for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) places.push(at);
				expect(startsOf(word, text)).toEqual(places);
			}),
		);
	});

	test("also where it overlaps itself", () => {
		expect(startsOf("a".repeat(16), "a".repeat(18))).toEqual([0, 1, 2]);
	});

	test("those of several, of any length", () => {
		const both = [OLD, "a-longer.key-of-the-base~url"];
		const text = `${both[1]}x${OLD} ${both[1]}`;
		const found = placesOf(both.map(sealedOf), Buffer.from(text)).map(({ start, end }) =>
			text.slice(start, end),
		);
		expect(found.toSorted()).toEqual([OLD, both[1], both[1]].toSorted());
	});

	test("not where one character differs", () => {
		for (let i = 0; i < OLD.length; i++) {
			const other = `${OLD.slice(0, i)}${OLD[i] === "0" ? "1" : "0"}${OLD.slice(i + 1)}`;
			expect(startsOf(OLD, other)).toEqual([]);
		}
	});

	test("not in another word of the same mark, however often it stands there", () => {
		const other = `${OLD.slice(0, -1)}5`;
		expect(startsOf(OLD, `${other} ${other} ${OLD} ${other} ${OLD}`)).toEqual([50, 100]);
	});

	test("words that are too short are not even looked at", () => {
		const letters = new Uint8Array(256).fill(1, "a".charCodeAt(0), "z".charCodeAt(0) + 1);
		fc.assert(
			fc.property(fc.string({ unit: fc.constantFrom("a", "b", "z", "-") }), (text) => {
				const runs = [...text.matchAll(/[a-z]{3,}/g)];
				expect(runsOf(Buffer.from(text), letters, 3)).toEqual(
					runs.map(({ 0: run, index }) => ({ start: index, end: index + run.length })),
				);
			}),
		);
	});

	test("few other places come into question", () => {
		// 200,000 places, of which one in 4,096 has the mark: what is hashed is counted by its time only
		// in bench/, here by the mark itself.
		const { mark } = sealedOf(OLD);
		const alike = Array.from({ length: 20_000 }, (_, n) => sealedOf(`${n}`.padStart(24, "0")));
		const share = alike.filter((one) => one.mark === mark).length / alike.length;
		expect(share).toBeLessThan(1 / 1_000);
		expect(new Set(alike.map((one) => one.mark)).size).toBeGreaterThan(3_900);
	});
});
