import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { Pointer } from "rfc6902";
import { describe, expect, test } from "vitest";
import { strictAjv } from "../../../build/validators.ts";
import { normalize } from "../../../lib/message/shape.ts";
import { readTimestamp } from "../../../lib/message/timestamp.ts";
import { judge } from "../../../lib/message/verdict.ts";
import {
	allCorrections,
	correctedSchema,
	payloadRules,
	publishedSchema,
	type Schema,
	typeLabels,
} from "../../../lib/schema/corrected-schema.ts";
import { isCorrected } from "../../../lib/schema/generated/corrected.js";
import { isDocumented } from "../../../lib/schema/generated/documented.js";
import { explain } from "../../../lib/schema/generated/explained.js";
import { runs } from "../../seed.ts";

test("the published schema is kept byte for byte", () => {
	const schema = readFileSync(new URL("../../../lib/schema/message.schema.json", import.meta.url));
	expect(createHash("sha256").update(schema).digest("hex")).toBe(
		"531af4dbef5f379234f855ae32df4c8f62cd18dbff9f381faf59349449e62de1",
	);
});

const message = (type: number, payload: unknown, fields: object = {}): object => ({
	data: { messageId: "m", chatId: "c", timestamp: 1_767_225_602_000, type, payload, ...fields },
});

const CARD = { avatar: "a", friend: true, gender: 1, wxid: "w", name: "n", weixin: "x" };
const MINI = { appid: "a", pagePath: "p", description: "d", username: "u", title: "t" };

/** Whether a message is accepted when only the corrections of the list but these are applied. */
function accepts(body: object, without: readonly string[]): boolean {
	const corrections = allCorrections().filter(({ id }) => !without.includes(id));
	const schema = correctedSchema(publishedSchema(), corrections);
	return (
		strictAjv({ strictTypes: false, strictRequired: false }).compile(schema)(normalize(body)) ===
		true
	);
}

/** Each correction, a body that it lets in, and later corrections that would let it in as well. */
const LETS_IN: readonly (readonly [id: string, body: object, maskedBy?: string])[] = [
	["K02", message(1, { name: "n", fileUrl: "u", size: 1 }), "S03"],
	["K03", message(3, { ...CARD, coworker: true, type: 1 }), "S14"],
	["K04", message(3, { ...CARD, coworker: true, type: 1 }), "S14"],
	["K05", message(5, { imageUrl: "u" }), "S13"],
	["K06", message(7, { text: "t" })],
	["K07", message(9, { ...MINI, url: "u" }), "S05"],
	["K09", message(9999, { roomTopic: "r", invitaterName: "i", avatarUrl: "u" }), "S15"],
	["F01", message(6, { imageUrl: "u", artwork: { url: "u", height: 1, width: 1 } })],
	["F04", message(10_001, { wechatSystemPayloadType: 0, subPayload: {} })],
	["T01", message(7, { text: "t" })],
	["T02", message(7, { text: "t" })],
	["T03", message(7, { text: "t" }, { externalUserId: null })],
	["T04", message(14, { url: "u" })],
	["T05", message(7, { text: "t" }, { source: 15 })],
	["T06", message(7, { text: "t" }, { contactType: 4 })],
	["T07", message(7, { text: "t" }, { messageId: 7 })],
	["S02", message(0, { content: "c", more: 1 })],
	["S03", message(1, { name: "n", fileUrl: "u", more: 1 })],
	["S04", message(14, { url: "u" })],
	["S05", message(9, { title: "t" })],
	["S06", message(8, { name: "n", latitude: 31.1 })],
	["S07", message(12, { title: "t", url: "u" })],
	["S09", message(6, {})],
	["S10", message(2, { url: "u" })],
	["S11", message(13, { videoUrl: "u" })],
	["S12", message(1, { name: "n" })],
	["S13", message(5, {})],
	["S14", message(3, { name: "n" })],
	["S15", message(9999, { roomTopic: "r" })],
	["S16", message(10_000, { type: 4, subPayload: {} })],
	["S17", message(10_001, { wechatSystemPayloadType: 3, subPayload: {} })],
];

/** Each correction that adds a rule, and a body that this rule keeps out. */
const KEEPS_OUT: readonly (readonly [string, object])[] = [
	["K01", message(7, { text: "t" }, { roomWecomChatId: 5 })],
	["K08", message(9, { thumbKey: 5 })],
	[
		"K10",
		message(10_001, {
			wechatSystemPayloadType: 0,
			subPayload: {},
			"ContactInRoomSystemMessage.isSelf": 5,
		}),
	],
	["F02", message(10_000, { type: 6, subPayload: { memberNames: "n" } })],
	["F03", message(10_001, { wechatSystemPayloadType: 0, subPayload: { inviteeList: 5 } })],
	["S01", message(7, { content: "c" })],
	["S08", message(7, { text: "t", pureText: 5 })],
	["R01", message(7, { text: "t" }, { messageId: "" })],
];

