import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { mistakes } from "../../mistakes/mistakes.ts";
import { withMistake } from "../../mistakes/place.ts";

test("every mistake of the list can still be made, and its tests are there", () => {
	for (const mistake of mistakes) {
		const right = readFileSync(mistake.file, "utf8");
		expect(withMistake(right, mistake)).not.toBe(right);
		const [file, name = ""] = mistake.test;
		expect(existsSync(file), file).toBe(true);
		expect(readFileSync(file, "utf8")).toContain(name);
	}
});
