import fc from "fast-check";

/** The ways in which JSON writes a character, so that a parser reads it. */
const JSON_WAYS: readonly ((unit: string) => string)[] = [
	(unit) => unit,
	(unit) => `\\u${hex(unit, 4)}`,
	(unit) => `\\u${hex(unit, 4).toUpperCase()}`,
];

/** Every way in which something of this field may write a character of ASCII. */
const WAYS: readonly ((unit: string) => string)[] = [
	...JSON_WAYS,
	// JSON in JSON, and once more.
	(unit) => `\\\\u${hex(unit, 4)}`,
	(unit) => `\\\\\\\\u${hex(unit, 4)}`,
	(unit) => `%${hex(unit, 2)}`,
	(unit) => `%25${hex(unit, 2)}`,
	(unit) => `%2525${hex(unit, 2).toUpperCase()}`,
	// A URL whose % is an escape of JSON.
	(unit) => `\\u0025${hex(unit, 2)}`,
];

function hex(unit: string, digits: number): string {
	return unit.charCodeAt(0).toString(16).padStart(digits, "0");
}

/** A word as it may stand in a JSON string: each character spelled in a way of its own. */
export const spelled = (word: string): fc.Arbitrary<string> => spelledIn(WAYS, word);

/** A word as JSON may write it. */
export const spelledInJson = (word: string): fc.Arbitrary<string> => spelledIn(JSON_WAYS, word);

function spelledIn(ways: typeof WAYS, word: string): fc.Arbitrary<string> {
	const plain = { weight: 3, arbitrary: fc.constant(0) };
	return fc
		.array(fc.oneof(plain, fc.nat(ways.length - 1)), {
			minLength: word.length,
			maxLength: word.length,
		})
		.map((chosen) => [...word].map((unit, i) => ways[chosen[i] ?? 0]?.(unit) ?? unit).join(""));
}

/** Takes every layer of writing off, as somebody would who looks for a secret in what was kept. */
export function everyReading(text: string): string[] {
	const readings = [text];
	for (let layer = 0; layer < 6; layer++) {
		const last = readings.at(-1) ?? "";
		readings.push(
			last
				.replace(/\\u([0-9a-fA-F]{4})/g, (_, code) =>
					String.fromCharCode(Number.parseInt(code, 16)),
				)
				.replace(/%([0-9a-fA-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)))
				.replaceAll("\\\\", "\\"),
		);
	}
	const bytes = readings.flatMap((reading) => [
		reading,
		Buffer.from(reading, "base64").toString("latin1"),
		...[1, 2, 3].map((shift) => Buffer.from(reading.slice(shift), "base64").toString("latin1")),
	]);
	return [...bytes, ...bytes.map((reading) => reading.replaceAll("\u0000", ""))];
}