describe("corrections", () => {
	test("each one is tested", () => {
		const tested = [...LETS_IN, ...KEEPS_OUT].map(([id]) => id);
		const cosmetic = allCorrections().filter(({ id }) => id.startsWith("C"));
		expect(
			allCorrections()
				.map(({ id }) => id)
				.toSorted(),
		).toEqual([...tested, ...cosmetic.map(({ id }) => id)].toSorted());
		expect(cosmetic).toHaveLength(4);
	});

	const letsIn = LETS_IN.map(([id, body, maskedBy = ""]) => ({ id, body, maskedBy }));
	test.each(letsIn)("$id lets its body in", async ({ id, body, maskedBy }) => {
		expect(accepts(body, [maskedBy])).toBe(true);
		expect(accepts(body, [id, maskedBy])).toBe(false);
		expect((await judge(body)).conformance).toBe("corrected");
	});

	test.each(KEEPS_OUT)("%s keeps its body out", async (id, body) => {
		expect(accepts(body, [])).toBe(false);
		expect(accepts(body, [id])).toBe(true);
		expect((await judge(body)).conformance).toBe("unrecognized");
	});

	test.each(["C01", "C02", "C03", "C04"])("%s rights a title", (id) => {
		const without = allCorrections().filter((correction) => correction.id !== id);
		expect(correctedSchema(publishedSchema(), without)).not.toEqual(correctedSchema());
	});

	test.each(allCorrections())("$id is told in full", (correction) => {
		for (const field of ["pointer", "wrong", "fix", "evidence", "confidence"] as const) {
			expect(correction[field]).not.toBe("");
		}
		expect(Pointer.fromJSON(correction.pointer).get(publishedSchema())).toBeDefined();
	});

	test("another edition of the published schema fails the build", () => {
		const text = JSON.stringify(publishedSchema());
		const edited = (from: string, to: string): Schema => JSON.parse(text.replaceAll(from, to));
		expect(() => correctedSchema(edited('text\\t"', 'text"'))).toThrow("correction K06");
		expect(() =>
			correctedSchema(edited('"timestamp":{"type":"string"', '"timestamp":{"type":"number"')),
		).toThrow("correction T01");
		// Not the first change of its correction.
		expect(() => correctedSchema(edited("roomWecomChatId\\t", "roomWecomChatId"))).toThrow(
			"correction T03",
		);
		expect(() => correctedSchema(edited("当type为7时", "when"))).toThrow("no type is told");
	});
});

test("a type's rule is asked for its type only, and a message without a type is told no other's", () => {
	const validate = strictAjv({ allErrors: true }).compile(correctedSchema());
	const told = (type: number | undefined, payload: unknown): string[] => {
		validate(normalize(JSON.parse(JSON.stringify(message(Number(type), payload, { type })))));
		return (validate.errors ?? []).map(({ instancePath, keyword }) => `${keyword} ${instancePath}`);
	};
	expect(told(7, { text: 5 })).toEqual(["type /data/payload/text", "if /data"]);
	expect(told(7, "text")).toEqual(["type /data/payload", "if /data"]);
	expect(told(7, undefined)).toEqual(["required /data", "if /data"]);
	expect(told(5, {})).toEqual([]);
	expect(told(undefined, { text: 5 })).toEqual(["required /data"]);
	expect(told(15, { text: 5 })).toEqual(["enum /data/type"]);
});

test("types share a rule when it differs in words, not when it differs in a field called as words are", () => {
	const branch = (type: number, title: string, properties: Record<string, Schema>) => ({
		...{ title, description: `当type为${type}时`, properties, "x-apifox-orders": [title] },
	});
	const [text, number] = [{ type: "string" }, { type: "number" }];
	const anyOf = [
		branch(1, "a", { title: { ...text, title: "a", description: "a" }, description: text }),
		branch(2, "b", { title: { ...text, title: "b", description: "b" }, description: text }),
		branch(3, "c", { title: text, description: number }),
		branch(4, "d", { title: number, description: text }),
	];
	const published = { properties: { data: { properties: { type: {}, payload: { anyOf } } } } };
	const corrections = allCorrections().filter(({ id }) => id === "S01");
	const rules = correctedSchema(published, corrections).properties?.data?.allOf;
	expect(rules).toMatchObject(
		[[1, 2], [3], [4]].map((types) => ({ if: { properties: { type: { enum: types } } } })),
	);
});

