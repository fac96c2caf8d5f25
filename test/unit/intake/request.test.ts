import { describe, expect, test } from "vitest";
import { MAX_BODY_BYTES } from "../../../lib/intake/body.ts";
import { messageOf, readRequest, withNet } from "../../../lib/intake/request.ts";
import { ANYONE, readSealed, type SealedSecret, sealSecret } from "../../../lib/intake/secret.ts";
import { isOfMessage } from "../../../lib/storage/row.ts";
import { textMessage } from "../../callbacks.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const KEY = "a-secret-key-of-the-owner-1";

function sealed(secret: string): SealedSecret {
	const read = readSealed(sealSecret(secret));
	if (read === undefined) throw new Error("not sealed");
	return read;
}

const config = { keys: [sealed(KEY)], credentials: [sealed(TOKEN)] };

const bodies = {
	known: (token: string) => textMessage({ token }),
	unknown: (token: string) => textMessage({ token, type: 42 }),
	"of no JSON": () => "{",
	empty: () => "",
	"too large": () => "x".repeat(MAX_BODY_BYTES + 1),
} as const;

interface Case {
	readonly token: "right" | "wrong" | "none";
	readonly key: "none" | "right" | "wrong";
	readonly path: "message" | "room/joined";
	readonly body: keyof typeof bodies;
	readonly onUnrecognized: "keep" | "refuse";
	readonly isOpen: boolean;
}

/** The README's contract, read as a table: the first line that fits. */
const contract: readonly (readonly [Partial<Case>, string])[] = [
	[{ body: "too large" }, "tooLarge"],
	[{ key: "right", path: "room/joined" }, "callback"],
	[{ key: "right", body: "of no JSON" }, "callback"],
	[{ key: "right", body: "empty" }, "callback"],
	[{ key: "right" }, "message"],
	[{ path: "message", body: "of no JSON" }, "notJson"],
	[{ path: "message", body: "empty" }, "empty"],
	[{ isOpen: false, body: "of no JSON" }, "token"],
	[{ isOpen: false, body: "empty" }, "token"],
	[{ isOpen: false, token: "wrong" }, "token"],
	[{ isOpen: false, token: "none" }, "token"],
	[{ path: "room/joined" }, "callback"],
	[{ body: "unknown", onUnrecognized: "refuse" }, "unrecognized"],
	[{}, "message"],
];

function expectedOf(one: Case): string | undefined {
	const values = new Map<string, unknown>(Object.entries(one));
	return contract.find(([fields]) =>
		Object.entries(fields).every(([name, value]) => values.get(name) === value),
	)?.[1];
}

const cases: Case[] = [];
for (const token of ["right", "wrong", "none"] as const)
	for (const key of ["none", "right", "wrong"] as const)
		for (const path of ["message", "room/joined"] as const)
			for (const body of ["known", "unknown", "of no JSON", "empty", "too large"] as const)
				for (const onUnrecognized of ["keep", "refuse"] as const)
					for (const isOpen of [true, false])
						cases.push({ token, key, path, body, onUnrecognized, isOpen });

test.each([16, 24, 25, 32, 33, 64, 128])(
	"of a token of %i characters each counts",
	async (length) => {
		const token = "0123456789abcdef".repeat(8).slice(0, length);
		const answerTo = async (presented: string): Promise<string> => {
			const { refused = "kept" } = await readRequest(
				{
					...{ method: "POST", path: "/message", query: "", timeEpoch: 1_767_225_602_000 },
					...{ body: textMessage({ token: presented }), isBase64Encoded: false },
				},
				{ keys: [], credentials: [sealed(token)], onUnrecognized: "keep" },
			);
			return refused;
		};
		expect(await answerTo(token)).toBe("kept");
		for (const other of [
			`${token}0`,
			token.slice(0, -1),
			`${token.slice(0, -1)}~`,
			`~${token.slice(1)}`,
		]) {
			expect(await answerTo(other), other).toBe("token");
		}
	},
);

test(`all ${cases.length} combinations of sender, path and body are answered by the contract`, async () => {
	const tokens = { right: TOKEN, wrong: "another-token-0123456789", none: "" };
	const keys = { none: "", right: `${KEY}/`, wrong: "another-key-0123456789/" };
	const outcomes: Record<string, number> = {};
	for (const one of cases) {
		const { envelope, refused } = await readRequest(
			{
				method: "POST",
				path: `/${keys[one.key]}${one.path}`,
				query: "",
				timeEpoch: 1_767_225_602_000,
				body: bodies[one.body](tokens[one.token]),
				isBase64Encoded: false,
			},
			{ ...config, ...(one.isOpen && { credentials: ANYONE }), onUnrecognized: one.onUnrecognized },
		);
		const kept = envelope && (isOfMessage(envelope.row) ? "message" : "callback");
		expect([one, refused ?? kept]).toEqual([one, expectedOf(one)]);
		outcomes[refused ?? kept ?? ""] = (outcomes[refused ?? kept ?? ""] ?? 0) + 1;
		expect(JSON.stringify(envelope ?? {})).not.toContain(TOKEN);
	}
	expect(Object.keys(outcomes).toSorted()).toEqual([
		"callback",
		"empty",
		"message",
		"notJson",
		"token",
		"tooLarge",
		"unrecognized",
	]);
});

const open = { keys: [], credentials: ANYONE, onUnrecognized: "keep" } as const;
const usual = {
	...{ method: "POST", path: "/message", query: "", timeEpoch: 1_767_225_602_000 },
	...{ body: textMessage({ token: TOKEN }), isBase64Encoded: false },
};

