import { expect, test } from "vitest";
import { putWithNet } from "../../../lib/storage/net.ts";
import type { Items } from "../../../lib/storage/record.ts";
import { envelopeOf, textMessage } from "../../callbacks.ts";

const envelope = envelopeOf(textMessage({ chatId: "c" }), { blanked: 2 });
const named = (name: string): Error => Object.assign(new Error("no"), { name });

/** Puts an envelope where the table answers with these, one after the other. */
async function putInto(answers: readonly (Error | "stored" | "duplicate")[], given = envelope) {
	const items: Items[] = [];
	const caught: unknown[] = [];
	const left = [...answers];
	const put = async (one: Items) => {
		items.push(one);
		const answer = left.shift();
		if (answer === undefined || answer instanceof Error) throw answer;
		return answer;
	};
	const outcome = await putWithNet(put, given, 10, (error) => caught.push(error)).catch(
		(error: unknown) => error,
	);
	return { outcome, rows: items.map(({ row }) => row), caught };
}

test("what the table takes is a row as it is", async () => {
	const { outcome, rows, caught } = await putInto(["duplicate"]);
	expect([outcome, caught]).toEqual(["duplicate", []]);
	expect(rows).toMatchObject([{ pk: "chat#c", expiresAt: expect.any(Number) }]);
});

test.each([named("ValidationException"), new TypeError("no"), new RangeError("no")])(
	"what can never be a row, for a %s, is kept as its text alone, and told",
	async (error) => {
		const { outcome, rows, caught } = await putInto([error, "stored"]);
		expect([outcome, caught]).toEqual(["stored", [error]]);
		const [, alone] = rows;
		expect(alone).toMatchObject({
			pk: expect.stringMatching(/^apart#/),
			receivedAt: envelope.row.receivedAt,
			blanked: 2,
			conformance: "unrecognized",
			violations: [`unexpected ${error.name}`],
			message: envelope.text,
			expiresAt: rows[0]?.expiresAt,
		});
		expect(alone).not.toHaveProperty("origin");
	},
);

test("what came from the platform's history stays told as that", async () => {
	const ofHistory = { ...envelope, row: { ...envelope.row, origin: "history" as const } };
	const { rows } = await putInto([new TypeError("no"), "stored"], ofHistory);
	expect(rows[1]).toMatchObject({ origin: "history" });
});

test.each([named("ThrottlingException"), new Error("no"), named("TimeoutError")])(
	"what passes, such as a %s, is thrown, and told to nobody here",
	async (error) => {
		const { outcome, rows, caught } = await putInto([error, "stored"]);
		expect([outcome, rows.length, caught]).toEqual([error, 1, []]);
	},
);

test("what is no error is thrown, too", async () => {
	const put = () => Promise.reject("ValidationException");
	await expect(putWithNet(put, envelope, undefined, () => {})).rejects.toBe("ValidationException");
});