test("a type has the name that the schema lists", () => {
	expect(typeLabels(correctedSchema())).toMatchObject({ 0: "未知", 7: "文字" });
});

describe("identity", () => {
	test.each([
		["no messageId", { messageId: undefined }],
		["an empty messageId", { messageId: "" }],
		["no chatId", { chatId: undefined }],
		["an empty chatId", { chatId: "" }],
		["no type", { type: undefined }],
		["no timestamp", { timestamp: undefined }],
		["an unusable timestamp", { timestamp: "soon" }],
		["a timestamp of 1970", { timestamp: 1 }],
	])("%s is not corrected", async (_, fields) => {
		expect(
			(await judge(JSON.parse(JSON.stringify(message(7, { text: "t" }, fields))))).conformance,
		).toBe("unrecognized");
	});

	test("every timestamp that the schema accepts is a usable one", () => {
		const candidates = fc.oneof(
			fc.double(),
			fc.integer({ min: -1, max: 3e14 }),
			fc.integer({ min: 0 }).map(String),
			fc.stringMatching(/^\d{9,16}$/),
		);
		fc.assert(
			fc.property(candidates, (timestamp) => {
				if (isCorrected(message(7, { text: "t" }, { timestamp }))) {
					expect(readTimestamp(timestamp)).toBeDefined();
				}
			}),
			{ numRuns: runs(2_000) },
		);
	});
});

/** Bodies that a schema accepts: just the keywords that the published one uses. */
function accepted(schema: Schema): fc.Arbitrary<unknown> {
	if (schema.anyOf) return fc.oneof(...schema.anyOf.map(accepted));
	if (Array.isArray(schema.enum)) return fc.constantFrom(...schema.enum);
	switch (schema.type) {
		case "object": {
			const properties: Record<string, fc.Arbitrary<unknown>> = {};
			for (const [key, one] of Object.entries(schema.properties ?? {}))
				properties[key] = accepted(one);
			return fc.record(properties, { requiredKeys: [...(schema.required ?? [])] });
		}
		case "array":
			return fc.array(fc.string({ maxLength: 3 }), { maxLength: 2 });
		case "number":
			return fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
		case "boolean":
			return fc.boolean();
		default:
			return fc.string({ maxLength: 5 });
	}
}

const documentedBody = accepted(publishedSchema());
const anyMessage = fc
	.record({
		type: fc.constantFrom(
			...payloadRules(
				correctedSchema(
					publishedSchema(),
					allCorrections().filter(({ id }) => id !== "S01"),
				),
			).map(({ type }) => type),
			15,
			42,
			"7",
			null,
		),
		fields: fc.dictionary(
			fc.constantFrom(
				"avatar",
				"source",
				"messageId",
				"isSelf",
				"roomWecomChatId",
				"roomWecomChatId\t",
			),
			fc.jsonValue({ maxDepth: 1 }),
			{ maxKeys: 2 },
		),
		payload: fc.oneof(
			fc.jsonValue({ maxDepth: 2 }),
			fc.dictionary(
				fc.constantFrom(
					"text",
					"text\t",
					"content",
					"url",
					"artwork",
					"artwork.width",
					"subPayload",
					"type",
					"size",
					"duration",
					"wechatSystemPayloadType",
				),
				fc.oneof(fc.string(), fc.nat(6), fc.constant(null), fc.constant({})),
				{ maxKeys: 4 },
			),
		),
	})
	.map(({ type, payload, fields }) =>
		message(Number(type), payload, { ...fields, ...(typeof type !== "number" && { type }) }),
	);

describe("10,000 bodies", () => {
	const RUNS = { numRuns: runs(10_000) };
	const published = strictAjv().compile(publishedSchema());
	const corrected = strictAjv().compile(correctedSchema());

	test("whatever the published schema accepts is documented", { timeout: 60_000 }, async () => {
		await fc.assert(
			fc.asyncProperty(documentedBody, async (body) => {
				expect(published(body)).toBe(true);
				expect((await judge(Object(body))).conformance).toBe("documented");
			}),
			RUNS,
		);
	});

	test("the compiled validators say what Ajv says at run time", { timeout: 60_000 }, () => {
		const seen = new Set<string>();
		fc.assert(
			fc.property(fc.oneof(documentedBody, anyMessage, fc.jsonValue()), (body) => {
				const normalized = normalize(Object(body));
				expect(isDocumented(body)).toBe(published(body));
				expect(isCorrected(normalized)).toBe(corrected(normalized));
				expect(explain(normalized)).toBe(corrected(normalized));
				seen.add(`${published(body)} ${corrected(normalized)}`);
			}),
			RUNS,
		);
		// Otherwise this would compare little.
		expect(seen.size).toBeGreaterThanOrEqual(3);
	});
});