test("a callback that is no UTF-8 is kept as its bytes, without the secrets in them", async () => {
	const bytes = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(TOKEN)]);
	const { envelope } = await readRequest(
		{
			...usual,
			path: "/chat",
			query: `token=${TOKEN}`,
			body: bytes.toString("base64"),
			isBase64Encoded: true,
		},
		{ ...open, credentials: [sealed(TOKEN)] },
	);
	expect(envelope?.row).toMatchObject({ encoding: "base64", blanked: 2, query: "token=" });
	expect(Buffer.from(envelope?.text ?? "", "base64")).toEqual(Buffer.from([0xff, 0xfe, 0x2a]));
});

test("a token of the query lets a callback in, and another method than POST is no message", async () => {
	const rules = { ...open, credentials: [sealed(TOKEN)] };
	const asked = { ...usual, method: "GET", body: "", query: `x=1&token=${TOKEN}` };
	expect((await readRequest(asked, rules)).envelope?.row).toMatchObject({
		method: "GET",
		path: "message",
	});
	expect((await readRequest({ ...asked, query: "x=1&token=wrong" }, rules)).refused).toBe("token");
	expect((await readRequest({ ...asked, query: "x=1" }, rules)).refused).toBe("token");
});

test("a URL of 16 KiB is taken, a longer one is none", async () => {
	const ofLength = async (length: number) =>
		(await readRequest({ ...usual, path: "/chat", query: "x".repeat(length - 5) }, open)).refused;
	expect(await ofLength(16 * 1024)).toBeUndefined();
	expect(await ofLength(16 * 1024 + 1)).toBe("tooLarge");
});

test("what arrived when is in the row of a message and of any other callback", async () => {
	for (const path of ["/message", "/chat"]) {
		const { envelope, violations } = await readRequest({ ...usual, path }, open);
		expect(envelope?.row).toMatchObject({ receivedAt: "2026-01-01T00:00:02.000Z" });
		expect(violations).toEqual([]);
	}
});

test("a token that is no text is none, and nothing where data should be ends nothing", async () => {
	const rules = { ...open, credentials: [sealed(TOKEN)] };
	const answerTo = async (body: string) => readRequest({ ...usual, body }, rules);
	const refused = { refused: "token", violations: [] };
	expect(await answerTo('{"data":null}')).toEqual(refused);
	expect(await answerTo('{"data":{"token":7}}')).toEqual(refused);
	expect((await answerTo(`{"data":{"token":7},"token":"${TOKEN}"}`)).refused).toBeUndefined();
});

describe("what is kept has no secret in it, wherever it stood", () => {
	const NEXT = "0f1e2d3c4b5a69788796a5b5";
	const NUMBER = "1234567890123456789";
	const rules = { ...open, keys: [sealed(KEY)], credentials: [TOKEN, NEXT, NUMBER].map(sealed) };
	const said = (fields: object) =>
		JSON.stringify({ data: { ...JSON.parse(usual.body).data, ...fields } });

	test("not the other token or a key", async () => {
		const body = said({ payload: { text: `${NEXT} ${KEY}` } });
		const { envelope } = await readRequest({ ...usual, body }, rules);
		expect(envelope).toMatchObject({ row: { blanked: 3 }, text: expect.stringContaining('"* *"') });
	});

	test("not what was presented where everyone is let in, but for a word of a chat", async () => {
		const kept = async (token: string) => {
			const body = said({ token, payload: { text: `${token} ${KEY}` } });
			return (await readRequest({ ...usual, body }, { ...rules, credentials: ANYONE })).envelope
				?.text;
		};
		expect(await kept(TOKEN)).toContain('"text":"* *"');
		expect(await kept("hello")).toContain('"text":"hello *"');
	});

	test("not in an id, which is read of what is kept", async () => {
		const body = said({ messageId: `a-${TOKEN}` });
		const { envelope } = await readRequest({ ...usual, body, path: `/${KEY}/message` }, rules);
		expect(envelope?.row).toMatchObject({
			...{ messageId: "a-*", type: 7, conformance: "corrected", blanked: 3 },
		});
	});

	test("not in the path, the query or the members of another callback, which stays JSON", async () => {
		const request = { ...usual, path: `/${KEY}/${NEXT}`, query: `a=${NEXT}` };
		const body = `{"token":"short","a":${NUMBER}}`;
		const { envelope } = await readRequest({ ...request, body }, rules);
		expect(envelope).toMatchObject({
			...{ row: { path: "*", query: "a=*", blanked: 5 }, text: '{"token":"","a":0}' },
		});
	});
});

test("a text that our own code fails at is kept, with the word why", async () => {
	const value = {
		get data(): object {
			throw new RangeError("a mistake of ours");
		},
	};
	const around = { receivedAt: "2026-01-01T00:00:02.000Z", blanked: 0 };
	expect(await messageOf({ text: `{"a":"${TOKEN}"}`, value }, [], around)).toMatchObject({
		envelope: {
			row: { conformance: "unrecognized", violations: ["unexpected RangeError"] },
			text: `{"a":"${TOKEN}"}`,
		},
		...{
			violations: ["unexpected RangeError"],
			isUnrecognized: false,
			error: expect.any(RangeError),
		},
	});
});

test("the net catches what our own code does not foresee, and lets all else through", async () => {
	const error = new RangeError("a mistake of ours");
	const thrown = () => Promise.reject(error);
	expect(await withNet(thrown, (caught) => caught)).toBe(error);
	expect(
		await withNet(
			async () => 1,
			() => 2,
		),
	).toBe(1);
});
