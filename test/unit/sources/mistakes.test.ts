import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mistakes } from "../../mistakes/mistakes.ts";
import { withMistake } from "../../mistakes/place.ts";

test("every mistake of the list can still be made, and its tests are there", () => {
	const lost = mistakes.flatMap((mistake) => {
		try {
			const right = readFileSync(mistake.file, "utf8");
			return withMistake(right, mistake) === right ? [mistake.harm] : [];
		} catch (error) {
			return [String(error)];
		}
	});
	expect(lost).toEqual([]);
	for (const mistake of mistakes) {
		const [file, name = ""] = mistake.test;
		expect(existsSync(file), file).toBe(true);
		expect(readFileSync(file, "utf8")).toContain(name);
	}
});
