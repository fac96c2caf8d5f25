import { expect, test } from "vitest";
import { compareConfig } from "../../../lib/history/config.ts";

const env = {
	...{ QUEUE_URL: "https://sqs.example.com/1/messages", TABLE_NAME: "rows" },
	...{ HISTORY_BASE: "https://history.example.com/stream-api", HISTORY_DIALECT: "resold" },
	...{ HISTORY_TOKEN_PARAMETER: "/token", HISTORY_HOURS: "3", HISTORY_CALLS: "60" },
};

test("what the function is told is read", () => {
	expect(compareConfig(env)).toEqual({
		...{ queueUrl: "https://sqs.example.com/1/messages", tableName: "rows" },
		...{ base: new URL("https://history.example.com/stream-api/"), dialect: "resold" },
		...{ tokenParameter: "/token", hours: 3, mostCalls: 60 },
	});
	expect(compareConfig({ ...env, HISTORY_DIALECT: "published" }).dialect).toBe("published");
});

test.each(Object.keys(env).filter((name) => name !== "HISTORY_BASE" && name !== "HISTORY_DIALECT"))(
	"without %s there is none",
	(name) => {
		for (const value of [undefined, ""]) {
			expect(() => compareConfig({ ...env, [name]: value })).toThrow(
				new Error(`configuration: ${name} is missing`),
			);
		}
	},
);

test("every problem is told at once", () => {
	expect(() => compareConfig({})).toThrow(
		new Error(
			`configuration: ${Object.keys(env)
				.map((name) => `${name} is missing`)
				.join(
					"; ",
				)}; HISTORY_BASE must begin with https://; HISTORY_DIALECT must be published or resold`,
		),
	);
	expect(() => compareConfig({ ...env, HISTORY_BASE: "http://history.example.com/" })).toThrow(
		new Error("configuration: HISTORY_BASE must begin with https://"),
	);
	expect(() => compareConfig({ ...env, HISTORY_DIALECT: "printed" })).toThrow(
		new Error("configuration: HISTORY_DIALECT must be published or resold"),
	);
});
